// GEMM through cuBLASLt, opened at first use. float32 is exact, unless a program allows TF32; float16 and bfloat16 are
// added up as float32. Integers, which it lacks, are ours (matmul.cu). cuBLASLt is column major,
// so a row-major c = a b is asked for as c^T = b^T a^T: the operands change places and nothing is transposed. The bias
// is added by the kernel that computes the product (an epilogue), one element per row of c^T. A batch is one call.
//
// cuBLASLt may refuse, and what it refuses is written down nowhere: a bias where a dimension is 1, for example. Then
// the bias is put into c by a kernel of ours and the product added to it, so that halves are still rounded once, and if
// the bias was not the reason, the product is computed by one (matmul.cu).
//
// What is asked for and the algorithm that cuBLASLt's heuristics chose for it are cached by shape, per device. A handle
// may be shared, but descriptors are changed before each call, so a lock is held until the call has been queued.
#include "kernels/matmul.h"

#include <cublasLt.h>

#include <map>
#include <mutex>
#include <utility>

#include "core/cuda.h"
#include "core/library.h"
#include "core/operand.h"
#include "kernels/arithmetic.h"
#include "kernels/choices.h"
#include "kernels/copy.h"
#include "kernels/matmul-tiled.h"
#include "kernels/matrix.h"
#include "kernels/plan-cache.h"
#include "kernels/table.h"

namespace dtrain::cuda {

namespace {

struct CublasLt {
  CublasLt() { library.requireVersion(static_cast<long>(cublasLtGetVersion()), 130000, 140000); }
  Library library{"cuBLASLt 13", "libcublasLt.so.13", "nvidia-cublas"};
  DT_LIBRARY_FUNCTION(cublasLtGetVersion);
  DT_LIBRARY_FUNCTION(cublasLtGetStatusName);
  DT_LIBRARY_FUNCTION(cublasLtCreate);
  DT_LIBRARY_FUNCTION(cublasLtMatmul);
  DT_LIBRARY_FUNCTION(cublasLtMatmulAlgoGetHeuristic);
  DT_LIBRARY_FUNCTION(cublasLtMatmulDescCreate);
  DT_LIBRARY_FUNCTION(cublasLtMatmulDescDestroy);
  DT_LIBRARY_FUNCTION(cublasLtMatmulDescSetAttribute);
  DT_LIBRARY_FUNCTION(cublasLtMatrixLayoutCreate);
  DT_LIBRARY_FUNCTION(cublasLtMatrixLayoutDestroy);
  DT_LIBRARY_FUNCTION(cublasLtMatrixLayoutSetAttribute);
  DT_LIBRARY_FUNCTION(cublasLtMatmulPreferenceCreate);
  DT_LIBRARY_FUNCTION(cublasLtMatmulPreferenceDestroy);
  DT_LIBRARY_FUNCTION(cublasLtMatmulPreferenceSetAttribute);

  // What it says of a product that it does not compute.
  static bool refused(cublasStatus_t status) {
    return status == CUBLAS_STATUS_NOT_SUPPORTED || status == CUBLAS_STATUS_INVALID_VALUE ||
           status == CUBLAS_STATUS_ARCH_MISMATCH;
  }

  void check(cublasStatus_t status, const char* what) const {
    dtrain::check(status == CUBLAS_STATUS_SUCCESS, Code::internal, "matmul: ", what,
                  " failed: ", status == CUBLAS_STATUS_SUCCESS ? "" : cublasLtGetStatusName(status));
  }
};

// Never destroyed, like all that is cached here: a static destructor could run after those of the driver.
const CublasLt& lt() {
  static const auto* loaded = new CublasLt;
  return *loaded;
}

// Owns one of cuBLASLt's descriptors.
template <class T>
using Owned = std::unique_ptr<std::remove_pointer_t<T>, cublasStatus_t (*)(T)>;

template <class T>
void set(const Owned<cublasLtMatmulDesc_t>& desc, cublasLtMatmulDescAttributes_t which, const T& value) {
  lt().check(lt().cublasLtMatmulDescSetAttribute(desc.get(), which, &value, sizeof value), "setting an attribute");
}
template <class T>
void set(const Owned<cublasLtMatmulPreference_t>& preference, cublasLtMatmulPreferenceAttributes_t which,
         const T& value) {
  lt().check(lt().cublasLtMatmulPreferenceSetAttribute(preference.get(), which, &value, sizeof value),
             "setting a preference");
}
template <class T>
void set(const Owned<cublasLtMatrixLayout_t>& layout, cublasLtMatrixLayoutAttribute_t which, const T& value) {
  lt().check(lt().cublasLtMatrixLayoutSetAttribute(layout.get(), which, &value, sizeof value), "describing a batch");
}

// What tells products apart, as far as the choice of an algorithm is concerned. Letters are the caller's: c = a b. The
// heuristics take the alignment of the bias from the pointer that they see, that of the matrices from the preferences.
struct Key {
  DType dtype;
  int64_t tf32, m, n, k, transA, transB, lda, ldb, ldc, alignA, alignB, alignC, alignBias, batch, stepA, stepB, stepC;
  auto operator<=>(const Key&) const = default;
};

// How a product is computed. Each is tried where the one before it is refused; without a bias, unfused comes first.
enum class Way { fused, unfused, own };

struct Plan {
  Way way;
  Owned<cublasLtMatmulDesc_t> desc;
  Owned<cublasLtMatrixLayout_t> a, b, c;
  cublasLtMatmulHeuristicResult_t chosen;
};

// The matrix that cuBLASLt sees where a row-major one of rows x cols (before its transposition) is meant; `batch` of
// them, `step` elements apart.
Owned<cublasLtMatrixLayout_t> layoutOf(cudaDataType type, int64_t rows, int64_t cols, int64_t transposed, int64_t ld,
                                       int64_t batch, int64_t step) {
  if (!transposed) std::swap(rows, cols);
  cublasLtMatrixLayout_t made;
  lt().check(lt().cublasLtMatrixLayoutCreate(&made, type, static_cast<uint64_t>(rows), static_cast<uint64_t>(cols), ld),
             "describing a matrix");
  Owned<cublasLtMatrixLayout_t> layout(made, lt().cublasLtMatrixLayoutDestroy);
  set(layout, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, static_cast<int32_t>(batch));
  set(layout, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, step);
  return layout;
}

cudaDataType typeOf(DType dtype) {
  switch (dtype) {
    case DType::float64: return CUDA_R_64F;
    case DType::float16: return CUDA_R_16F;
    case DType::bfloat16: return CUDA_R_16BF;
    default: return CUDA_R_32F;
  }
}

// What to ask cuBLASLt for, without an algorithm yet.
Plan describe(const Key& key, Way way, const void* bias) {
  const bool twice = key.dtype == DType::float64, tf32 = key.tf32 && key.dtype == DType::float32;
  const cudaDataType type = typeOf(key.dtype);
  cublasLtMatmulDesc_t made;
  const cublasComputeType_t compute = twice  ? CUBLAS_COMPUTE_64F
                                      : tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32
                                             : CUBLAS_COMPUTE_32F;
  lt().check(lt().cublasLtMatmulDescCreate(&made, compute, twice ? CUDA_R_64F : CUDA_R_32F), "describing a product");
  Plan plan{way,
            {made, lt().cublasLtMatmulDescDestroy},
            layoutOf(type, key.m, key.k, key.transA, key.lda, key.batch, key.stepA),
            layoutOf(type, key.k, key.n, key.transB, key.ldb, key.batch, key.stepB),
            layoutOf(type, key.m, key.n, 0, key.ldc, key.batch, key.stepC),
            {}};
  const auto operation = [](int64_t transposed) -> int32_t { return transposed ? CUBLAS_OP_T : CUBLAS_OP_N; };
  set(plan.desc, CUBLASLT_MATMUL_DESC_TRANSA, operation(key.transB));
  set(plan.desc, CUBLASLT_MATMUL_DESC_TRANSB, operation(key.transA));
  if (way == Way::fused) {
    set(plan.desc, CUBLASLT_MATMUL_DESC_EPILOGUE, uint32_t{CUBLASLT_EPILOGUE_BIAS});
    set(plan.desc, CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias);
  }
  return plan;
}

// False when cuBLASLt has no algorithm.
bool choose(cublasLtHandle_t handle, const Key& key, Plan& plan) {
  cublasLtMatmulPreference_t preferred;
  lt().check(lt().cublasLtMatmulPreferenceCreate(&preferred), "stating preferences");
  const Owned<cublasLtMatmulPreference_t> preference(preferred, lt().cublasLtMatmulPreferenceDestroy);
  constexpr uint64_t workspace = 32 << 20;  // what NVIDIA recommends for its largest GPUs
  set(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, workspace);
  set(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, static_cast<uint32_t>(key.alignB));
  set(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, static_cast<uint32_t>(key.alignA));
  set(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, static_cast<uint32_t>(key.alignC));
  set(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, static_cast<uint32_t>(key.alignC));
  // The parts of a split sum are not to be rounded to a half.
  if (isHalf(key.dtype))
    set(preference, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK,
        uint32_t{CUBLASLT_REDUCTION_SCHEME_INPLACE | CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE});
  int found = 0;
  const cublasStatus_t status =
      lt().cublasLtMatmulAlgoGetHeuristic(handle, plan.desc.get(), plan.b.get(), plan.a.get(), plan.c.get(),
                                          plan.c.get(), preference.get(), 1, &plan.chosen, &found);
  if (CublasLt::refused(status)) return false;
  lt().check(status, "choosing an algorithm");
  return found > 0;
}

// The first way, from `way` on, that is not refused.
Plan makePlan(cublasLtHandle_t handle, const Key& key, const void* bias, Way way) {
  for (;; way = static_cast<Way>(static_cast<int>(way) + 1)) {
    Plan plan = describe(key, way, bias);
    if (way == Way::own || choose(handle, key, plan)) return plan;
  }
}

struct State {
  State() { lt().check(lt().cublasLtCreate(&handle), "starting cuBLASLt"); }
  std::mutex mutex;
  cublasLtHandle_t handle;
  PlanCache<Key, Plan, 1024> plans;
};

State& state(Device device) {
  static std::mutex mutex;
  static auto* const states = new std::map<int, State>;
  const std::lock_guard lock(mutex);
  use(device.index);  // a new handle belongs to the current device
  return (*states)[device.index];
}

// The largest power of two up to 256 that divides the addresses of x and of what stands `step` elements further on.
int64_t alignment(const Tensor& x, int64_t step = 0) {
  const auto address = reinterpret_cast<uintptr_t>(x.bytes()) | static_cast<uintptr_t>(step * itemSize(x.dtype()));
  return static_cast<int64_t>(std::min<uintptr_t>(256, address & -address));
}

// How many matrices, and how many elements apart.
struct Batch {
  int64_t count = 1, stepA = 0, stepB = 0, stepC = 0;
};

// x and the matrices that follow it.
Tensor batchOf(const Tensor& x, const Batch& batch, int64_t step) {
  return alias(x, {batch.count, x.size(0), x.size(1)}, {step, x.stride(0), x.stride(1)}, x.impl()->offset);
}

// The product by cuBLASLt, or false when it refuses.
bool multiplyByLibrary(const State& s, const Plan& plan, const Tensor& a, const Tensor& b, const Tensor& bias,
                       const Tensor& c, double alpha, double beta) {
  if (plan.way == Way::fused) set<const void*>(plan.desc, CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias.bytes());
  const auto bytes = static_cast<int64_t>(plan.chosen.workspaceSize);
  const Tensor workspace = empty({bytes}, DType::uint8, c.device());  // free again, for later work of this stream
  const float alphaF = static_cast<float>(alpha), betaF = static_cast<float>(beta);
  const bool twice = c.dtype() == DType::float64;
  const void* const scale = twice ? static_cast<const void*>(&alpha) : &alphaF;
  const void* const keep = twice ? static_cast<const void*>(&beta) : &betaF;
  const cublasStatus_t status = lt().cublasLtMatmul(
      s.handle, plan.desc.get(), scale, b.bytes(), plan.b.get(), a.bytes(), plan.a.get(), keep, c.bytes(), plan.c.get(),
      c.bytes(), plan.c.get(), &plan.chosen.algo, workspace.bytes(), plan.chosen.workspaceSize, stream(c.device()));
  if (CublasLt::refused(status)) return false;
  lt().check(status, "cublasLtMatmul");
  return true;
}

// c = beta c + bias
void addBias(const Tensor& bias, const Tensor& c, double beta) {
  if (beta == 0) kernels<CopyKernels>(c).copy(bias, c);
  else kernels<ArithmeticKernels>(c).run(Arithmetic::add, bias, c, beta, c.dtype(), c);
}

// c = beta c
void scale(const Tensor& c, double beta) {
  if (beta == 0) kernels<CopyKernels>(c).fill(c, 0);
  else kernels<ArithmeticKernels>(c).run(Arithmetic::mul, c, beta, 1, c.dtype(), c);
}

// gemm() for matrices that are not empty, and for those that follow them in a batch.
void multiply(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& c, double alpha, double beta,
              const Batch& batch = {}) {
  const auto own = [&] {
    bmmTiled(batchOf(a, batch, batch.stepA), batchOf(b, batch, batch.stepB), batchOf(c, batch, batch.stepC), alpha,
             beta);
  };
  bool withBias = bias.defined();
  const auto biasFirst = [&] {
    if (withBias) addBias(bias, c, std::exchange(beta, 1));
    withBias = false;
  };
  if (!isFloat(c.dtype())) {
    biasFirst();
    return own();
  }
  const MatrixLayout la(a), lb(b);
  State& s = state(c.device());
  const std::lock_guard lock(s.mutex);
  const Key key{c.dtype(),
                libraryChoices.matmulTf32,
                c.size(0),
                c.size(1),
                a.size(1),
                la.transposed,
                lb.transposed,
                la.ld,
                lb.ld,
                c.stride(0),
                alignment(a, batch.stepA),
                alignment(b, batch.stepB),
                alignment(c, batch.stepC),
                bias.defined() ? alignment(bias) : 0,
                batch.count,
                batch.stepA,
                batch.stepB,
                batch.stepC};
  const void* const biased = bias.defined() ? bias.bytes() : nullptr;
  Plan& plan = s.plans.get(key, [&] { return makePlan(s.handle, key, biased, biased ? Way::fused : Way::unfused); });
  for (;; plan = makePlan(s.handle, key, biased, plan.way == Way::fused ? Way::unfused : Way::own)) {
    if (plan.way != Way::fused) biasFirst();
    if (plan.way == Way::own) return own();
    if (multiplyByLibrary(s, plan, a, b, bias, c, alpha, beta)) return;
  }
}

void gemm(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& c, double alpha, double beta) {
  if (c.numel() == 0) return;
  if (a.numel() > 0) return multiply(a, b, bias, c, alpha, beta);
  return bias.defined() ? addBias(bias, c, beta) : scale(c, beta);
}

void bmm(const Tensor& a, const Tensor& b, const Tensor& c, double alpha, double beta) {
  if (c.numel() == 0) return;
  if (a.numel() == 0) return scale(c, beta);
  constexpr int64_t most = 65535;  // cuBLASLt counts no further
  for (int64_t i = 0; i < c.size(0); i += most)
    multiply(matrixOf(a, i), matrixOf(b, i), {}, matrixOf(c, i), alpha, beta,
             {std::min(most, c.size(0) - i), a.stride(0), b.stride(0), c.stride(0)});
}

}  // namespace

const Fill table(cudaTable<MatmulKernels>, {.gemm = gemm, .bmm = bmm});

}  // namespace dtrain::cuda
