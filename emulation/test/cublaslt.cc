// Emulated cuBLASLt against a plain loop, for every order, transpose, epilogue and batch that it takes, and what it
// refuses.
#include <cublasLt.h>

#include <array>
#include <cstdlib>
#include <limits>
#include <random>

#include "emulation/libraries/halves.h"
#include "emulation/test/support.h"

namespace dtrain::test {
namespace {

void ok(cublasStatus_t status, std::source_location at = std::source_location::current()) {
  expect(status == CUBLAS_STATUS_SUCCESS, at.file_name(), ":", at.line(), ": ", cublasLtGetStatusName(status));
}
using dtrain::test::ok;

struct Handle {
  Handle() { ok(cublasLtCreate(&handle)); }
  ~Handle() { cublasLtDestroy(handle); }
  cublasLtHandle_t handle;
};

using emulation::BFloat16;
using emulation::Computed;
using emulation::Float16;

template <class T>
constexpr cudaDataType kType = std::is_same_v<T, double>     ? CUDA_R_64F
                               : std::is_same_v<T, Float16>  ? CUDA_R_16F
                               : std::is_same_v<T, BFloat16> ? CUDA_R_16BF
                                                             : CUDA_R_32F;
template <class T>
constexpr bool kDouble = std::is_same_v<T, double>;
template <class T>
constexpr double kTolerance = kDouble<T>                    ? 1e-13
                              : std::is_same_v<T, Float16>  ? 0x1p-10
                              : std::is_same_v<T, BFloat16> ? 0x1p-7
                                                            : 1e-5;
const float kNaN = std::numeric_limits<float>::quiet_NaN();

// A matrix of random values on the host, with elements between the lines that nobody may touch.
template <class T>
struct Matrix {
  Matrix(int64_t rows, int64_t cols, cublasLtOrder_t order, int64_t pad, int batch = 1)
      : rows(rows), cols(cols), order(order), ld((order == CUBLASLT_ORDER_COL ? rows : cols) + pad),
        stride(ld * (order == CUBLASLT_ORDER_COL ? cols : rows)), batch(batch), values(stride * batch) {
    static std::mt19937 engine(1);
    std::uniform_real_distribution<double> uniform(-1, 1);
    for (T& v : values) v = static_cast<T>(uniform(engine));
  }
  T& at(int64_t i, int64_t j, int b = 0) {
    return values[b * stride + (order == CUBLASLT_ORDER_COL ? j * ld + i : i * ld + j)];
  }
  cublasLtMatrixLayout_t layout() const {
    cublasLtMatrixLayout_t out;
    ok(cublasLtMatrixLayoutCreate(&out, kType<T>, rows, cols, ld));
    const int32_t o = order, n = batch;
    ok(cublasLtMatrixLayoutSetAttribute(out, CUBLASLT_MATRIX_LAYOUT_ORDER, &o, sizeof o));
    ok(cublasLtMatrixLayoutSetAttribute(out, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &n, sizeof n));
    ok(cublasLtMatrixLayoutSetAttribute(out, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, &stride, sizeof stride));
    return out;
  }
  int64_t rows, cols;
  cublasLtOrder_t order;
  int64_t ld, stride;
  int batch;
  std::vector<T> values;
};

struct Options {
  cublasOperation_t transA = CUBLAS_OP_N, transB = CUBLAS_OP_N;
  cublasLtEpilogue_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  const void* bias = nullptr;
  cublasLtMatmulAlgo_t* algo = nullptr;
  void* workspace = nullptr;
  size_t workspaceBytes = 0;
};

// The descriptors of one product. Like those of a program, they are gone when the product is computed.
template <class T>
struct Product {
  Product(const Matrix<T>& a, const Matrix<T>& b, const Matrix<T>& c, const Options& o)
      : a(a.layout()), b(b.layout()), c(c.layout()), d(c.layout()) {
    ok(cublasLtMatmulDescCreate(&desc, kDouble<T> ? CUBLAS_COMPUTE_64F : CUBLAS_COMPUTE_32F, kType<Computed<T>>));
    ok(cublasLtMatmulDescSetAttribute(desc, CUBLASLT_MATMUL_DESC_TRANSA, &o.transA, sizeof(int32_t)));
    ok(cublasLtMatmulDescSetAttribute(desc, CUBLASLT_MATMUL_DESC_TRANSB, &o.transB, sizeof(int32_t)));
    ok(cublasLtMatmulDescSetAttribute(desc, CUBLASLT_MATMUL_DESC_EPILOGUE, &o.epilogue, sizeof(uint32_t)));
    ok(cublasLtMatmulDescSetAttribute(desc, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &o.bias, sizeof o.bias));
    ok(cublasLtMatmulPreferenceCreate(&preference));
  }
  ~Product() {
    for (const auto layout : {a, b, c, d}) cublasLtMatrixLayoutDestroy(layout);
    cublasLtMatmulDescDestroy(desc);
    cublasLtMatmulPreferenceDestroy(preference);
  }
  std::vector<cublasLtMatmulHeuristicResult_t> heuristic(const Handle& h, uint64_t workspace, uint32_t alignment) {
    ok(cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &workspace, 8));
    for (const auto which : {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
                             CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES})
      ok(cublasLtMatmulPreferenceSetAttribute(preference, which, &alignment, 4));
    std::vector<cublasLtMatmulHeuristicResult_t> out(8);
    int n = -1;
    const auto status = cublasLtMatmulAlgoGetHeuristic(h.handle, desc, a, b, c, d, preference, 8, out.data(), &n);
    EXPECT((status == CUBLAS_STATUS_SUCCESS) == (n > 0) && (n > 0 || status == CUBLAS_STATUS_NOT_SUPPORTED));
    out.resize(n);
    return out;
  }
  cublasStatus_t run(const Handle& h, Computed<T> alpha, const T* pa, const T* pb, Computed<T> beta, const T* pc, T* pd,
                     const Options& o, cudaStream_t stream) const {
    return cublasLtMatmul(h.handle, desc, &alpha, pa, a, pb, b, &beta, pc, c, pd, d, o.algo, o.workspace,
                          o.workspaceBytes, stream);
  }
  cublasLtMatrixLayout_t a, b, c, d;
  cublasLtMatmulDesc_t desc;
  cublasLtMatmulPreference_t preference;
};

// d = alpha op(a) op(b) + beta c, then the epilogue, by the definition; d begins as a copy of what is on the device.
template <class T>
void define(Matrix<T>& a, Matrix<T>& b, Matrix<T>& c, Matrix<T>& d, double alpha, double beta, const Options& o,
            const std::vector<T>& bias) {
  const int64_t k = o.transA == CUBLAS_OP_N ? a.cols : a.rows;
  for (int n = 0; n < d.batch; n++)
    for (int64_t i = 0; i < d.rows; i++)
      for (int64_t j = 0; j < d.cols; j++) {
        double sum = beta == 0 ? 0 : beta * c.at(i, j, n);
        for (int64_t p = 0; p < k; p++)
          sum += alpha * (o.transA == CUBLAS_OP_N ? a.at(i, p, n) : a.at(p, i, n)) *
                 (o.transB == CUBLAS_OP_N ? b.at(p, j, n) : b.at(j, p, n));
        if (o.epilogue & CUBLASLT_EPILOGUE_BIAS) sum += bias[i];
        if (o.epilogue & CUBLASLT_EPILOGUE_RELU) sum = std::max(sum, 0.0);
        d.at(i, j, n) = static_cast<T>(static_cast<Computed<T>>(sum));
      }
}

template <class T>
void same(const std::vector<T>& got, const std::vector<T>& want, const std::string& what) {
  for (size_t i = 0; i < want.size(); i++)
    if (!(std::isnan(want[i]) && std::isnan(got[i])) && !close(got[i], want[i], kTolerance<T>))
      expect(false, what, ": element ", i, " is ", got[i], ", the definition gives ", want[i]);
}

template <class T>
void checkProducts() {
  const Stream stream;
  const Handle h;
  const cublasLtOrder_t orders[] = {CUBLASLT_ORDER_COL, CUBLASLT_ORDER_ROW};
  const cublasOperation_t ops[] = {CUBLAS_OP_N, CUBLAS_OP_T};
  for (const int64_t m : {1, 5, 33})
    for (const int64_t n : {1, 4, 17})
      for (int bits = 0; bits < 128; bits++) {
        const int64_t k = 1 + (m * n + bits) % 19, pad = bits % 3;
        Options o{ops[bits & 1], ops[bits >> 1 & 1]};
        const auto orderA = orders[bits >> 2 & 1], orderB = orders[bits >> 3 & 1], orderD = orders[bits >> 4 & 1];
        const float alpha = 2, beta = bits >> 5 & 1 ? 0.5F : 0;
        const bool inPlace = bits >> 6 & 1;
        const bool ta = o.transA != CUBLAS_OP_N, tb = o.transB != CUBLAS_OP_N;
        Matrix<T> a(ta ? k : m, ta ? m : k, orderA, pad), b(tb ? n : k, tb ? k : n, orderB, pad), c(m, n, orderD, pad);
        Matrix<T> want = c;
        if (beta == 0) std::ranges::fill(c.values, T(kNaN));  // must not be read
        if (beta == 0 || !inPlace) std::ranges::fill(want.values, T(kNaN));
        T *pa = upload(stream, a.values), *pb = upload(stream, b.values), *pc = upload(stream, c.values);
        T* pd = inPlace ? pc : upload(stream, want.values);
        ok(Product<T>(a, b, c, o).run(h, alpha, pa, pb, beta, pc, pd, o, stream));
        define(a, b, c, want, alpha, beta, o, {});
        const auto got = download(stream, pd, want.values.size());
        same(got, want.values, str("m ", m, " n ", n, " k ", k, " case ", bits));
        for (T* p : {pa, pb, pc}) ok(cudaFreeAsync(p, stream));
        if (!inPlace) ok(cudaFreeAsync(pd, stream));
      }
}

TEST("emulated cuBLASLt: float32 equals a plain loop") { checkProducts<float>(); }
TEST("emulated cuBLASLt: float64 equals a plain loop") { checkProducts<double>(); }
TEST("emulated cuBLASLt: float16 equals a plain loop") { checkProducts<Float16>(); }
TEST("emulated cuBLASLt: bfloat16 equals a plain loop") { checkProducts<BFloat16>(); }

TEST("emulated libraries: halves are rounded to nearest, ties to even") {
  const auto same = [](float x, uint16_t f16, uint16_t bf16) {
    return Float16(x).bits == f16 && BFloat16(x).bits == bf16;
  };
  EXPECT(same(1, 0x3c00, 0x3f80) && same(-2.5F, 0xc100, 0xc020) && same(0, 0, 0) && same(-0.0F, 0x8000, 0x8000));
  EXPECT(same(1 + 0x1p-11F, 0x3c00, 0x3f80) && same(1 + 3 * 0x1p-11F, 0x3c02, 0x3f80));  // ties of float16
  EXPECT(same(1 + 0x1p-8F, 0x3c04, 0x3f80) && same(1 + 3 * 0x1p-8F, 0x3c0c, 0x3f82));    // of bfloat16
  EXPECT(same(65504, 0x7bff, 0x4780) && same(65519, 0x7bff, 0x4780) && same(65520, 0x7c00, 0x4780));
  EXPECT(same(0x1p-14F, 0x0400, 0x3880) && same(0x1p-24F, 1, 0x3380) && same(0x1p-25F, 0, 0x3300));
  EXPECT(same(1023.5F * 0x1p-24F, 0x0400, 0x3880) && same(INFINITY, 0x7c00, 0x7f80) && same(kNaN, 0x7e00, 0x7fc0));
  for (int bits = 0; bits < 0x10000; bits++) {
    Float16 f16;
    BFloat16 bf16;
    f16.bits = bf16.bits = static_cast<uint16_t>(bits);
    EXPECT(std::isnan(f16) || Float16(float{f16}).bits == bits);
    EXPECT(std::isnan(bf16) || BFloat16(float{bf16}).bits == bits);
  }
}

TEST("emulated cuBLASLt: halves are added up in float32 and rounded once, with the bias") {
  const Stream stream;
  const Handle h;
  // 2048 + 1 + 1 + 1 + 0.5, which is 2052 rounded once, and 2048 where every sum is rounded
  Matrix<Float16> a(2, 4, CUBLASLT_ORDER_COL, 0), b(4, 2, CUBLASLT_ORDER_COL, 0), c(2, 2, CUBLASLT_ORDER_COL, 0);
  std::ranges::fill(a.values, Float16(1));
  b.values = {2048.F, 1.F, 1.F, 1.F, 2048.F, 1.F, 1.F, 1.F};
  const Float16* bias = upload(stream, std::vector<Float16>{0.5F, 0.5F});
  const Options o{.epilogue = CUBLASLT_EPILOGUE_BIAS, .bias = bias};
  Float16* d = zeros<Float16>(stream, 4);
  ok(Product<Float16>(a, b, c, o).run(h, 1, upload(stream, a.values), upload(stream, b.values), 0, d, d, o, stream));
  for (const float v : download(stream, d, 4)) EXPECT(v == 2052);
}

TEST("emulated cuBLASLt: epilogues and strided batches") {
  const Stream stream;
  const Handle h;
  for (const auto order : {CUBLASLT_ORDER_COL, CUBLASLT_ORDER_ROW})
    for (const auto epilogue : {CUBLASLT_EPILOGUE_BIAS, CUBLASLT_EPILOGUE_RELU, CUBLASLT_EPILOGUE_RELU_BIAS}) {
      Matrix<float> a(3, 4, order, 0, 5), b(4, 2, order, 1, 5), c(3, 2, order, 2, 5), want = c;
      const std::vector<float> bias{0.5F, -2, 3};
      float *pa = upload(stream, a.values), *pb = upload(stream, b.values), *pc = upload(stream, c.values);
      const float* pbias = upload(stream, bias);
      const Options o{CUBLAS_OP_N, CUBLAS_OP_N, epilogue, pbias};
      ok(Product<float>(a, b, c, o).run(h, 1, pa, pb, 0, pc, pc, o, stream));
      define(a, b, c, want, 1, 0, o, bias);
      same(download(stream, pc, want.values.size()), want.values, "epilogue");
    }
}

TEST("emulated cuBLASLt: an algorithm gets the workspace and the alignment it was promised") {
  const Stream stream;
  const Handle h;
  Matrix<float> a(8, 4, CUBLASLT_ORDER_COL, 0), b(4, 8, CUBLASLT_ORDER_COL, 0), c(8, 8, CUBLASLT_ORDER_COL, 0),
      want = c;
  Options o;
  Product<float> product(a, b, c, o);
  const auto all = product.heuristic(h, 1 << 20, 256);
  EXPECT(all.size() == 3 && all[0].workspaceSize == 256 && all[1].workspaceSize == 0);
  EXPECT(product.heuristic(h, 255, 256).size() == 2);  // the workspace is too small for the first
  EXPECT(product.heuristic(h, 1 << 20, 4).size() == 1);
  EXPECT(product.heuristic(h, 1 << 20, 2).empty());

  float *pa = upload(stream, std::vector<float>(40)), *pb = upload(stream, b.values), *pc = upload(stream, c.values);
  auto* workspace = zeros<float>(stream, 64);
  o.algo = const_cast<cublasLtMatmulAlgo_t*>(&all[0].algo);
  const auto run = [&](const float* at) { return product.run(h, 1, at, pb, 0, pc, pc, o, stream); };
  EXPECT(run(pa) == CUBLAS_STATUS_INVALID_VALUE);  // no workspace
  o.workspace = workspace;
  o.workspaceBytes = 255;
  EXPECT(run(pa) == CUBLAS_STATUS_INVALID_VALUE);  // too small
  o.workspaceBytes = 256;
  EXPECT(run(pa + 1) == CUBLAS_STATUS_INVALID_VALUE);  // not aligned to 16
  ok(run(pa));
  for (const float v : download(stream, workspace, 64)) EXPECT(std::isnan(v));
  o = {};
  o.algo = const_cast<cublasLtMatmulAlgo_t*>(&all[2].algo);
  ok(run(pa + 1));  // the third needs nothing
  cublasLtMatmulAlgo_t garbage{};
  o.algo = &garbage;
  EXPECT(run(pa) == CUBLAS_STATUS_INVALID_VALUE);
  stream.wait();
}

TEST("emulated cuBLASLt: a bias is added to matrices only, and is aligned as it was when the algorithm was chosen") {
  isolated("emulated cuBLASLt: a bias is added to matrices only", {}, [] {
    const Stream stream;
    const Handle h;
    auto* p = zeros<float>(stream, 256);
    const auto product = [&](int64_t m, int64_t n, int64_t k, Options& o) {
      return Product<float>(Matrix<float>(m, k, CUBLASLT_ORDER_COL, 0), Matrix<float>(k, n, CUBLASLT_ORDER_COL, 0),
                            Matrix<float>(m, n, CUBLASLT_ORDER_COL, 0), o);
    };
    Options o{.epilogue = CUBLASLT_EPILOGUE_BIAS, .bias = p};
    for (const auto& [m, n, k] : {std::array{1, 4, 4}, {4, 1, 4}, {4, 4, 1}}) {
      auto x = product(m, n, k, o);
      cublasLtMatmulHeuristicResult_t result;
      int found = 0;
      EXPECT(cublasLtMatmulAlgoGetHeuristic(h.handle, x.desc, x.a, x.b, x.c, x.d, x.preference, 1, &result, &found) ==
             CUBLAS_STATUS_INVALID_VALUE);
      EXPECT(x.run(h, 1, p, p, 0, p + 64, p + 64, o, stream) == CUBLAS_STATUS_INVALID_VALUE);
    }
    auto x = product(4, 4, 4, o);
    auto chosen = x.heuristic(h, 0, 256);
    o.algo = &chosen.front().algo;
    ok(x.run(h, 1, p, p, 0, p + 64, p + 64, o, stream));
    const float* shifted = p + 1;
    ok(cublasLtMatmulDescSetAttribute(x.desc, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &shifted, sizeof shifted));
    ok(x.run(h, 1, p, p, 0, p + 64, p + 64, o, stream));
    refused(cudaStreamSynchronize(stream), cudaErrorMisalignedAddress, "is not aligned to 16 bytes");
  });
}

TEST("emulated cuBLASLt: heuristics and products that are told to fail") {
  for (const char* fault : {"heuristic times=2", "algorithm times=2", "matmul times=1"})
    isolated("emulated cuBLASLt: heuristics and products", {str("DTRAIN_EMULATION_FAULT=", fault)}, [] {
      const Stream stream;
      const Handle h;
      const std::string kind = std::getenv("DTRAIN_EMULATION_FAULT");
      Matrix<float> a(4, 4, CUBLASLT_ORDER_COL, 0);
      auto* p = zeros<float>(stream, 64);
      Product<float> x(a, a, a, {});
      cublasLtMatmulHeuristicResult_t result;
      for (int call = 1; call <= 3; call++) {
        int found = -1;
        const bool fails = call <= 2 && kind[0] != 'm';
        EXPECT(cublasLtMatmulAlgoGetHeuristic(h.handle, x.desc, x.a, x.b, x.c, x.d, x.preference, 1, &result, &found) ==
               (fails && kind[0] == 'h' ? CUBLAS_STATUS_NOT_SUPPORTED : CUBLAS_STATUS_SUCCESS));
        EXPECT(found == (fails ? 0 : 1));
        EXPECT(x.run(h, 1, p, p, 0, p + 32, p + 32, {}, stream) ==
               (call == 1 && kind[0] == 'm' ? CUBLAS_STATUS_NOT_SUPPORTED : CUBLAS_STATUS_SUCCESS));
      }
      stream.wait();
    });
}

TEST("emulated cuBLASLt: TF32 rounds float32 to 10 bits of mantissa where it is allowed") {
  const Stream stream;
  const Handle h;
  Matrix<float> one(1, 1, CUBLASLT_ORDER_COL, 0);
  const float fine = 1 + 0x1p-11F + 0x1p-20F, coarse = 1 + 0x1p-10F;
  const float *a = upload(stream, std::vector<float>{fine}), *b = upload(stream, std::vector<float>{1});
  auto* c = zeros<float>(stream, 1);
  for (const auto compute : {CUBLAS_COMPUTE_32F, CUBLAS_COMPUTE_32F_FAST_TF32}) {
    Product<float> x(one, one, one, {});
    const int32_t type = compute;
    ok(cublasLtMatmulDescSetAttribute(x.desc, CUBLASLT_MATMUL_DESC_COMPUTE_TYPE, &type, sizeof type));
    ok(x.run(h, 1, a, b, 0, c, c, {}, stream));
    EXPECT(download(stream, c, 1)[0] == (compute == CUBLAS_COMPUTE_32F ? fine : coarse));
  }
}

TEST("emulated cuBLASLt: scalars are read during the call, operands in the stream's turn") {
  const Stream stream;
  const Handle h;
  Matrix<double> a(1, 1, CUBLASLT_ORDER_COL, 0);
  double *pa = upload(stream, std::vector<double>{3}), *pc = zeros<double>(stream, 1);
  const Product<double> product(a, a, a, {});
  double alpha = 2, beta = 0;
  std::vector<double> later{5};
  {
    Gate gate(stream);
    ok(cudaMemcpyAsync(pa, later.data(), sizeof(double), cudaMemcpyDefault, stream));
    ok(cublasLtMatmul(h.handle, product.desc, &alpha, pa, product.a, pa, product.b, &beta, pc, product.c, pc, product.d,
                      nullptr, nullptr, 0, stream));
    alpha = 1000;
  }
  EXPECT(download(stream, pc, 1)[0] == 50);
}

TEST("emulated cuBLASLt: refuses what the real one refuses") {
  const Stream stream;
  const Handle h;
  Matrix<float> a(4, 4, CUBLASLT_ORDER_COL, 0);
  const float* p = zeros<float>(stream, 16);
  auto* out = zeros<float>(stream, 16);
  const auto run = [&](auto&& change) {
    Product<float> product(a, a, a, {});
    change(product);
    return product.run(h, 1, p, p, 0, out, out, {}, stream);
  };
  const auto layout = [](cublasLtMatrixLayout_t x, cublasLtMatrixLayoutAttribute_t what, auto value) {
    ok(cublasLtMatrixLayoutSetAttribute(x, what, &value, sizeof value));
  };
  const auto desc = [](cublasLtMatmulDesc_t x, cublasLtMatmulDescAttributes_t what, auto value) {
    ok(cublasLtMatmulDescSetAttribute(x, what, &value, sizeof value));
  };
  ok(run([](auto&) {}));
  const auto invalid = CUBLAS_STATUS_INVALID_VALUE, unsupported = CUBLAS_STATUS_NOT_SUPPORTED;
  EXPECT(run([&](auto& x) { layout(x.a, CUBLASLT_MATRIX_LAYOUT_LD, int64_t{3}); }) == invalid);
  EXPECT(run([&](auto& x) { layout(x.b, CUBLASLT_MATRIX_LAYOUT_COLS, uint64_t{3}); }) == invalid);
  EXPECT(run([&](auto& x) { layout(x.a, CUBLASLT_MATRIX_LAYOUT_ROWS, uint64_t{0}); }) == invalid);
  EXPECT(run([&](auto& x) { layout(x.c, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, int32_t{2}); }) == invalid);
  EXPECT(run([&](auto& x) { layout(x.a, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, int32_t{65536}); }) == unsupported);
  EXPECT(run([&](auto& x) { layout(x.a, CUBLASLT_MATRIX_LAYOUT_TYPE, uint32_t{CUDA_R_16F}); }) == unsupported);
  EXPECT(run([&](auto& x) {  // integers
           for (const auto m : {x.a, x.b, x.c, x.d}) layout(m, CUBLASLT_MATRIX_LAYOUT_TYPE, uint32_t{CUDA_R_8I});
         }) == unsupported);
  EXPECT(run([&](auto& x) { layout(x.a, CUBLASLT_MATRIX_LAYOUT_ORDER, int32_t{CUBLASLT_ORDER_COL32}); }) ==
         unsupported);
  EXPECT(run([&](auto& x) { layout(x.c, CUBLASLT_MATRIX_LAYOUT_ORDER, int32_t{CUBLASLT_ORDER_ROW}); }) == unsupported);
  EXPECT(run([&](auto& x) { desc(x.desc, CUBLASLT_MATMUL_DESC_SCALE_TYPE, int32_t{CUDA_R_64F}); }) == unsupported);
  EXPECT(run([&](auto& x) { desc(x.desc, CUBLASLT_MATMUL_DESC_EPILOGUE, uint32_t{CUBLASLT_EPILOGUE_GELU}); }) ==
         unsupported);
  EXPECT(run([&](auto& x) { desc(x.desc, CUBLASLT_MATMUL_DESC_EPILOGUE, uint32_t{CUBLASLT_EPILOGUE_BIAS}); }) ==
         invalid);  // no bias
  EXPECT(run([&](auto& x) { desc(x.desc, CUBLASLT_MATMUL_DESC_TRANSA, int32_t{7}); }) == invalid);

  Product<float> product(a, a, a, {});
  const int16_t half = 0;
  EXPECT(cublasLtMatmulDescSetAttribute(product.desc, CUBLASLT_MATMUL_DESC_TRANSA, &half, sizeof half) == invalid);
  EXPECT(cublasLtMatrixLayoutSetAttribute(product.a, CUBLASLT_MATRIX_LAYOUT_LD, nullptr, 8) == invalid);
  EXPECT(product.run(h, 1, nullptr, p, 0, out, out, {}, stream) == invalid);
  EXPECT(product.run(h, 1, p, p, 0, out, out, {}, nullptr) == CUBLAS_STATUS_EXECUTION_FAILED);  // no default stream
  ok(cudaSetDevice(1));
  const Handle elsewhere;
  ok(cudaSetDevice(0));
  EXPECT(product.run(elsewhere, 1, p, p, 0, out, out, {}, stream) == CUBLAS_STATUS_EXECUTION_FAILED);
  EXPECT(cublasLtGetVersion() == CUBLAS_VERSION);
  stream.wait();
}

TEST("emulated cuBLASLt: an operand that is too short costs the device") {
  isolated("emulated cuBLASLt: an operand that is too short costs the device", {}, [] {
    const Stream stream;
    const Handle h;
    Matrix<float> a(1024, 1024, CUBLASLT_ORDER_COL, 0);
    float *p = zeros<float>(stream, 1024 * 1024), *shorter = zeros<float>(stream, 1024 * 1024 - 1);
    ok(Product<float>(a, a, a, {}).run(h, 1, p, p, 0, shorter, shorter, {}, stream));
    refused(cudaStreamSynchronize(stream), cudaErrorIllegalAddress, "cublasLtMatmul: D is not in device memory");
  });
}

}  // namespace
}  // namespace dtrain::test
