// See linalg.h. LAPACK's and BLAS's matrices are column major: a triangle is the other one to them, and rows of
// right-hand sides are their columns.
#include "kernels/linalg.h"

#include <cblas.h>

#include <cmath>

#include "core/tensor.h"
#include "kernels/table.h"

// OpenBLAS has LAPACK's functions, but Debian no header of them beside it.
extern "C" {
void spotrf_(const char* triangle, const int* n, float* a, const int* lda, int* info);
void dpotrf_(const char* triangle, const int* n, double* a, const int* lda, int* info);
}

namespace dtrain::cpu {
namespace {

void potrf(int n, float* a, int* info) { spotrf_("U", &n, a, &n, info); }
void potrf(int n, double* a, int* info) { dpotrf_("U", &n, a, &n, info); }

void trsm(CBLAS_UPLO triangle, CBLAS_DIAG diagonal, int n, int rows, const float* a, float* b) {
  cblas_strsm(CblasColMajor, CblasLeft, triangle, CblasTrans, diagonal, n, rows, 1, a, n, b, n);
}
void trsm(CBLAS_UPLO triangle, CBLAS_DIAG diagonal, int n, int rows, const double* a, double* b) {
  cblas_dtrsm(CblasColMajor, CblasLeft, triangle, CblasTrans, diagonal, n, rows, 1, a, n, b, n);
}

template <class F>
void dispatch(const Tensor& x, F&& f) {
  if (x.dtype() == DType::float32) f(float());
  else f(double());
}

// Row by row, and all that IEEE arithmetic has to say: OpenBLAS multiplies by 1 / infinity, and takes infinity * 0 for
// 0.
template <class T>
int factorPlainly(int64_t n, T* a) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j <= i; j++) {
      T rest = a[i * n + j];
      for (int64_t k = 0; k < j; k++) rest -= a[i * n + k] * a[j * n + k];
      if (i == j && !(rest > T(0))) return static_cast<int>(i + 1);
      a[i * n + j] = i == j ? std::sqrt(rest) : rest / a[j * n + j];
    }
  return 0;
}

void cholesky(const Tensor& a, const Tensor& order) {
  const int n = static_cast<int>(a.size(1));
  dispatch(a, [&](auto zero) {
    using T = decltype(zero);
    for (int64_t i = 0; i < a.size(0); i++) {
      T* const matrix = a.data<T>() + i * n * n;
      int info = 0;
      bool finite = true;
      for (int64_t j = 0; j < n; j++) finite = finite && std::isfinite(matrix[j * n + j]);
      if (!finite) info = factorPlainly<T>(n, matrix);
      else if (n > 0) potrf(n, matrix, &info);
      // OpenBLAS takes NaN for positive.
      for (int64_t j = 0; j < n && info == 0; j++)
        if (std::isnan(matrix[j * n + j])) info = static_cast<int>(j + 1);
      order.data<int32_t>()[i] = info;
    }
  });
}

void solveTriangular(const Tensor& a, bool upper, bool unit, const Tensor& b) {
  const int n = static_cast<int>(b.size(2)), rows = static_cast<int>(b.size(1));
  if (b.numel() == 0) return;
  dispatch(b, [&](auto zero) {
    using T = decltype(zero);
    for (int64_t i = 0; i < b.size(0); i++)
      trsm(upper ? CblasLower : CblasUpper, unit ? CblasUnit : CblasNonUnit, n, rows, a.data<T>() + i * n * n,
           b.data<T>() + i * rows * n);
  });
}

const Fill table(cpuTable<LinalgKernels>, {.cholesky = cholesky, .solveTriangular = solveTriangular});

}  // namespace
}  // namespace dtrain::cpu
