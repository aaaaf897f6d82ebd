// See lapack.h. By cuSOLVER, opened at first use: one matrix after the other, as it comes, with one workspace for all
// of a batch. What it says of a matrix stays on the device until somebody asks; what takes every matrix has no info,
// and there a call refuses what is wrong at once. gesvd wants no more columns than rows: others are transposed for it.
#include "kernels/lapack.h"

#include <cusolverDn.h>

#include <map>
#include <mutex>
#include <utility>

#include "core/cuda.h"
#include "core/library.h"
#include "kernels/copy.h"
#include "kernels/table.h"

namespace dtrain::cuda {

namespace {

struct Cusolver {
  Cusolver() {
    int version = 0;
    cusolverGetVersion(&version);
    library.requireVersion(version, 12000, 13000);
  }
  Library library{"cuSOLVER 12", "libcusolver.so.12", "nvidia-cusolver"};
  DT_LIBRARY_FUNCTION(cusolverGetVersion);
  DT_LIBRARY_FUNCTION(cusolverDnCreate);
  DT_LIBRARY_FUNCTION(cusolverDnSetStream);
  DT_LIBRARY_FUNCTION(cusolverDnSgetrf_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnDgetrf_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnSgetrf);
  DT_LIBRARY_FUNCTION(cusolverDnDgetrf);
  DT_LIBRARY_FUNCTION(cusolverDnSgetrs);
  DT_LIBRARY_FUNCTION(cusolverDnDgetrs);
  DT_LIBRARY_FUNCTION(cusolverDnSgeqrf_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnDgeqrf_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnSgeqrf);
  DT_LIBRARY_FUNCTION(cusolverDnDgeqrf);
  DT_LIBRARY_FUNCTION(cusolverDnSorgqr_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnDorgqr_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnSorgqr);
  DT_LIBRARY_FUNCTION(cusolverDnDorgqr);
  DT_LIBRARY_FUNCTION(cusolverDnSormqr_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnDormqr_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnSormqr);
  DT_LIBRARY_FUNCTION(cusolverDnDormqr);
  DT_LIBRARY_FUNCTION(cusolverDnSsyevd_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnDsyevd_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnSsyevd);
  DT_LIBRARY_FUNCTION(cusolverDnDsyevd);
  DT_LIBRARY_FUNCTION(cusolverDnSgesvd_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnDgesvd_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnSgesvd);
  DT_LIBRARY_FUNCTION(cusolverDnDgesvd);
  DT_LIBRARY_FUNCTION(cusolverDnSsytrf_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnDsytrf_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnSsytrf);
  DT_LIBRARY_FUNCTION(cusolverDnDsytrf);
  DT_LIBRARY_FUNCTION(cusolverDnXsytrs_bufferSize);
  DT_LIBRARY_FUNCTION(cusolverDnXsytrs);
};

// Never destroyed, like the handles: a static destructor could run after those of the driver.
const Cusolver& solver() {
  static const auto* loaded = new Cusolver;
  return *loaded;
}

void ok(cusolverStatus_t status, const char* what) {
  check(status == CUSOLVER_STATUS_SUCCESS, Code::internal, "linalg: ", what, " failed with cuSOLVER's status ",
        static_cast<int>(status));
}

// The function of float or of double.
template <class T, class S, class D>
auto either(S single, D twice) {
  if constexpr (std::is_same_v<T, float>) return single;
  else return twice;
}
#define DT_EITHER(name) either<T>(solver().cusolverDnS##name, solver().cusolverDnD##name)

struct State {
  State() { ok(solver().cusolverDnCreate(&handle), "starting cuSOLVER"); }
  std::mutex mutex;  // a handle has one stream at a time
  cusolverDnHandle_t handle;
};

State& state(Device device) {
  static std::mutex mutex;
  static auto* const states = new std::map<int, State>;
  const std::lock_guard lock(mutex);
  use(device.index);  // a new handle belongs to the current device
  return (*states)[device.index];
}

int rowsOf(const Tensor& x) { return static_cast<int>(x.size(2)); }
int columnsOf(const Tensor& x) { return static_cast<int>(x.size(1)); }

// The i-th matrix, or vector, of a batch; null of an undefined one.
template <class T>
T* at(const Tensor& x, int64_t i) {
  return x.defined() ? x.data<T>() + i * (x.numel() / x.size(0)) : nullptr;
}

// f(zero of the type, handle on the stream), while nobody else has the handle.
template <class F>
void withHandle(const Tensor& x, F&& f) {
  State& s = state(x.device());
  const std::lock_guard lock(s.mutex);
  ok(solver().cusolverDnSetStream(s.handle, stream(x.device())), "choosing a stream");
  if (x.dtype() == DType::float32) f(float(), s.handle);
  else f(double(), s.handle);
}

// Memory of the stream, free again for its later work.
Tensor elements(const Tensor& like, int64_t n) { return empty({n}, like.dtype(), like.device()); }
Tensor unread(const Tensor& like) { return empty({1}, DType::int32, like.device()); }

void lu(const Tensor& a, const Tensor& pivots, const Tensor& info) {
  const int m = rowsOf(a), n = columnsOf(a);
  withHandle(a, [&](auto zero, cusolverDnHandle_t handle) {
    using T = decltype(zero);
    int length = 0;
    ok(DT_EITHER(getrf_bufferSize)(handle, m, n, a.data<T>(), m, &length), "getrf_bufferSize");
    const Tensor work = elements(a, length);
    for (int64_t i = 0; i < a.size(0); i++)
      ok(DT_EITHER(getrf)(handle, m, n, at<T>(a, i), m, work.data<T>(), at<int32_t>(pivots, i), at<int32_t>(info, i)),
         "getrf");
  });
}

void luSolve(const Tensor& lu, const Tensor& pivots, bool transposed, const Tensor& b) {
  const int n = rowsOf(b), count = columnsOf(b);
  withHandle(b, [&](auto zero, cusolverDnHandle_t handle) {
    using T = decltype(zero);
    const Tensor info = unread(b);
    for (int64_t i = 0; i < b.size(0); i++)
      ok(DT_EITHER(getrs)(handle, transposed ? CUBLAS_OP_T : CUBLAS_OP_N, n, count, at<T>(lu, i), n,
                          at<int32_t>(pivots, i), at<T>(b, i), n, info.data<int32_t>()),
         "getrs");
  });
}

void qr(const Tensor& a, const Tensor& tau) {
  const int m = rowsOf(a), n = columnsOf(a);
  withHandle(a, [&](auto zero, cusolverDnHandle_t handle) {
    using T = decltype(zero);
    int length = 0;
    ok(DT_EITHER(geqrf_bufferSize)(handle, m, n, a.data<T>(), m, &length), "geqrf_bufferSize");
    const Tensor work = elements(a, length), info = unread(a);
    for (int64_t i = 0; i < a.size(0); i++)
      ok(DT_EITHER(geqrf)(handle, m, n, at<T>(a, i), m, at<T>(tau, i), work.data<T>(), length, info.data<int32_t>()),
         "geqrf");
  });
}

void householder(const Tensor& a, const Tensor& tau) {
  const int m = rowsOf(a), n = columnsOf(a), k = static_cast<int>(tau.size(1));
  withHandle(a, [&](auto zero, cusolverDnHandle_t handle) {
    using T = decltype(zero);
    int length = 0;
    ok(DT_EITHER(orgqr_bufferSize)(handle, m, n, k, a.data<T>(), m, tau.data<T>(), &length), "orgqr_bufferSize");
    const Tensor work = elements(a, length), info = unread(a);
    for (int64_t i = 0; i < a.size(0); i++)
      ok(DT_EITHER(orgqr)(handle, m, n, k, at<T>(a, i), m, at<T>(tau, i), work.data<T>(), length, info.data<int32_t>()),
         "orgqr");
  });
}

void multiplyByQ(const Tensor& a, const Tensor& tau, bool left, bool transposed, const Tensor& c) {
  const int m = rowsOf(c), n = columnsOf(c), k = static_cast<int>(tau.size(1)), lda = rowsOf(a);
  const cublasSideMode_t side = left ? CUBLAS_SIDE_LEFT : CUBLAS_SIDE_RIGHT;
  const cublasOperation_t trans = transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
  withHandle(c, [&](auto zero, cusolverDnHandle_t handle) {
    using T = decltype(zero);
    int length = 0;
    ok(DT_EITHER(ormqr_bufferSize)(handle, side, trans, m, n, k, a.data<T>(), lda, tau.data<T>(), c.data<T>(), m,
                                   &length),
       "ormqr_bufferSize");
    const Tensor work = elements(c, length), info = unread(c);
    for (int64_t i = 0; i < c.size(0); i++)
      ok(DT_EITHER(ormqr)(handle, side, trans, m, n, k, at<T>(a, i), lda, at<T>(tau, i), at<T>(c, i), m, work.data<T>(),
                          length, info.data<int32_t>()),
         "ormqr");
  });
}

void eigh(const Tensor& a, bool upper, bool vectors, const Tensor& values, const Tensor& info) {
  const int n = rowsOf(a);
  const cusolverEigMode_t job = vectors ? CUSOLVER_EIG_MODE_VECTOR : CUSOLVER_EIG_MODE_NOVECTOR;
  const cublasFillMode_t triangle = upper ? CUBLAS_FILL_MODE_UPPER : CUBLAS_FILL_MODE_LOWER;
  withHandle(a, [&](auto zero, cusolverDnHandle_t handle) {
    using T = decltype(zero);
    int length = 0;
    ok(DT_EITHER(syevd_bufferSize)(handle, job, triangle, n, a.data<T>(), n, values.data<T>(), &length),
       "syevd_bufferSize");
    const Tensor work = elements(a, length);
    for (int64_t i = 0; i < a.size(0); i++)
      ok(DT_EITHER(syevd)(handle, job, triangle, n, at<T>(a, i), n, at<T>(values, i), work.data<T>(), length,
                          at<int32_t>(info, i)),
         "syevd");
  });
}

// Matrices that are not wide.
void tallSvd(const Tensor& a, const Tensor& u, const Tensor& s, const Tensor& vt, const Tensor& info) {
  const int m = rowsOf(a), n = columnsOf(a);
  const auto job = static_cast<signed char>(!u.defined() ? 'N' : columnsOf(u) > n ? 'A' : 'S');
  withHandle(a, [&](auto zero, cusolverDnHandle_t handle) {
    using T = decltype(zero);
    int length = 0;
    ok(DT_EITHER(gesvd_bufferSize)(handle, m, n, &length), "gesvd_bufferSize");
    const Tensor work = elements(a, length), rest = elements(a, n);
    for (int64_t i = 0; i < a.size(0); i++)
      ok(DT_EITHER(gesvd)(handle, job, job, m, n, at<T>(a, i), m, at<T>(s, i), at<T>(u, i), m, at<T>(vt, i), n,
                          work.data<T>(), length, rest.data<T>(), at<int32_t>(info, i)),
         "gesvd");
  });
}

// Rows and columns of each matrix swapped, in place of those of `out`.
void swapped(const Tensor& x, const Tensor& out) {
  const Tensor view =
      alias(x, {x.size(0), x.size(2), x.size(1)}, {x.stride(0), x.stride(2), x.stride(1)}, x.impl()->offset);
  kernels<CopyKernels>(out).copy(view, out);
}

// A wide matrix is the transpose of V S U^T.
void svd(const Tensor& a, const Tensor& u, const Tensor& s, const Tensor& vt, const Tensor& info) {
  if (columnsOf(a) <= rowsOf(a)) return tallSvd(a, u, s, vt, info);
  const auto like = [](const Tensor& x) {
    return x.defined() ? empty({x.size(0), x.size(2), x.size(1)}, x.dtype(), x.device()) : Tensor();
  };
  const Tensor turned = like(a), ut = like(u), v = like(vt);
  swapped(a, turned);
  tallSvd(turned, v, s, ut, info);
  if (!u.defined()) return;
  swapped(ut, u);
  swapped(v, vt);
}

void ldl(const Tensor& a, const Tensor& pivots, const Tensor& info) {
  const int n = rowsOf(a);
  withHandle(a, [&](auto zero, cusolverDnHandle_t handle) {
    using T = decltype(zero);
    int length = 0;
    ok(DT_EITHER(sytrf_bufferSize)(handle, n, a.data<T>(), n, &length), "sytrf_bufferSize");
    const Tensor work = elements(a, length);
    for (int64_t i = 0; i < a.size(0); i++)
      ok(DT_EITHER(sytrf)(handle, CUBLAS_FILL_MODE_LOWER, n, at<T>(a, i), n, at<int32_t>(pivots, i), work.data<T>(),
                          length, at<int32_t>(info, i)),
         "sytrf");
  });
}

// The only one that wants its pivots as int64, and memory of the host too.
void ldlSolve(const Tensor& ldl, const Tensor& pivots, const Tensor& b) {
  const int64_t n = rowsOf(b), count = columnsOf(b);
  const cudaDataType type = b.dtype() == DType::float32 ? CUDA_R_32F : CUDA_R_64F;
  const Tensor order = empty(pivots.sizes(), DType::int64, b.device());
  kernels<CopyKernels>(order).copy(pivots, order);
  withHandle(b, [&](auto zero, cusolverDnHandle_t handle) {
    using T = decltype(zero);
    size_t bytes = 0, hostBytes = 0;
    ok(solver().cusolverDnXsytrs_bufferSize(handle, CUBLAS_FILL_MODE_LOWER, n, count, type, ldl.bytes(), n,
                                            order.data<int64_t>(), type, b.bytes(), n, &bytes, &hostBytes),
       "sytrs_bufferSize");
    const Tensor work = empty({static_cast<int64_t>(bytes)}, DType::uint8, b.device()), info = unread(b);
    std::vector<char> hostWork(hostBytes);
    for (int64_t i = 0; i < b.size(0); i++)
      ok(solver().cusolverDnXsytrs(handle, CUBLAS_FILL_MODE_LOWER, n, count, type, at<T>(ldl, i), n,
                                   at<int64_t>(order, i), type, at<T>(b, i), n, work.bytes(), bytes, hostWork.data(),
                                   hostBytes, info.data<int32_t>()),
         "sytrs");
  });
}

const Fill table(cudaTable<LapackKernels>, {.lu = lu,
                                            .luSolve = luSolve,
                                            .qr = qr,
                                            .householder = householder,
                                            .multiplyByQ = multiplyByQ,
                                            .eigh = eigh,
                                            .svd = svd,
                                            .ldl = ldl,
                                            .ldlSolve = ldlSolve});

}  // namespace
}  // namespace dtrain::cuda
