// Emulated cuDNN against the definition of convolution, for every algorithm it has, and what it refuses. The three
// results follow from one loop over all products: y += w x, dx += w dy, dw += x dy.
#include <cudnn.h>

#include <limits>
#include <random>
#include <set>

#include "emulation/libraries/halves.h"
#include "emulation/test/support.h"

namespace dtrain::test {
namespace {

void ok(cudnnStatus_t status, std::source_location at = std::source_location::current()) {
  if (status == CUDNN_STATUS_SUCCESS) return;
  char why[256];
  cudnnGetLastErrorString(why, sizeof why);
  expect(false, at.file_name(), ":", at.line(), ": ", cudnnGetErrorString(status), ": ", why);
}
using dtrain::test::ok;

using emulation::BFloat16;
using emulation::Computed;
using emulation::Float16;

struct Shape {
  int n, c, h, w, f, r, s, groups;
  int pad[2], stride[2], dilation[2];
  int oh() const { return 1 + (h + 2 * pad[0] - (r - 1) * dilation[0] - 1) / stride[0]; }
  int ow() const { return 1 + (w + 2 * pad[1] - (s - 1) * dilation[1] - 1) / stride[1]; }
};

const Shape kShapes[] = {
    {1, 1, 1, 1, 1, 1, 1, 1, {0, 0}, {1, 1}, {1, 1}}, {2, 3, 6, 5, 4, 3, 3, 1, {1, 1}, {1, 1}, {1, 1}},
    {3, 4, 7, 9, 6, 3, 2, 2, {2, 0}, {2, 3}, {1, 1}}, {2, 4, 8, 8, 4, 3, 3, 4, {2, 2}, {1, 2}, {2, 2}},
    {2, 2, 5, 5, 3, 5, 5, 1, {0, 0}, {1, 1}, {1, 1}},
};

struct Handle {
  explicit Handle(cudaStream_t stream) {
    ok(cudnnCreate(&handle));
    ok(cudnnSetStream(handle, stream));
  }
  ~Handle() { cudnnDestroy(handle); }
  operator cudnnHandle_t() const { return handle; }
  cudnnHandle_t handle;
};

template <class T>
struct Descriptors {
  static constexpr cudnnDataType_t kType = std::is_same_v<T, double>     ? CUDNN_DATA_DOUBLE
                                           : std::is_same_v<T, Float16>  ? CUDNN_DATA_HALF
                                           : std::is_same_v<T, BFloat16> ? CUDNN_DATA_BFLOAT16
                                                                         : CUDNN_DATA_FLOAT;
  explicit Descriptors(const Shape& s, cudnnMathType_t math = CUDNN_FMA_MATH) {
    ok(cudnnCreateTensorDescriptor(&x));
    ok(cudnnCreateTensorDescriptor(&y));
    ok(cudnnCreateFilterDescriptor(&w));
    ok(cudnnCreateConvolutionDescriptor(&conv));
    ok(cudnnSetTensor4dDescriptor(x, CUDNN_TENSOR_NCHW, kType, s.n, s.c, s.h, s.w));
    ok(cudnnSetTensor4dDescriptor(y, CUDNN_TENSOR_NCHW, kType, s.n, s.f, s.oh(), s.ow()));
    ok(cudnnSetFilter4dDescriptor(w, kType, CUDNN_TENSOR_NCHW, s.f, s.c / s.groups, s.r, s.s));
    ok(cudnnSetConvolution2dDescriptor(conv, s.pad[0], s.pad[1], s.stride[0], s.stride[1], s.dilation[0], s.dilation[1],
                                       CUDNN_CROSS_CORRELATION,
                                       std::is_same_v<T, double> ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT));
    ok(cudnnSetConvolutionGroupCount(conv, s.groups));
    ok(cudnnSetConvolutionMathType(conv, math));
  }
  ~Descriptors() {
    cudnnDestroyTensorDescriptor(x);
    cudnnDestroyTensorDescriptor(y);
    cudnnDestroyFilterDescriptor(w);
    cudnnDestroyConvolutionDescriptor(conv);
  }
  cudnnTensorDescriptor_t x, y;
  cudnnFilterDescriptor_t w;
  cudnnConvolutionDescriptor_t conv;
};

template <class T>
std::vector<T> random(size_t n) {
  static std::mt19937 engine(1);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<T> out(n);
  for (T& v : out) v = static_cast<T>(uniform(engine));
  return out;
}

// Calls f(index in x, index in w, index in y) for every product that a convolution adds up.
template <class F>
void forEachProduct(const Shape& s, F&& f) {
  const int fg = s.f / s.groups, cg = s.c / s.groups;
  for (int n = 0; n < s.n; n++)
    for (int k = 0; k < s.f; k++)
      for (int p = 0; p < s.oh(); p++)
        for (int q = 0; q < s.ow(); q++)
          for (int c = 0; c < cg; c++)
            for (int r = 0; r < s.r; r++)
              for (int t = 0; t < s.s; t++) {
                const int i = p * s.stride[0] + r * s.dilation[0] - s.pad[0];
                const int j = q * s.stride[1] + t * s.dilation[1] - s.pad[1];
                if (i < 0 || i >= s.h || j < 0 || j >= s.w) continue;
                f(((n * s.c + k / fg * cg + c) * s.h + i) * s.w + j, ((k * cg + c) * s.r + r) * s.s + t,
                  ((n * s.f + k) * s.oh() + p) * s.ow() + q);
              }
}

// One convolution with its tensors on the device: x, w and y in this order.
template <class T>
struct Convolution {
  Convolution(const Shape& s, cudaStream_t stream)
      : shape(s), stream(stream), host{random<T>(s.n * s.c * s.h * s.w), random<T>(s.f * s.c / s.groups * s.r * s.s),
                                       random<T>(s.n * s.f * s.oh() * s.ow())} {
    for (int i = 0; i < 3; i++) device[i] = upload(stream, host[i]);
  }
  ~Convolution() {
    for (T* p : device) cudaFreeAsync(p, stream);
  }
  // out = alpha (the two others) + beta out, by the definition
  std::vector<double> define(int out, double alpha, double beta) const {
    std::vector<double> want(host[out].size());
    for (size_t i = 0; i < want.size(); i++) want[i] = beta == 0 ? 0 : beta * host[out][i];
    forEachProduct(shape, [&](int x, int w, int y) {
      const int at[] = {x, w, y}, a = out == 0 ? 1 : 0, b = out == 2 ? 1 : 2;
      want[at[out]] += alpha * host[a][at[a]] * host[b][at[b]];
    });
    return want;
  }
  Shape shape;
  cudaStream_t stream;
  std::vector<T> host[3];
  T* device[3];
};

// The functions of one direction under one name: which tensor they compute, what they recommend, how they run.
struct Forward {
  static constexpr int out = 2;
  using Perf = cudnnConvolutionFwdAlgoPerf_t;
  template <class T>
  static cudnnStatus_t recommend(cudnnHandle_t h, const Descriptors<T>& d, int asked, int* n, Perf* perf) {
    return cudnnGetConvolutionForwardAlgorithm_v7(h, d.x, d.w, d.conv, d.y, asked, n, perf);
  }
  template <class T, class Algo>
  static cudnnStatus_t workspace(cudnnHandle_t h, const Descriptors<T>& d, Algo algo, size_t* bytes) {
    return cudnnGetConvolutionForwardWorkspaceSize(h, d.x, d.w, d.conv, d.y, algo, bytes);
  }
  template <class T, class Algo>
  static cudnnStatus_t run(cudnnHandle_t h, const Descriptors<T>& d, Computed<T> alpha, T* const* at, Algo algo,
                           void* workspace, size_t bytes, Computed<T> beta) {
    return cudnnConvolutionForward(h, &alpha, d.x, at[0], d.w, at[1], d.conv, algo, workspace, bytes, &beta, d.y,
                                   at[2]);
  }
};

struct BackwardData {
  static constexpr int out = 0;
  using Perf = cudnnConvolutionBwdDataAlgoPerf_t;
  template <class T>
  static cudnnStatus_t recommend(cudnnHandle_t h, const Descriptors<T>& d, int asked, int* n, Perf* perf) {
    return cudnnGetConvolutionBackwardDataAlgorithm_v7(h, d.w, d.y, d.conv, d.x, asked, n, perf);
  }
  template <class T, class Algo>
  static cudnnStatus_t workspace(cudnnHandle_t h, const Descriptors<T>& d, Algo algo, size_t* bytes) {
    return cudnnGetConvolutionBackwardDataWorkspaceSize(h, d.w, d.y, d.conv, d.x, algo, bytes);
  }
  template <class T, class Algo>
  static cudnnStatus_t run(cudnnHandle_t h, const Descriptors<T>& d, Computed<T> alpha, T* const* at, Algo algo,
                           void* workspace, size_t bytes, Computed<T> beta) {
    return cudnnConvolutionBackwardData(h, &alpha, d.w, at[1], d.y, at[2], d.conv, algo, workspace, bytes, &beta, d.x,
                                        at[0]);
  }
};

struct BackwardFilter {
  static constexpr int out = 1;
  using Perf = cudnnConvolutionBwdFilterAlgoPerf_t;
  template <class T>
  static cudnnStatus_t recommend(cudnnHandle_t h, const Descriptors<T>& d, int asked, int* n, Perf* perf) {
    return cudnnGetConvolutionBackwardFilterAlgorithm_v7(h, d.x, d.y, d.conv, d.w, asked, n, perf);
  }
  template <class T, class Algo>
  static cudnnStatus_t workspace(cudnnHandle_t h, const Descriptors<T>& d, Algo algo, size_t* bytes) {
    return cudnnGetConvolutionBackwardFilterWorkspaceSize(h, d.x, d.y, d.conv, d.w, algo, bytes);
  }
  template <class T, class Algo>
  static cudnnStatus_t run(cudnnHandle_t h, const Descriptors<T>& d, Computed<T> alpha, T* const* at, Algo algo,
                           void* workspace, size_t bytes, Computed<T> beta) {
    return cudnnConvolutionBackwardFilter(h, &alpha, d.x, at[0], d.y, at[2], d.conv, algo, workspace, bytes, &beta, d.w,
                                          at[1]);
  }
};

template <class Direction, class T>
std::vector<typename Direction::Perf> recommended(cudnnHandle_t handle, const Descriptors<T>& d) {
  std::vector<typename Direction::Perf> out(16);
  int n = 0;
  ok(Direction::recommend(handle, d, 16, &n, out.data()));
  out.resize(n);
  return out;
}

template <class T>
constexpr double kTolerance = std::is_same_v<T, double>     ? 1e-12
                              : std::is_same_v<T, Float16>  ? 0x1p-10
                              : std::is_same_v<T, BFloat16> ? 0x1p-7
                                                            : 1e-4;

template <class Direction, class T>
void checkDirection() {
  const Stream stream;
  const Handle handle(stream);
  std::set<int> deterministic, workspaces;
  for (const Shape& shape : kShapes) {
    const Descriptors<T> d(shape);
    bool unsupported = false;
    for (const auto& perf : recommended<Direction>(handle, d)) {
      size_t bytes = 77;
      const auto status = Direction::workspace(handle, d, perf.algo, &bytes);
      EXPECT(status == perf.status);
      if (status != CUDNN_STATUS_SUCCESS) {
        unsupported = true;
        continue;
      }
      EXPECT(!unsupported && bytes == perf.memory && perf.mathType == CUDNN_FMA_MATH);  // supported ones come first
      deterministic.insert(perf.determinism);
      workspaces.insert(bytes > 0);
      for (const double beta : {0.0, 0.5}) {
        Convolution<T> c(shape, stream);
        const auto want = c.define(Direction::out, 2, beta);
        if (beta == 0)  // then the output must not be read: NaN
          ok(cudaMemsetAsync(c.device[Direction::out], 0xff, want.size() * sizeof(T), stream));
        auto* workspace = zeros<char>(stream, bytes + 1);
        const auto run = [&](size_t given) {
          return Direction::template run<T>(handle, d, 2, c.device, perf.algo, given ? workspace : nullptr, given,
                                            static_cast<Computed<T>>(beta));
        };
        if (bytes > 0) EXPECT(run(bytes - 1) != CUDNN_STATUS_SUCCESS && run(0) != CUDNN_STATUS_SUCCESS);
        ok(run(bytes));
        const auto got = download(stream, c.device[Direction::out], want.size());
        for (size_t i = 0; i < want.size(); i++)
          if (!close(got[i], want[i], kTolerance<T>))
            expect(false, "algorithm ", static_cast<int>(perf.algo), " element ", i, ": ", got[i], ", not ", want[i]);
        const auto used = download(stream, workspace, bytes + 1);
        EXPECT(std::all_of(used.begin(), used.end() - 1, [](char c) { return c == char(0xff); }));
        EXPECT(used[bytes] == 0);
        ok(cudaFreeAsync(workspace, stream));
      }
    }
    EXPECT(unsupported);
  }
  EXPECT(deterministic.contains(CUDNN_DETERMINISTIC) && workspaces.size() == 2);
}

TEST("emulated cuDNN: forward convolution equals the definition") {
  checkDirection<Forward, float>();
  checkDirection<Forward, double>();
  checkDirection<Forward, Float16>();
  checkDirection<Forward, BFloat16>();
}
TEST("emulated cuDNN: backward data equals the definition") {
  checkDirection<BackwardData, float>();
  checkDirection<BackwardData, double>();
  checkDirection<BackwardData, Float16>();
  checkDirection<BackwardData, BFloat16>();
}
TEST("emulated cuDNN: backward filter equals the definition") {
  checkDirection<BackwardFilter, float>();
  checkDirection<BackwardFilter, double>();
  checkDirection<BackwardFilter, Float16>();
  checkDirection<BackwardFilter, BFloat16>();
}

// How many different results 20 runs of an algorithm give.
template <class Direction>
size_t differentResults(bool deterministic) {
  const Stream stream;
  const Handle handle(stream);
  const Shape shape{8, 3, 9, 9, 4, 3, 3, 1, {1, 1}, {1, 1}, {1, 1}};
  const Descriptors<float> d(shape);
  const Convolution<float> c(shape, stream);
  for (const auto& perf : recommended<Direction>(handle, d)) {
    if (perf.status != CUDNN_STATUS_SUCCESS || (perf.determinism == CUDNN_DETERMINISTIC) != deterministic) continue;
    auto* workspace = zeros<char>(stream, perf.memory + 1);
    std::set<std::vector<float>> results;
    for (int i = 0; i < 20; i++) {
      ok(Direction::template run<float>(handle, d, 1, c.device, perf.algo, workspace, perf.memory, 0));
      results.insert(download(stream, c.device[Direction::out], c.host[Direction::out].size()));
    }
    return results.size();
  }
  return 0;
}

TEST("emulated cuDNN: algorithms keep their word about determinism") {
  EXPECT(differentResults<Forward>(true) == 1);
  EXPECT(differentResults<BackwardData>(true) == 1);
  EXPECT(differentResults<BackwardData>(false) > 1);
  EXPECT(differentResults<BackwardFilter>(true) == 1);
  EXPECT(differentResults<BackwardFilter>(false) > 1);
}

TEST("emulated cuDNN: FFT and Winograd come first, spread a NaN over its plane, and lose bits of small values") {
  const Stream stream;
  const Handle handle(stream);
  const Shape shape{1, 1, 6, 6, 2, 3, 3, 1, {1, 1}, {1, 1}, {1, 1}};
  const Descriptors<float> d(shape);
  const auto list = recommended<Forward>(handle, d);
  EXPECT(list[0].algo == CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED);
  EXPECT(list[1].algo == CUDNN_CONVOLUTION_FWD_ALGO_FFT);
  std::vector<float> x(36, 0), w(18, 0);
  w[4] = w[13] = 1;  // the middle of both filters: y = x
  x[0] = 1e6F;
  x[35] = 0.01F;
  const auto last = [&](const auto& perf) {
    float* at[] = {upload(stream, x), upload(stream, w), zeros<float>(stream, 72)};
    auto* workspace = zeros<char>(stream, perf.memory + 1);
    ok(Forward::run<float>(handle, d, 1, at, perf.algo, workspace, perf.memory, 0));
    return download(stream, at[2], 72)[71];
  };
  for (const auto& perf : {list[0], list[1], list[2]}) {
    const bool exact = perf.algo == CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
    EXPECT((last(perf) == 0.01F) == exact);
  }
  x[0] = std::numeric_limits<float>::infinity();
  EXPECT(std::isnan(last(list[0])) && std::isnan(last(list[1])) && last(list[2]) == 0.01F);
}

TEST("emulated cuDNN: default math rounds float32 to 10 bits of mantissa") {
  const Stream stream;
  const Handle handle(stream);
  const Shape shape{1, 1, 1, 1, 1, 1, 1, 1, {0, 0}, {1, 1}, {1, 1}};
  const float fine = 1 + 0x1p-11F + 0x1p-20F, coarse = 1 + 0x1p-10F;
  float* at[] = {upload(stream, std::vector<float>{fine}), upload(stream, std::vector<float>{1}),
                 zeros<float>(stream, 1)};
  for (const auto math : {CUDNN_DEFAULT_MATH, CUDNN_FMA_MATH}) {
    const Descriptors<float> d(shape, math);
    ok(Forward::run<float>(handle, d, 1, at, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM, nullptr, 0, 0));
    EXPECT(download(stream, at[2], 1)[0] == (math == CUDNN_FMA_MATH ? fine : coarse));
  }
}

TEST("emulated cuDNN: addition of a bias and its gradient") {
  const Stream stream;
  const Handle handle(stream);
  const Shape shape{2, 3, 2, 2, 3, 1, 1, 1, {0, 0}, {1, 1}, {1, 1}};
  const Descriptors<double> d(shape);
  cudnnTensorDescriptor_t bias;
  ok(cudnnCreateTensorDescriptor(&bias));
  ok(cudnnSetTensor4dDescriptor(bias, CUDNN_TENSOR_NCHW, CUDNN_DATA_DOUBLE, 1, 3, 1, 1));
  const auto y = random<double>(24);
  const std::vector<double> b{1, 20, 300};
  double *py = upload(stream, y), *pb = upload(stream, b);
  const double alpha = 2, beta = 0.5, zero = 0, one = 1;
  ok(cudnnAddTensor(handle, &alpha, bias, pb, &beta, d.y, py));
  const auto sum = download(stream, py, 24);
  std::vector<double> gradient(3);
  for (size_t i = 0; i < 24; i++) {
    EXPECT(close(sum[i], 2 * b[i / 4 % 3] + 0.5 * y[i], 1e-15));
    gradient[i / 4 % 3] += sum[i];
  }
  ok(cudnnConvolutionBackwardBias(handle, &one, d.y, py, &zero, bias, pb));
  for (int i = 0; i < 3; i++) EXPECT(close(download(stream, pb, 3)[i], gradient[i], 1e-14));
  EXPECT(cudnnAddTensor(handle, &one, d.y, py, &one, bias, pb) == CUDNN_STATUS_BAD_PARAM);
  ok(cudnnDestroyTensorDescriptor(bias));
}

TEST("emulated cuDNN: a bias is added to halves in float32") {
  const Stream stream;
  const Handle handle(stream);
  const Descriptors<BFloat16> d({1, 1, 1, 2, 1, 1, 1, 1, {0, 0}, {1, 1}, {1, 1}});
  BFloat16 *y = upload(stream, std::vector<BFloat16>{1.F, 2.F}), *b = upload(stream, std::vector<BFloat16>{256.F});
  const Descriptors<BFloat16> one({1, 1, 1, 1, 1, 1, 1, 1, {0, 0}, {1, 1}, {1, 1}});
  const float alpha = 1, beta = 3;
  ok(cudnnAddTensor(handle, &alpha, one.x, b, &beta, d.y, y));
  const auto sum = download(stream, y, 2);
  EXPECT(sum[0] == 260 && sum[1] == 262);  // 259 is between two values of bfloat16
}

TEST("emulated cuDNN: refuses what the real one refuses, and says why once") {
  const Stream stream;
  const Handle handle(stream);
  const Shape shape = kShapes[1];
  const Descriptors<float> d(shape);
  const Convolution<float> c(shape, stream);
  const auto algo = CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM;
  const auto run = [&] { return Forward::run<float>(handle, d, 1, c.device, algo, nullptr, 0, 0); };
  ok(run());
  EXPECT(cudnnSetTensor4dDescriptor(d.x, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, 0, 3, 6, 5) == CUDNN_STATUS_BAD_PARAM);
  EXPECT(cudnnSetTensor4dDescriptor(d.x, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, 65536, 65536, 1, 1) ==
         CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT(cudnnSetConvolutionGroupCount(d.conv, 0) == CUDNN_STATUS_BAD_PARAM);
  EXPECT(cudnnSetConvolution2dDescriptor(d.conv, 0, 0, 0, 1, 1, 1, CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT) ==
         CUDNN_STATUS_BAD_PARAM);
  EXPECT(cudnnSetTensor4dDescriptorEx(d.x, CUDNN_DATA_FLOAT, 2, 3, 6, 5, 90, 30, 5, 0) == CUDNN_STATUS_BAD_PARAM);
  EXPECT(cudnnSetConvolution2dDescriptor(d.conv, 0, 0, 1, 1, 1, 1, CUDNN_CROSS_CORRELATION, CUDNN_DATA_INT64) ==
         CUDNN_STATUS_BAD_PARAM);
  ok(run());  // descriptors keep what they had

  ok(cudnnSetTensor4dDescriptor(d.y, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, 2, 4, 6, 6));
  EXPECT(run() == CUDNN_STATUS_BAD_PARAM);
  char why[64];
  cudnnGetLastErrorString(why, sizeof why);
  EXPECT(std::string(why) == "the output has another size");
  cudnnGetLastErrorString(why, sizeof why);
  EXPECT(std::string(why).empty());
  ok(cudnnSetTensor4dDescriptor(d.y, CUDNN_TENSOR_NHWC, CUDNN_DATA_FLOAT, 2, 4, 6, 5));
  EXPECT(run() == CUDNN_STATUS_NOT_SUPPORTED);
  ok(cudnnSetTensor4dDescriptor(d.y, CUDNN_TENSOR_NCHW, CUDNN_DATA_DOUBLE, 2, 4, 6, 5));
  EXPECT(run() == CUDNN_STATUS_BAD_PARAM);
  ok(cudnnSetTensor4dDescriptor(d.y, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, 2, 4, 6, 5));
  ok(cudnnSetConvolution2dDescriptor(d.conv, 1, 1, 1, 1, 1, 1, CUDNN_CROSS_CORRELATION, CUDNN_DATA_DOUBLE));
  EXPECT(run() == CUDNN_STATUS_NOT_SUPPORTED);
  ok(cudnnSetConvolution2dDescriptor(d.conv, 1, 1, 1, 1, 1, 1, CUDNN_CROSS_CORRELATION, CUDNN_DATA_HALF));
  EXPECT(run() == CUDNN_STATUS_NOT_SUPPORTED);
  ok(cudnnSetConvolution2dDescriptor(d.conv, 1, 1, 1, 1, 1, 1, CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT));
  ok(run());

  cudnnTensorDescriptor_t blank;
  ok(cudnnCreateTensorDescriptor(&blank));
  size_t bytes;
  EXPECT(cudnnGetConvolutionForwardWorkspaceSize(handle, blank, d.w, d.conv, d.y, algo, &bytes) ==
         CUDNN_STATUS_BAD_PARAM);
  ok(cudnnDestroyTensorDescriptor(blank));
  EXPECT(cudnnGetConvolutionForwardWorkspaceSize(handle, nullptr, d.w, d.conv, d.y, algo, &bytes) ==
         CUDNN_STATUS_BAD_PARAM);

  int sizes[4];
  ok(cudnnGetConvolution2dForwardOutputDim(d.conv, d.x, d.w, sizes, sizes + 1, sizes + 2, sizes + 3));
  EXPECT(sizes[0] == 2 && sizes[1] == 4 && sizes[2] == 6 && sizes[3] == 5);
  ok(cudaSetDevice(1));
  const Stream elsewhere;
  ok(cudaSetDevice(0));
  EXPECT(cudnnSetStream(handle, elsewhere) == CUDNN_STATUS_BAD_PARAM);
  ok(cudnnSetStream(handle, nullptr));
  EXPECT(run() == CUDNN_STATUS_EXECUTION_FAILED_CUDART);  // no default stream
  EXPECT(cudnnGetVersion() == CUDNN_VERSION);
}

TEST("emulated cuDNN: an operand that is too short costs the device") {
  isolated("emulated cuDNN: an operand that is too short costs the device", {}, [] {
    const Stream stream;
    cudnnHandle_t handle;
    ok(cudnnCreate(&handle));
    ok(cudnnSetStream(handle, stream));
    const Shape shape{16, 16, 32, 32, 16, 3, 3, 1, {1, 1}, {1, 1}, {1, 1}};
    const Descriptors<float> d(shape);
    const Convolution<float> c(shape, stream);
    float* at[] = {c.device[0], c.device[1], zeros<float>(stream, c.host[2].size() - 1)};
    ok(Forward::run<float>(handle, d, 1, at, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM, nullptr, 0, 0));
    refused(cudaStreamSynchronize(stream), cudaErrorIllegalAddress,
            "cudnnConvolutionForward: y is not in device memory");
    EXPECT(cudnnDestroy(handle) == CUDNN_STATUS_EXECUTION_FAILED_CUDART);
  });
}

}  // namespace
}  // namespace dtrain::test
