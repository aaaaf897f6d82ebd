// GEMM. OpenBLAS is quicker on small float32 products, oneDNN on large ones and on vectors, so the library is chosen by
// size (docs/decisions/0005-gemm-library-by-size.md has the figures); float64 is always OpenBLAS. Older OpenBLAS builds
// are known to miscompute on some processors: native/test/gemm.cc checks both libraries on the machine at hand.
//
// Elements of other dtypes are converted to the type that is computed in, and the result is rounded or cut off once.
#include "kernels/matmul.h"

#include <cblas.h>
#include <oneapi/dnnl/dnnl.h>

#include "core/operand.h"
#include "kernels/arithmetic.h"
#include "kernels/copy.h"
#include "kernels/cpu/gemm.h"
#include "kernels/cpu/loops.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/widened.h"
#include "kernels/matrix.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {
constexpr int64_t kLarge = 64 * 64 * 100;  // m n k from which oneDNN's sgemm wins

CBLAS_TRANSPOSE blas(bool transposed) { return transposed ? CblasTrans : CblasNoTrans; }
}  // namespace

template <>
void gemmRaw(bool transA, bool transB, int64_t m, int64_t n, int64_t k, float alpha, const float* a, int64_t lda,
             const float* b, int64_t ldb, float beta, float* c, int64_t ldc) {
  if (m * n * k >= kLarge) {
    const auto status =
        dnnl_sgemm(transA ? 'T' : 'N', transB ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    check(status == dnnl_success, Code::internal, "matmul: oneDNN sgemm failed with status ", static_cast<int>(status));
    return;
  }
  cblas_sgemm(CblasRowMajor, blas(transA), blas(transB), static_cast<int>(m), static_cast<int>(n), static_cast<int>(k),
              alpha, a, static_cast<int>(lda), b, static_cast<int>(ldb), beta, c, static_cast<int>(ldc));
}

template <>
void gemmRaw(bool transA, bool transB, int64_t m, int64_t n, int64_t k, double alpha, const double* a, int64_t lda,
             const double* b, int64_t ldb, double beta, double* c, int64_t ldc) {
  cblas_dgemm(CblasRowMajor, blas(transA), blas(transB), static_cast<int>(m), static_cast<int>(n), static_cast<int>(k),
              alpha, a, static_cast<int>(lda), b, static_cast<int>(ldb), beta, c, static_cast<int>(ldc));
}

template <>
void gemmRaw(bool transA, bool transB, int64_t m, int64_t n, int64_t k, int64_t alpha, const int64_t* a, int64_t lda,
             const int64_t* b, int64_t ldb, int64_t beta, int64_t* c, int64_t ldc) {
  for (int64_t i = 0; i < m; i++)
    for (int64_t* to = c + i * ldc; to < c + i * ldc + n; to++)
      *to = beta == 0 ? 0 : static_cast<int64_t>(static_cast<uint64_t>(beta) * static_cast<uint64_t>(*to));
  const int64_t rowA = transA ? 1 : lda, columnA = transA ? lda : 1, rowB = transB ? 1 : ldb,
                columnB = transB ? ldb : 1;
  const auto product = loops().matmul.product;
  if (m < n)
    parallelFor(n, m * n * k, [&](int64_t begin, int64_t end) {
      product(m, end - begin, k, alpha, a, rowA, columnA, b + begin * columnB, rowB, columnB, c + begin, ldc);
    });
  else
    parallelFor(m, m * n * k, [&](int64_t begin, int64_t end) {
      product(end - begin, n, k, alpha, a + begin * rowA, rowA, columnA, b, rowB, columnB, c + begin * ldc, ldc);
    });
}

namespace {

// How many elements apart the matrices of a batch are.
struct Steps {
  int64_t a = 0, b = 0, c = 0;
};

// c = alpha a b + beta c for matrices that are not empty, and for those that follow them.
void multiply(const Tensor& a, const Tensor& b, const Tensor& c, int64_t count, const Steps& steps, double alpha,
              double beta) {
  const int64_t m = c.size(0), n = c.size(1), k = a.size(1);
  const MatrixLayout la(a), lb(b);
  check(std::max({m, n, k, la.ld, lb.ld, c.stride(0)}) <= INT32_MAX, Code::unsupported,
        "matmul: a dimension above 2147483647 is not supported: ", a.sizes(), " x ", b.sizes());
  dispatchCompute(computeOf(c.dtype()), [&](auto zero) {
    using T = decltype(zero);
    for (int64_t i = 0; i < count; i++)
      gemmRaw<T>(la.transposed, lb.transposed, m, n, k, static_cast<T>(alpha), a.data<T>() + i * steps.a, la.ld,
                 b.data<T>() + i * steps.b, lb.ld, static_cast<T>(beta), c.data<T>() + i * steps.c, c.stride(0));
  });
}

void gemm(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& c, double alpha, double beta) {
  const int64_t m = c.size(0), n = c.size(1), k = a.size(1);
  if (m == 0 || n == 0) return;
  if (!isCompute(c.dtype())) {
    const Tensor wide = beta == 0 ? wideLike(c) : widened(c);
    gemm(widened(a), widened(b), widened(bias), wide, alpha, beta);
    return kernels<CopyKernels>(c).copy(wide, c);
  }
  if (bias.defined()) {  // its rows first, then the product on top
    if (beta == 0) kernels<CopyKernels>(c).copy(bias, c);
    else kernels<ArithmeticKernels>(c).run(Arithmetic::add, bias, c, beta, c.dtype(), c);
    beta = 1;
  }
  if (k == 0) {
    if (beta == 0) kernels<CopyKernels>(c).fill(c, 0);
    else if (beta != 1) kernels<ArithmeticKernels>(c).run(Arithmetic::mul, c, beta, 1, c.dtype(), c);
    return;
  }
  multiply(a, b, c, 1, {}, alpha, beta);
}

void bmm(const Tensor& a, const Tensor& b, const Tensor& c, double alpha, double beta) {
  if (c.numel() > 0 && a.numel() > 0 && isCompute(c.dtype()))
    return multiply(matrixOf(a, 0), matrixOf(b, 0), matrixOf(c, 0), c.size(0), {a.stride(0), b.stride(0), c.stride(0)},
                    alpha, beta);
  for (int64_t i = 0; i < c.size(0); i++) gemm(matrixOf(a, i), matrixOf(b, i), {}, matrixOf(c, i), alpha, beta);
}

}  // namespace

const Fill table(cpuTable<MatmulKernels>, {.gemm = gemm, .bmm = bmm});

}  // namespace dtrain::cpu
