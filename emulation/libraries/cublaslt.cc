// Emulated cuBLASLt: matrix products of floats by OpenBLAS on the stream's thread, float16 and bfloat16 as float32
// until an element of D is stored. What it is strict about is what a GPU is strict about: leading dimensions, alignment
// that an algorithm was promised, workspace that it was promised. Algorithms differ in what they need, not in what they
// compute. alpha and beta are read during the call. Where TF32 is allowed it is used.
#include "cublasLt.h"

#include <cblas.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "emulation/libraries/halves.h"
#include "emulation/libraries/operands.h"
#include "emulation/libraries/tf32.h"

// Handles are identified by address; the real one holds kernels of the device that was current at its creation.
struct cublasLtContext {
  int device;
};

namespace emulation {
namespace {

constexpr uint64_t kAlgoMagic = 0x6474726c67656d6d;
constexpr uint32_t kVectorBytes = 16;  // alignment that the faster algorithms load with

struct Layout {
  cudaDataType type;
  int32_t order = CUBLASLT_ORDER_COL;
  uint64_t rows, cols;
  int64_t ld;
  int32_t batch = 1;
  int64_t stride = 0;

  // Elements from the first to behind the last of one matrix.
  int64_t extent() const {
    const auto lines = static_cast<int64_t>(order == CUBLASLT_ORDER_COL ? cols : rows);
    return (lines - 1) * ld + line();
  }
  int64_t line() const { return static_cast<int64_t>(order == CUBLASLT_ORDER_COL ? rows : cols); }
  int64_t batchExtent() const { return (batch - 1) * stride + extent(); }
};
static_assert(sizeof(Layout) <= sizeof(cublasLtMatrixLayoutOpaque_t));

struct Desc {
  int32_t compute, scale;
  int32_t pointerMode = CUBLASLT_POINTER_MODE_HOST;
  int32_t transA = CUBLAS_OP_N, transB = CUBLAS_OP_N, transC = CUBLAS_OP_N;
  uint32_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  const void* bias = nullptr;
  int64_t biasStride = 0;
  int32_t biasType = -1;  // that of D
};

struct Preference {
  uint32_t search = CUBLASLT_SEARCH_BEST_FIT;
  uint64_t workspace = 0;
  uint32_t reductions = CUBLASLT_REDUCTION_SCHEME_MASK;
  uint32_t alignment[4] = {256, 256, 256, 256};  // of A, B, C, D
};

struct Algo {
  uint64_t magic;
  int32_t compute;
  uint32_t alignment;      // bytes
  uint64_t workspace;      // bytes
  uint32_t biasAlignment;  // bytes; the kernel relies on it, and no call checks it
};
static_assert(sizeof(Algo) <= sizeof(cublasLtMatmulAlgo_t));

bool aligned(const void* p, uint32_t bytes) { return reinterpret_cast<uintptr_t>(p) % bytes == 0; }

const Layout* in(cublasLtMatrixLayout_t p) { return reinterpret_cast<const Layout*>(p); }
const Desc* in(cublasLtMatmulDesc_t p) { return reinterpret_cast<const Desc*>(p); }
const Preference* in(cublasLtMatmulPreference_t p) { return reinterpret_cast<const Preference*>(p); }

// f(zero of the type of elements), for the types that have products.
template <class F>
auto withType(cudaDataType type, F&& f) {
  switch (type) {
    case CUDA_R_64F: return f(0.0);
    case CUDA_R_16F: return f(Float16());
    case CUDA_R_16BF: return f(BFloat16());
    default: return f(0.0F);
  }
}

template <class T>
cublasStatus_t set(T& field, const void* from, size_t bytes) {
  if (!from || bytes != sizeof(T)) return CUBLAS_STATUS_INVALID_VALUE;
  std::memcpy(&field, from, sizeof(T));
  return CUBLAS_STATUS_SUCCESS;
}

// A product that can be computed; layouts by value, since the caller may destroy its own when the call returns.
struct Problem {
  Desc desc;
  Layout a, b, c, d;
  int64_t k;
  size_t item;
  bool tf32;
};

cublasStatus_t checkLayout(const Layout& x) {
  if (x.order != CUBLASLT_ORDER_COL && x.order != CUBLASLT_ORDER_ROW) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (x.rows == 0 || x.cols == 0 || x.ld < x.line() || x.batch < 1) return CUBLAS_STATUS_INVALID_VALUE;
  if (std::max<uint64_t>({x.rows, x.cols, static_cast<uint64_t>(x.ld)}) > INT32_MAX) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (x.batch > 65535) return CUBLAS_STATUS_NOT_SUPPORTED;
  return CUBLAS_STATUS_SUCCESS;
}

bool hasBias(const Desc& desc) {
  return desc.epilogue != CUBLASLT_EPILOGUE_DEFAULT && (desc.epilogue & CUBLASLT_EPILOGUE_BIAS);
}

cublasStatus_t describe(cublasLtMatmulDesc_t desc, cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                        cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d, std::optional<Problem>& out) {
  if (!desc || !a || !b || !c || !d) return CUBLAS_STATUS_INVALID_VALUE;
  Problem p{*in(desc), *in(a), *in(b), *in(c), *in(d), 0, 0, false};
  for (const Layout* x : {&p.a, &p.b, &p.c, &p.d})
    if (const cublasStatus_t status = checkLayout(*x); status != CUBLAS_STATUS_SUCCESS) return status;

  const bool twice = p.desc.compute == CUBLAS_COMPUTE_64F || p.desc.compute == CUBLAS_COMPUTE_64F_PEDANTIC;
  p.tf32 = p.desc.compute == CUBLAS_COMPUTE_32F_FAST_TF32;
  const bool once = p.tf32 || p.desc.compute == CUBLAS_COMPUTE_32F || p.desc.compute == CUBLAS_COMPUTE_32F_PEDANTIC;
  if (!twice && !once) return CUBLAS_STATUS_NOT_SUPPORTED;
  const cudaDataType scale = twice ? CUDA_R_64F : CUDA_R_32F, type = p.d.type;
  const bool half = type == CUDA_R_16F || type == CUDA_R_16BF;
  if (type != scale && (twice || p.tf32 || !half)) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (p.desc.scale != scale || p.a.type != type || p.b.type != type || p.c.type != type)
    return CUBLAS_STATUS_NOT_SUPPORTED;

  const auto rows = [](const Layout& x, int32_t op) { return op == CUBLAS_OP_N ? x.rows : x.cols; };
  const auto cols = [](const Layout& x, int32_t op) { return op == CUBLAS_OP_N ? x.cols : x.rows; };
  for (const int32_t op : {p.desc.transA, p.desc.transB})
    if (op != CUBLAS_OP_N && op != CUBLAS_OP_T && op != CUBLAS_OP_C) return CUBLAS_STATUS_INVALID_VALUE;
  p.k = static_cast<int64_t>(cols(p.a, p.desc.transA));
  if (rows(p.a, p.desc.transA) != p.d.rows || cols(p.b, p.desc.transB) != p.d.cols ||
      rows(p.b, p.desc.transB) != static_cast<uint64_t>(p.k) || p.c.rows != p.d.rows || p.c.cols != p.d.cols)
    return CUBLAS_STATUS_INVALID_VALUE;
  if (p.a.batch != p.d.batch || p.b.batch != p.d.batch || p.c.batch != p.d.batch) return CUBLAS_STATUS_INVALID_VALUE;
  if (p.d.batch > 1 && p.d.stride < p.d.extent()) return CUBLAS_STATUS_INVALID_VALUE;  // results would overlap

  const uint32_t parts = CUBLASLT_EPILOGUE_RELU | CUBLASLT_EPILOGUE_BIAS;
  const bool epilogue = p.desc.epilogue == CUBLASLT_EPILOGUE_DEFAULT || (p.desc.epilogue & ~parts) == 0;
  if (!epilogue || p.desc.epilogue == 0 || p.desc.transC != CUBLAS_OP_N || p.c.order != p.d.order ||
      p.desc.pointerMode != CUBLASLT_POINTER_MODE_HOST || (p.desc.biasType != -1 && p.desc.biasType != type))
    return CUBLAS_STATUS_NOT_SUPPORTED;
  // The kernels that add a bias want matrices. NVIDIA's documentation does not say so; PyTorch found out.
  if (hasBias(p.desc) && std::min<uint64_t>({p.d.rows, p.d.cols, static_cast<uint64_t>(p.k)}) == 1)
    return CUBLAS_STATUS_INVALID_VALUE;
  p.item = withType(type, [](auto zero) { return sizeof zero; });
  out = p;
  return CUBLAS_STATUS_SUCCESS;
}

// Best first, as the real heuristic orders them: a split of k that adds partial sums up in the workspace, vector loads,
// and scalar loads, which need nothing.
std::vector<Algo> algorithms(const Problem& p, const Preference& pref) {
  const uint64_t item = std::max(p.item, sizeof(float));  // of what sums are computed in
  const uint64_t partials = (p.d.rows * p.d.cols * p.d.batch * item + 255) / 256 * 256;
  const bool vectors = std::ranges::all_of(std::initializer_list<const Layout*>{&p.a, &p.b, &p.c, &p.d},
                                           [&](const Layout* x) { return x->ld * p.item % kVectorBytes == 0; });
  const uint32_t promised = *std::ranges::min_element(pref.alignment);
  // No preference speaks of the bias. NVIDIA's header: the heuristics "depend on its value to determine expected
  // pointer alignment".
  const uint32_t bias = hasBias(p.desc) && aligned(p.desc.bias, kVectorBytes) ? kVectorBytes : 1;
  std::vector<Algo> out;
  if (vectors && promised >= kVectorBytes) {
    if (partials <= pref.workspace && (pref.reductions & CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE))
      out.push_back({kAlgoMagic, p.desc.compute, kVectorBytes, partials, bias});
    out.push_back({kAlgoMagic, p.desc.compute, kVectorBytes, 0, bias});
  }
  if (promised >= p.item) out.push_back({kAlgoMagic, p.desc.compute, static_cast<uint32_t>(p.item), 0, bias});
  return out;
}

void gemm(CBLAS_ORDER order, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, float alpha, const float* a,
          int lda, const float* b, int ldb, float beta, float* c, int ldc) {
  cblas_sgemm(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
void gemm(CBLAS_ORDER order, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, double alpha, const double* a,
          int lda, const double* b, int ldb, double beta, double* c, int ldc) {
  cblas_dgemm(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

// One matrix of the batch, of elements S that are computed with as T. Read in D's order, a matrix of the other order is
// its own transpose.
template <class S, class T>
void multiply(const Problem& p, T alpha, const T* a, const T* b, T beta, const S* c, S* d, const S* bias) {
  const CBLAS_ORDER order = p.d.order == CUBLASLT_ORDER_ROW ? CblasRowMajor : CblasColMajor;
  const auto trans = [&](const Layout& x, int32_t op) {
    return (op != CUBLAS_OP_N) != (x.order != p.d.order) ? CblasTrans : CblasNoTrans;
  };
  const int64_t lines = static_cast<int64_t>(p.d.order == CUBLASLT_ORDER_COL ? p.d.cols : p.d.rows);
  std::vector<T> store;  // elements of D before they are rounded
  T* result;
  if constexpr (std::is_same_v<S, T>) {
    result = d;
  } else {
    store.resize(p.d.extent());
    result = store.data();
  }
  if (beta != T(0) && static_cast<const void*>(c) != result)
    for (int64_t i = 0; i < lines; i++) std::copy_n(c + i * p.c.ld, p.d.line(), result + i * p.d.ld);
  gemm(order, trans(p.a, p.desc.transA), trans(p.b, p.desc.transB), static_cast<int>(p.d.rows),
       static_cast<int>(p.d.cols), static_cast<int>(p.k), alpha, a, static_cast<int>(p.a.ld), b,
       static_cast<int>(p.b.ld), beta, result, static_cast<int>(p.d.ld));
  const bool relu = p.desc.epilogue != CUBLASLT_EPILOGUE_DEFAULT && (p.desc.epilogue & CUBLASLT_EPILOGUE_RELU);
  for (int64_t i = 0; i < lines; i++)
    for (int64_t j = 0; j < p.d.line(); j++) {
      T value = result[i * p.d.ld + j];
      if (bias) value += bias[p.d.order == CUBLASLT_ORDER_COL ? j : i];  // one per row of D
      d[i * p.d.ld + j] = relu && value < T(0) ? T(0) : value;
    }
}

struct Pointers {
  const void *a, *b, *c, *bias;
  void *d, *workspace;
  size_t workspaceBytes;
  uint32_t biasAlignment;
};

template <class S, class T = Computed<S>>
void run(const Problem& p, const Pointers& at, T alpha, T beta, cudaStream_t stream, int device) {
  const auto bytes = [](const Layout& x) { return static_cast<size_t>(x.batchExtent()) * sizeof(S); };
  const size_t bias = at.bias ? ((p.d.batch - 1) * p.desc.biasStride + p.d.rows) * sizeof(S) : 0;
  if (!reachable(stream, device, "cublasLtMatmul",
                 {{"A", at.a, bytes(p.a)},
                  {"B", at.b, bytes(p.b)},
                  {"C", at.c, beta == T(0) ? 0 : bytes(p.c)},
                  {"D", at.d, bytes(p.d)},
                  {"the bias", at.bias, bias},
                  {"the workspace", at.workspace, at.workspaceBytes}}))
    return;
  if (!aligned(at.bias, at.biasAlignment)) {
    std::ostringstream why;
    why << "cublasLtMatmul: the bias at " << at.bias << " is not aligned to " << at.biasAlignment
        << " bytes, as it was when the algorithm was chosen";
    return fail(device, cudaErrorMisalignedAddress, why.str());
  }
  // NaNs in the workspace, before and after: what overlaps it, or reads it, shows.
  if (at.workspaceBytes > 0) std::memset(at.workspace, 0xff, at.workspaceBytes);
  std::vector<T> wideA, wideB, roundedA, roundedB;
  const auto take = [&](const Layout& x, const void* from, std::vector<T>& wide, std::vector<T>& rounded) {
    const int64_t n = x.batchExtent();
    return operand(p.tf32, widened(static_cast<const S*>(from), n, wide), n, rounded);
  };
  const T *const a = take(p.a, at.a, wideA, roundedA), *const b = take(p.b, at.b, wideB, roundedB);
  for (int64_t i = 0; i < p.d.batch; i++)
    multiply<S>(p, alpha, a + i * p.a.stride, b + i * p.b.stride, beta, static_cast<const S*>(at.c) + i * p.c.stride,
                static_cast<S*>(at.d) + i * p.d.stride,
                at.bias ? static_cast<const S*>(at.bias) + i * p.desc.biasStride : nullptr);
  if (at.workspaceBytes > 0) std::memset(at.workspace, 0xff, at.workspaceBytes);
}

}  // namespace
}  // namespace emulation

using namespace emulation;

cublasStatus_t cublasLtCreate(cublasLtHandle_t* lightHandle) {
  if (!lightHandle) return CUBLAS_STATUS_INVALID_VALUE;
  int device;
  if (cudaGetDevice(&device) != cudaSuccess) return CUBLAS_STATUS_NOT_INITIALIZED;
  *lightHandle = new cublasLtContext{device};
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtDestroy(cublasLtHandle_t lightHandle) {
  if (!lightHandle) return CUBLAS_STATUS_INVALID_VALUE;
  delete lightHandle;
  return CUBLAS_STATUS_SUCCESS;
}

const char* cublasLtGetStatusName(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS: return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_NOT_INITIALIZED: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CUBLAS_STATUS_ALLOC_FAILED: return "CUBLAS_STATUS_ALLOC_FAILED";
    case CUBLAS_STATUS_INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_ARCH_MISMATCH: return "CUBLAS_STATUS_ARCH_MISMATCH";
    case CUBLAS_STATUS_MAPPING_ERROR: return "CUBLAS_STATUS_MAPPING_ERROR";
    case CUBLAS_STATUS_EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_INTERNAL_ERROR: return "CUBLAS_STATUS_INTERNAL_ERROR";
    case CUBLAS_STATUS_NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
    case CUBLAS_STATUS_LICENSE_ERROR: return "CUBLAS_STATUS_LICENSE_ERROR";
  }
  return "unrecognized status";
}

const char* cublasLtGetStatusString(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS: return "success";
    case CUBLAS_STATUS_NOT_INITIALIZED: return "the library was not initialized";
    case CUBLAS_STATUS_ALLOC_FAILED: return "the resource allocation failed";
    case CUBLAS_STATUS_INVALID_VALUE: return "an invalid value was used as an argument";
    case CUBLAS_STATUS_ARCH_MISMATCH: return "an absent device architectural feature is required";
    case CUBLAS_STATUS_MAPPING_ERROR: return "an access to GPU memory space failed";
    case CUBLAS_STATUS_EXECUTION_FAILED: return "the GPU program failed to execute";
    case CUBLAS_STATUS_INTERNAL_ERROR: return "an internal operation failed";
    case CUBLAS_STATUS_NOT_SUPPORTED: return "the functionality is not supported";
    case CUBLAS_STATUS_LICENSE_ERROR: return "the license is invalid";
  }
  return "unrecognized status";
}

size_t cublasLtGetVersion() { return CUBLAS_VERSION; }
size_t cublasLtGetCudartVersion() { return CUDART_VERSION; }

cublasStatus_t cublasLtGetProperty(libraryPropertyType type, int* value) {
  if (!value || type < MAJOR_VERSION || type > PATCH_LEVEL) return CUBLAS_STATUS_INVALID_VALUE;
  constexpr int parts[] = {CUBLAS_VER_MAJOR, CUBLAS_VER_MINOR, CUBLAS_VER_PATCH};
  *value = parts[type];
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* matLayout, cudaDataType type, uint64_t rows,
                                          uint64_t cols, int64_t ld) {
  if (!matLayout) return CUBLAS_STATUS_INVALID_VALUE;
  *matLayout = reinterpret_cast<cublasLtMatrixLayout_t>(new Layout{.type = type, .rows = rows, .cols = cols, .ld = ld});
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t matLayout) {
  delete reinterpret_cast<Layout*>(matLayout);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t matLayout, cublasLtMatrixLayoutAttribute_t attr,
                                                const void* buf, size_t sizeInBytes) {
  if (!matLayout) return CUBLAS_STATUS_INVALID_VALUE;
  auto& x = *reinterpret_cast<Layout*>(matLayout);
  switch (attr) {
    case CUBLASLT_MATRIX_LAYOUT_TYPE: return set(x.type, buf, sizeInBytes);
    case CUBLASLT_MATRIX_LAYOUT_ORDER: return set(x.order, buf, sizeInBytes);
    case CUBLASLT_MATRIX_LAYOUT_ROWS: return set(x.rows, buf, sizeInBytes);
    case CUBLASLT_MATRIX_LAYOUT_COLS: return set(x.cols, buf, sizeInBytes);
    case CUBLASLT_MATRIX_LAYOUT_LD: return set(x.ld, buf, sizeInBytes);
    case CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT: return set(x.batch, buf, sizeInBytes);
    case CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET: return set(x.stride, buf, sizeInBytes);
  }
  return CUBLAS_STATUS_INVALID_VALUE;
}

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* matmulDesc, cublasComputeType_t computeType,
                                        cudaDataType scaleType) {
  if (!matmulDesc) return CUBLAS_STATUS_INVALID_VALUE;
  *matmulDesc = reinterpret_cast<cublasLtMatmulDesc_t>(new Desc{.compute = computeType, .scale = scaleType});
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t matmulDesc) {
  delete reinterpret_cast<Desc*>(matmulDesc);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t matmulDesc, cublasLtMatmulDescAttributes_t attr,
                                              const void* buf, size_t sizeInBytes) {
  if (!matmulDesc) return CUBLAS_STATUS_INVALID_VALUE;
  auto& desc = *reinterpret_cast<Desc*>(matmulDesc);
  switch (attr) {
    case CUBLASLT_MATMUL_DESC_COMPUTE_TYPE: return set(desc.compute, buf, sizeInBytes);
    case CUBLASLT_MATMUL_DESC_SCALE_TYPE: return set(desc.scale, buf, sizeInBytes);
    case CUBLASLT_MATMUL_DESC_POINTER_MODE: return set(desc.pointerMode, buf, sizeInBytes);
    case CUBLASLT_MATMUL_DESC_TRANSA: return set(desc.transA, buf, sizeInBytes);
    case CUBLASLT_MATMUL_DESC_TRANSB: return set(desc.transB, buf, sizeInBytes);
    case CUBLASLT_MATMUL_DESC_TRANSC: return set(desc.transC, buf, sizeInBytes);
    case CUBLASLT_MATMUL_DESC_EPILOGUE: return set(desc.epilogue, buf, sizeInBytes);
    case CUBLASLT_MATMUL_DESC_BIAS_POINTER: return set(desc.bias, buf, sizeInBytes);
    case CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE: return set(desc.biasStride, buf, sizeInBytes);
    case CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE: return set(desc.biasType, buf, sizeInBytes);
  }
  return CUBLAS_STATUS_INVALID_VALUE;
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* pref) {
  if (!pref) return CUBLAS_STATUS_INVALID_VALUE;
  *pref = reinterpret_cast<cublasLtMatmulPreference_t>(new Preference);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t pref) {
  delete reinterpret_cast<Preference*>(pref);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t pref,
                                                    cublasLtMatmulPreferenceAttributes_t attr, const void* buf,
                                                    size_t sizeInBytes) {
  if (!pref) return CUBLAS_STATUS_INVALID_VALUE;
  auto& p = *reinterpret_cast<Preference*>(pref);
  switch (attr) {
    case CUBLASLT_MATMUL_PREF_SEARCH_MODE: return set(p.search, buf, sizeInBytes);
    case CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES: return set(p.workspace, buf, sizeInBytes);
    case CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK: return set(p.reductions, buf, sizeInBytes);
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES: return set(p.alignment[0], buf, sizeInBytes);
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES: return set(p.alignment[1], buf, sizeInBytes);
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES: return set(p.alignment[2], buf, sizeInBytes);
    case CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES: return set(p.alignment[3], buf, sizeInBytes);
  }
  return CUBLAS_STATUS_INVALID_VALUE;
}

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t lightHandle, cublasLtMatmulDesc_t operationDesc,
                                              cublasLtMatrixLayout_t Adesc, cublasLtMatrixLayout_t Bdesc,
                                              cublasLtMatrixLayout_t Cdesc, cublasLtMatrixLayout_t Ddesc,
                                              cublasLtMatmulPreference_t preference, int requestedAlgoCount,
                                              cublasLtMatmulHeuristicResult_t heuristicResultsArray[],
                                              int* returnAlgoCount) {
  if (!lightHandle) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (!preference || !heuristicResultsArray || !returnAlgoCount || requestedAlgoCount < 1)
    return CUBLAS_STATUS_INVALID_VALUE;
  *returnAlgoCount = 0;
  std::optional<Problem> p;
  if (const auto status = describe(operationDesc, Adesc, Bdesc, Cdesc, Ddesc, p); status != CUBLAS_STATUS_SUCCESS)
    return status;
  if (in(preference)->search != CUBLASLT_SEARCH_BEST_FIT) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (faultDue("heuristic")) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (faultDue("algorithm")) return CUBLAS_STATUS_SUCCESS;  // that there is none
  for (const Algo& algo : algorithms(*p, *in(preference))) {
    if (*returnAlgoCount == requestedAlgoCount) break;
    cublasLtMatmulHeuristicResult_t& result = heuristicResultsArray[(*returnAlgoCount)++];
    result = {};
    std::memcpy(&result.algo, &algo, sizeof algo);
    result.workspaceSize = algo.workspace;
    result.state = CUBLAS_STATUS_SUCCESS;
    result.wavesCount = 1;
  }
  return *returnAlgoCount > 0 ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t lightHandle, cublasLtMatmulDesc_t computeDesc, const void* alpha,
                              const void* A, cublasLtMatrixLayout_t Adesc, const void* B, cublasLtMatrixLayout_t Bdesc,
                              const void* beta, const void* C, cublasLtMatrixLayout_t Cdesc, void* D,
                              cublasLtMatrixLayout_t Ddesc, const cublasLtMatmulAlgo_t* algo, void* workspace,
                              size_t workspaceSizeInBytes, cudaStream_t stream) {
  if (!lightHandle) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (!alpha || !beta || !A || !B || !C || !D) return CUBLAS_STATUS_INVALID_VALUE;
  std::optional<Problem> described;
  if (const auto status = describe(computeDesc, Adesc, Bdesc, Cdesc, Ddesc, described); status != CUBLAS_STATUS_SUCCESS)
    return status;
  if (faultDue("matmul")) return CUBLAS_STATUS_NOT_SUPPORTED;
  const Problem& p = *described;
  const bool bias = hasBias(p.desc);
  if (bias && !p.desc.bias) return CUBLAS_STATUS_INVALID_VALUE;
  if (C == D && (p.c.ld != p.d.ld || p.c.stride != p.d.stride)) return CUBLAS_STATUS_INVALID_VALUE;

  Algo chosen{kAlgoMagic, p.desc.compute, static_cast<uint32_t>(p.item), 0, 1};
  if (algo) {
    std::memcpy(&chosen, algo, sizeof chosen);
    if (chosen.magic != kAlgoMagic || chosen.compute != p.desc.compute) return CUBLAS_STATUS_INVALID_VALUE;
  }
  for (const void* x : {A, B, C, static_cast<const void*>(D)})
    if (!aligned(x, chosen.alignment)) return CUBLAS_STATUS_INVALID_VALUE;
  if (bias && !aligned(p.desc.bias, static_cast<uint32_t>(p.item))) return CUBLAS_STATUS_INVALID_VALUE;
  if (workspaceSizeInBytes < chosen.workspace || (chosen.workspace > 0 && !workspace))
    return CUBLAS_STATUS_INVALID_VALUE;
  if (chosen.workspace > 0 && !aligned(workspace, kVectorBytes)) return CUBLAS_STATUS_INVALID_VALUE;
  if (deviceOf(stream) != lightHandle->device) return CUBLAS_STATUS_EXECUTION_FAILED;

  const Pointers at{A, B, C, bias ? p.desc.bias : nullptr, D, workspace, chosen.workspace, chosen.biasAlignment};
  const cudaError_t status = withType(p.d.type, [&]<class S>(S) {
    using T = Computed<S>;
    return enqueue(stream, [p, at, stream, device = lightHandle->device, a = *static_cast<const T*>(alpha),
                            b = *static_cast<const T*>(beta)] { run<S>(p, at, a, b, stream, device); });
  });
  return status == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}
