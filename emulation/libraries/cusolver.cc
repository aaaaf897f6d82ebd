// Emulated cuSOLVER: factors of matrices by the LAPACK in OpenBLAS, on the thread of the handle's stream. It is strict
// about what a GPU is strict about: memory of the device, workspaces as large as the library asks for, and gesvd that
// takes no matrix with more columns than rows. What it says of a matrix (info) is written when the stream gets there.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "cusolverDn.h"
#include "emulation/libraries/operands.h"

// Handles are identified by address.
struct cusolverDnContext {
  int device;
  cudaStream_t stream;
};

namespace emulation {
namespace {

#define DT_LAPACK(X)                                                                                                   \
  X(getrf, const int* m, const int* n, T* a, const int* lda, int* pivots, int* info)                                   \
  X(getrs, const char* trans, const int* n, const int* nrhs, const T* a, const int* lda, const int* pivots, T* b,      \
    const int* ldb, int* info)                                                                                         \
  X(geqrf, const int* m, const int* n, T* a, const int* lda, T* tau, T* work, const int* lwork, int* info)             \
  X(orgqr, const int* m, const int* n, const int* k, T* a, const int* lda, const T* tau, T* work, const int* lwork,    \
    int* info)                                                                                                         \
  X(ormqr, const char* side, const char* trans, const int* m, const int* n, const int* k, const T* a, const int* lda,  \
    const T* tau, T* c, const int* ldc, T* work, const int* lwork, int* info)                                          \
  X(syevd, const char* job, const char* triangle, const int* n, T* a, const int* lda, T* w, T* work, const int* lwork, \
    int* iwork, const int* liwork, int* info)                                                                          \
  X(gesvd, const char* jobu, const char* jobvt, const int* m, const int* n, T* a, const int* lda, T* s, T* u,          \
    const int* ldu, T* vt, const int* ldvt, T* work, const int* lwork, int* info)                                      \
  X(sytrf, const char* triangle, const int* n, T* a, const int* lda, int* pivots, T* work, const int* lwork,           \
    int* info)                                                                                                         \
  X(sytrs, const char* triangle, const int* n, const int* nrhs, const T* a, const int* lda, const int* pivots, T* b,   \
    const int* ldb, int* info)

#define DT_SINGLE(name, ...) void s##name##_(__VA_ARGS__);
#define DT_DOUBLE(name, ...) void d##name##_(__VA_ARGS__);
namespace single {
using T = float;
extern "C" {
DT_LAPACK(DT_SINGLE)
}
}  // namespace single
namespace twice {
using T = double;
extern "C" {
DT_LAPACK(DT_DOUBLE)
}
}  // namespace twice

template <class T>
struct Lapack;
#define DT_MEMBER(name, ...) static constexpr auto& name = single::s##name##_;
template <>
struct Lapack<float> {
  DT_LAPACK(DT_MEMBER)
};
#undef DT_MEMBER
#define DT_MEMBER(name, ...) static constexpr auto& name = twice::d##name##_;
template <>
struct Lapack<double> {
  DT_LAPACK(DT_MEMBER)
};

// Elements that a call wants, whatever it is; that LAPACK wants other sizes is nobody's business.
int lengthFor(int m, int n) { return 32 + m + n; }

cusolverStatus_t tell(cusolverDnHandle_t handle, bool valid, int* lwork, int m, int n) {
  if (!handle) return CUSOLVER_STATUS_NOT_INITIALIZED;
  if (!valid || !lwork) return CUSOLVER_STATUS_INVALID_VALUE;
  *lwork = lengthFor(m, n);
  return CUSOLVER_STATUS_SUCCESS;
}

template <class T>
Operand matrix(const char* name, const T* p, int ld, int columns) {
  return {name, p, static_cast<size_t>(ld) * static_cast<size_t>(columns) * sizeof(T)};
}
template <class T>
Operand vector(const char* name, const T* p, int n) {
  return {name, p, static_cast<size_t>(n) * sizeof(T)};
}

// Memory for a call of LAPACK that says how much it wants when it is asked with a length of -1.
template <class T, class F>
void withWork(F&& call) {
  T wanted = 0;
  call(&wanted, -1);
  std::vector<T> work(static_cast<size_t>(std::ceil(std::nextafter(std::max<T>(1, wanted), INFINITY))));
  call(work.data(), static_cast<int>(work.size()));
}

// Queues f, which returns the info. The last operand is the workspace, which holds NaN before and after.
template <class F>
cusolverStatus_t queue(cusolverDnHandle_t handle, const char* name, bool valid, int* info,
                       std::vector<Operand> operands, F&& f) {
  if (!handle) return CUSOLVER_STATUS_NOT_INITIALIZED;
  if (!valid || !info) return CUSOLVER_STATUS_INVALID_VALUE;
  for (const Operand& o : operands)
    if (o.bytes > 0 && !o.p) return CUSOLVER_STATUS_INVALID_VALUE;
  const cudaStream_t stream = handle->stream;
  const int device = handle->device;
  if (deviceOf(stream) != device) return CUSOLVER_STATUS_EXECUTION_FAILED;
  operands.push_back({"info", info, sizeof(int)});
  const cudaError_t status = enqueue(stream, [=] {
    for (const Operand& o : operands)
      if (!reachable(stream, device, name, {o})) return;
    const Operand& workspace = operands[operands.size() - 2];
    const auto spoil = [&] {
      if (workspace.bytes > 0) std::memset(const_cast<void*>(workspace.p), 0xff, workspace.bytes);
    };
    spoil();
    *info = f();
    spoil();
  });
  return status == cudaSuccess ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_EXECUTION_FAILED;
}

const Operand kNoWorkspace{"no workspace", nullptr, 0};
const char* letter(cublasOperation_t op) { return op == CUBLAS_OP_N ? "N" : "T"; }
const char* letter(cublasFillMode_t triangle) { return triangle == CUBLAS_FILL_MODE_UPPER ? "U" : "L"; }

template <class T>
cusolverStatus_t getrf(cusolverDnHandle_t handle, int m, int n, T* a, int lda, T* work, int* pivots, int* info) {
  return queue(handle, "getrf", m > 0 && n > 0 && lda >= m, info,
               {matrix("A", a, lda, n), vector("the pivots", pivots, std::min(m, n)),
                vector("the workspace", work, lengthFor(m, n))},
               [=] {
                 int said = 0;
                 Lapack<T>::getrf(&m, &n, a, &lda, pivots, &said);
                 return said;
               });
}

template <class T>
cusolverStatus_t getrs(cusolverDnHandle_t handle, cublasOperation_t trans, int n, int nrhs, const T* a, int lda,
                       const int* pivots, T* b, int ldb, int* info) {
  return queue(handle, "getrs", n > 0 && nrhs > 0 && lda >= n && ldb >= n, info,
               {matrix("A", a, lda, n), vector("the pivots", pivots, n), matrix("B", b, ldb, nrhs), kNoWorkspace}, [=] {
                 int said = 0;
                 Lapack<T>::getrs(letter(trans), &n, &nrhs, a, &lda, pivots, b, &ldb, &said);
                 return said;
               });
}

template <class T>
cusolverStatus_t geqrf(cusolverDnHandle_t handle, int m, int n, T* a, int lda, T* tau, T* work, int lwork, int* info) {
  return queue(
      handle, "geqrf", m > 0 && n > 0 && lda >= m && lwork >= lengthFor(m, n), info,
      {matrix("A", a, lda, n), vector("tau", tau, std::min(m, n)), vector("the workspace", work, lwork)}, [=] {
        int said = 0;
        withWork<T>([&](T* memory, int length) { Lapack<T>::geqrf(&m, &n, a, &lda, tau, memory, &length, &said); });
        return said;
      });
}

template <class T>
cusolverStatus_t orgqr(cusolverDnHandle_t handle, int m, int n, int k, T* a, int lda, const T* tau, T* work, int lwork,
                       int* info) {
  return queue(
      handle, "orgqr", n > 0 && m >= n && k >= 0 && n >= k && lda >= m && lwork >= lengthFor(m, n), info,
      {matrix("A", a, lda, n), vector("tau", tau, k), vector("the workspace", work, lwork)}, [=] {
        int said = 0;
        withWork<T>([&](T* memory, int length) { Lapack<T>::orgqr(&m, &n, &k, a, &lda, tau, memory, &length, &said); });
        return said;
      });
}

template <class T>
cusolverStatus_t ormqr(cusolverDnHandle_t handle, cublasSideMode_t side, cublasOperation_t trans, int m, int n, int k,
                       const T* a, int lda, const T* tau, T* c, int ldc, T* work, int lwork, int* info) {
  const bool left = side == CUBLAS_SIDE_LEFT;
  const int order = left ? m : n;
  return queue(
      handle, "ormqr", m > 0 && n > 0 && k >= 0 && k <= order && lda >= order && ldc >= m && lwork >= lengthFor(m, n),
      info,
      {matrix("A", a, lda, k), vector("tau", tau, k), matrix("C", c, ldc, n), vector("the workspace", work, lwork)},
      [=] {
        int said = 0;
        withWork<T>([&](T* memory, int length) {
          Lapack<T>::ormqr(left ? "L" : "R", letter(trans), &m, &n, &k, a, &lda, tau, c, &ldc, memory, &length, &said);
        });
        return said;
      });
}

// LAPACK's iterations need not end for infinities; those of the real library do.
template <class T>
bool finite(const T* a, int m, int n, int lda) {
  for (int j = 0; j < n; j++)
    for (int i = 0; i < m; i++)
      if (!std::isfinite(a[static_cast<int64_t>(j) * lda + i])) return false;
  return true;
}

template <class T>
cusolverStatus_t syevd(cusolverDnHandle_t handle, cusolverEigMode_t job, cublasFillMode_t triangle, int n, T* a,
                       int lda, T* w, T* work, int lwork, int* info) {
  return queue(handle, "syevd", n > 0 && lda >= n && lwork >= lengthFor(n, n), info,
               {matrix("A", a, lda, n), vector("W", w, n), vector("the workspace", work, lwork)}, [=] {
                 if (!finite(a, n, n, lda)) return 1;
                 int said = 0;
                 std::vector<int> whole(3 + 5 * static_cast<size_t>(n));
                 const int count = static_cast<int>(whole.size());
                 withWork<T>([&](T* memory, int length) {
                   Lapack<T>::syevd(job == CUSOLVER_EIG_MODE_VECTOR ? "V" : "N", letter(triangle), &n, a, &lda, w,
                                    memory, &length, whole.data(), &count, &said);
                 });
                 return said;
               });
}

template <class T>
cusolverStatus_t gesvd(cusolverDnHandle_t handle, signed char jobu, signed char jobvt, int m, int n, T* a, int lda,
                       T* s, T* u, int ldu, T* vt, int ldvt, T* work, int lwork, int* info) {
  const auto known = [](signed char job) { return job == 'A' || job == 'S' || job == 'N'; };
  const int columns = jobu == 'A' ? m : jobu == 'S' ? n : 0;
  return queue(handle, "gesvd",
               known(jobu) && known(jobvt) && n > 0 && m >= n && lda >= m && ldu >= (columns > 0 ? m : 1) &&
                   ldvt >= n && lwork >= lengthFor(m, n),
               info,
               {matrix("A", a, lda, n), vector("S", s, n), matrix("U", u, ldu, columns),
                matrix("VT", vt, ldvt, jobvt == 'N' ? 0 : n), vector("the workspace", work, lwork)},
               [=] {
                 if (!finite(a, m, n, lda)) return 1;
                 int said = 0;
                 const char left = static_cast<char>(jobu), right = static_cast<char>(jobvt);
                 withWork<T>([&](T* memory, int length) {
                   Lapack<T>::gesvd(&left, &right, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, memory, &length, &said);
                 });
                 return said;
               });
}

template <class T>
cusolverStatus_t sytrf(cusolverDnHandle_t handle, cublasFillMode_t triangle, int n, T* a, int lda, int* pivots, T* work,
                       int lwork, int* info) {
  return queue(handle, "sytrf", n > 0 && lda >= n && lwork >= lengthFor(n, n), info,
               {matrix("A", a, lda, n), vector("the pivots", pivots, n), vector("the workspace", work, lwork)}, [=] {
                 int said = 0;
                 withWork<T>([&](T* memory, int length) {
                   Lapack<T>::sytrf(letter(triangle), &n, a, &lda, pivots, memory, &length, &said);
                 });
                 return said;
               });
}

template <class T>
cusolverStatus_t sytrs(cusolverDnHandle_t handle, cublasFillMode_t triangle, int n, int nrhs, const T* a, int lda,
                       const int64_t* pivots, T* b, int ldb, void* work, size_t bytes, int* info) {
  return queue(handle, "sytrs", n > 0 && nrhs > 0 && lda >= n && ldb >= n, info,
               {matrix("A", a, lda, n), vector("the pivots", pivots, n), matrix("B", b, ldb, nrhs),
                Operand{"the workspace", work, bytes}},
               [=] {
                 int said = 0;
                 const std::vector<int> narrow(pivots, pivots + n);
                 Lapack<T>::sytrs(letter(triangle), &n, &nrhs, a, &lda, narrow.data(), b, &ldb, &said);
                 return said;
               });
}

}  // namespace
}  // namespace emulation

using namespace emulation;  // NOLINT: the functions below are the library's own

cusolverStatus_t cusolverGetVersion(int* version) {
  if (!version) return CUSOLVER_STATUS_INVALID_VALUE;
  *version = CUSOLVER_VERSION;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnCreate(cusolverDnHandle_t* handle) {
  if (!handle) return CUSOLVER_STATUS_INVALID_VALUE;
  int device;
  if (cudaGetDevice(&device) != cudaSuccess) return CUSOLVER_STATUS_NOT_INITIALIZED;
  *handle = new cusolverDnContext{device, nullptr};
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnDestroy(cusolverDnHandle_t handle) {
  if (!handle) return CUSOLVER_STATUS_NOT_INITIALIZED;
  delete handle;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnSetStream(cusolverDnHandle_t handle, cudaStream_t streamId) {
  if (!handle) return CUSOLVER_STATUS_NOT_INITIALIZED;
  handle->stream = streamId;
  return CUSOLVER_STATUS_SUCCESS;
}

// The functions of float, S, and of double, D.
#define DT_FUNCTIONS(L, T)                                                                                             \
  cusolverStatus_t cusolverDn##L##getrf_bufferSize(cusolverDnHandle_t handle, int m, int n, T*, int lda, int* lwork) { \
    return tell(handle, m > 0 && n > 0 && lda >= m, lwork, m, n);                                                      \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##getrf(cusolverDnHandle_t handle, int m, int n, T* A, int lda, T* Workspace,          \
                                        int* devIpiv, int* devInfo) {                                                  \
    return getrf(handle, m, n, A, lda, Workspace, devIpiv, devInfo);                                                   \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##getrs(cusolverDnHandle_t handle, cublasOperation_t trans, int n, int nrhs,           \
                                        const T* A, int lda, const int* devIpiv, T* B, int ldb, int* devInfo) {        \
    return getrs(handle, trans, n, nrhs, A, lda, devIpiv, B, ldb, devInfo);                                            \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##geqrf_bufferSize(cusolverDnHandle_t handle, int m, int n, T*, int lda, int* lwork) { \
    return tell(handle, m > 0 && n > 0 && lda >= m, lwork, m, n);                                                      \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##geqrf(cusolverDnHandle_t handle, int m, int n, T* A, int lda, T* TAU, T* Workspace,  \
                                        int Lwork, int* devInfo) {                                                     \
    return geqrf(handle, m, n, A, lda, TAU, Workspace, Lwork, devInfo);                                                \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##orgqr_bufferSize(cusolverDnHandle_t handle, int m, int n, int k, const T*, int lda,  \
                                                   const T*, int* lwork) {                                             \
    return tell(handle, n > 0 && m >= n && n >= k && lda >= m, lwork, m, n);                                           \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##orgqr(cusolverDnHandle_t handle, int m, int n, int k, T* A, int lda, const T* tau,   \
                                        T* work, int lwork, int* info) {                                               \
    return orgqr(handle, m, n, k, A, lda, tau, work, lwork, info);                                                     \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##ormqr_bufferSize(cusolverDnHandle_t handle, cublasSideMode_t, cublasOperation_t,     \
                                                   int m, int n, int k, const T*, int, const T*, const T*, int ldc,    \
                                                   int* lwork) {                                                       \
    return tell(handle, m > 0 && n > 0 && k >= 0 && ldc >= m, lwork, m, n);                                            \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##ormqr(cusolverDnHandle_t handle, cublasSideMode_t side, cublasOperation_t trans,     \
                                        int m, int n, int k, const T* A, int lda, const T* tau, T* C, int ldc,         \
                                        T* work, int lwork, int* devInfo) {                                            \
    return ormqr(handle, side, trans, m, n, k, A, lda, tau, C, ldc, work, lwork, devInfo);                             \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##syevd_bufferSize(cusolverDnHandle_t handle, cusolverEigMode_t, cublasFillMode_t,     \
                                                   int n, const T*, int lda, const T*, int* lwork) {                   \
    return tell(handle, n > 0 && lda >= n, lwork, n, n);                                                               \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##syevd(cusolverDnHandle_t handle, cusolverEigMode_t jobz, cublasFillMode_t uplo,      \
                                        int n, T* A, int lda, T* W, T* work, int lwork, int* info) {                   \
    return syevd(handle, jobz, uplo, n, A, lda, W, work, lwork, info);                                                 \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##gesvd_bufferSize(cusolverDnHandle_t handle, int m, int n, int* lwork) {              \
    return tell(handle, n > 0 && m >= n, lwork, m, n);                                                                 \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##gesvd(cusolverDnHandle_t handle, signed char jobu, signed char jobvt, int m, int n,  \
                                        T* A, int lda, T* S, T* U, int ldu, T* VT, int ldvt, T* work, int lwork, T*,   \
                                        int* info) {                                                                   \
    return gesvd(handle, jobu, jobvt, m, n, A, lda, S, U, ldu, VT, ldvt, work, lwork, info);                           \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##sytrf_bufferSize(cusolverDnHandle_t handle, int n, T*, int lda, int* lwork) {        \
    return tell(handle, n > 0 && lda >= n, lwork, n, n);                                                               \
  }                                                                                                                    \
  cusolverStatus_t cusolverDn##L##sytrf(cusolverDnHandle_t handle, cublasFillMode_t uplo, int n, T* A, int lda,        \
                                        int* ipiv, T* work, int lwork, int* info) {                                    \
    return sytrf(handle, uplo, n, A, lda, ipiv, work, lwork, info);                                                    \
  }
DT_FUNCTIONS(S, float)
DT_FUNCTIONS(D, double)

cusolverStatus_t cusolverDnXsytrs_bufferSize(cusolverDnHandle_t handle, cublasFillMode_t, int64_t n, int64_t nrhs,
                                             cudaDataType, const void*, int64_t, const int64_t*, cudaDataType, void*,
                                             int64_t, size_t* workspaceInBytesOnDevice,
                                             size_t* workspaceInBytesOnHost) {
  if (!handle) return CUSOLVER_STATUS_NOT_INITIALIZED;
  if (!workspaceInBytesOnDevice || !workspaceInBytesOnHost) return CUSOLVER_STATUS_INVALID_VALUE;
  *workspaceInBytesOnDevice = static_cast<size_t>(8 * (n + nrhs));
  *workspaceInBytesOnHost = 0;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnXsytrs(cusolverDnHandle_t handle, cublasFillMode_t uplo, int64_t n, int64_t nrhs,
                                  cudaDataType dataTypeA, const void* A, int64_t lda, const int64_t* ipiv,
                                  cudaDataType dataTypeB, void* B, int64_t ldb, void* bufferOnDevice,
                                  size_t workspaceInBytesOnDevice, void*, size_t, int* info) {
  if (workspaceInBytesOnDevice < static_cast<size_t>(8 * (n + nrhs)) || dataTypeA != dataTypeB)
    return CUSOLVER_STATUS_INVALID_VALUE;
  const auto run = [&]<class T>(T) {
    return sytrs(handle, uplo, static_cast<int>(n), static_cast<int>(nrhs), static_cast<const T*>(A),
                 static_cast<int>(lda), ipiv, static_cast<T*>(B), static_cast<int>(ldb), bufferOnDevice,
                 workspaceInBytesOnDevice, info);
  };
  switch (dataTypeA) {
    case CUDA_R_32F: return run(0.0F);
    case CUDA_R_64F: return run(0.0);
    default: return CUSOLVER_STATUS_NOT_SUPPORTED;
  }
}
