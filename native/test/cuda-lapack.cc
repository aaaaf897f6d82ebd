// Factors of matrices by cuSOLVER, against LAPACK's. Vectors of eigenvalues and singular values are known but for their
// sign, and factors of symmetric matrices may be others, so values and solutions are compared.
#include "kernels/lapack.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

constexpr DType kFactored[] = {DType::float32, DType::float64};
constexpr int64_t kBatch = 3;

// The lengths of sums here are below 10, and the matrices well conditioned.
double tolerance(DType dtype) { return 100 * rounding(dtype); }

// Random numbers, with more on the diagonal of matrices [.., n, rows].
Values raised(DType dtype, int64_t n, int64_t rows) {
  return [any = anyValues(dtype, 7), n, rows](int64_t i) {
    const int64_t column = i / rows % n, row = i % rows;
    return any(i) + (row == column ? 4.0 + static_cast<double>(column) : 0.0);
  };
}

// Both triangles.
Values symmetric(DType dtype, int64_t n) {
  std::vector<double> half(static_cast<size_t>(n * n));
  const Values any = anyValues(dtype, 5);
  for (int64_t i = 0; i < n * n; i++) half[i] = any(i);
  return [half, n](int64_t i) {
    const int64_t a = i / n % n, b = i % n;
    return half[std::max(a, b) * n + std::min(a, b)] + (a == b ? 2.0 * static_cast<double>(a) : 0.0);
  };
}

CUDA_TEST("cuda: LU factors and their solutions") {
  for (DType dtype : kFactored)
    for (auto [m, n] : {std::pair<int64_t, int64_t>{4, 4}, {6, 3}, {3, 5}, {1, 1}}) {
      Twins twins(str("lu ", m, " x ", n));
      twins.out(dtype, {kBatch, n, m}, Layout::contiguous, raised(dtype, n, m))
          .out(DType::int32, {kBatch, std::min(m, n)})
          .out(DType::int32, {kBatch})
          .out(dtype, {kBatch, 2, n}, Layout::contiguous, anyValues(dtype, 3))
          .out(dtype, {kBatch, 2, n}, Layout::contiguous, anyValues(dtype, 4))
          .run<LapackKernels>(tolerance(dtype), [m = m, n = n](auto& k, auto& t) {
            k.lu(t[0], t[1], t[2]);
            if (m != n) return;
            k.luSolve(t[0], t[1], false, t[3]);
            k.luSolve(t[0], t[1], true, t[4]);
          });
    }
}

CUDA_TEST("cuda: a zero on the diagonal of U is in info") {
  for (DType dtype : kFactored)
    Twins("lu")
        .out(dtype, {2, 2, 2}, Layout::contiguous,
             [](int64_t i) { return i < 4 ? static_cast<double>(i % 3 == 0) : 1.0; })
        .out(DType::int32, {2, 2})
        .out(DType::int32, {2})
        .run<LapackKernels>(0, [](auto& k, auto& t) {
          k.lu(t[0], t[1], t[2]);
          expect((t[2].device().isCpu() ? std::vector<int32_t>{0, 2} : toHost<int32_t>(t[2])) ==
                     std::vector<int32_t>{0, 2},
                 "info");
        });
}

CUDA_TEST("cuda: QR factors and products with Q") {
  for (DType dtype : kFactored)
    for (auto [m, n] : {std::pair<int64_t, int64_t>{4, 4}, {6, 3}}) {
      Twins(str("qr ", m, " x ", n))
          .out(dtype, {kBatch, n, m}, Layout::contiguous, raised(dtype, n, m))
          .out(dtype, {kBatch, n})
          .out(dtype, {kBatch, 2, m}, Layout::contiguous, anyValues(dtype, 3))
          .out(dtype, {kBatch, m, 2}, Layout::contiguous, anyValues(dtype, 4))
          .run<LapackKernels>(tolerance(dtype), [](auto& k, auto& t) {
            k.qr(t[0], t[1]);
            k.multiplyByQ(t[0], t[1], true, true, t[2]);
            k.multiplyByQ(t[0], t[1], false, false, t[3]);
            k.householder(t[0], t[1]);
          });
    }
}

// What a kernel may write over.
Tensor own(const Tensor& x) {
  const Tensor y = empty(x.sizes(), x.dtype(), x.device());
  kernels<CopyKernels>(x).copy(x, y);
  return y;
}

CUDA_TEST("cuda: eigenvalues and singular values") {
  for (DType dtype : kFactored)
    for (const bool chosen : {false, true}) {
      Twins("eigh")
          .in(dtype, {kBatch, 5, 5}, Layout::contiguous, symmetric(dtype, 5))
          .out(dtype, {kBatch, 5})
          .out(DType::int32, {kBatch})
          .run<LapackKernels>(tolerance(dtype),
                              [&](auto& k, auto& t) { k.eigh(own(t[0]), chosen, !chosen, t[1], t[2]); });
      for (auto [m, n] : {std::pair<int64_t, int64_t>{4, 4}, {6, 3}, {3, 6}}) {
        const int64_t least = std::min(m, n);
        Twins(str("svd ", m, " x ", n))
            .in(dtype, {kBatch, n, m})
            .out(dtype, {kBatch, least})
            .out(DType::int32, {kBatch})
            .run<LapackKernels>(tolerance(dtype), [&, m = m, n = n](auto& k, auto& t) {
              const auto made = [&](int64_t columns, int64_t rows) {
                return chosen ? empty({kBatch, columns, rows}, dtype, t[0].device()) : Tensor();
              };
              k.svd(own(t[0]), made(least, m), t[1], made(n, least), t[2]);
            });
      }
    }
}

CUDA_TEST("cuda: solutions by LDL factors") {
  for (DType dtype : kFactored)
    Twins("ldl")
        .in(dtype, {kBatch, 4, 4}, Layout::contiguous, symmetric(dtype, 4))
        .out(DType::int32, {kBatch})
        .out(dtype, {kBatch, 2, 4}, Layout::contiguous, anyValues(dtype, 3))
        .run<LapackKernels>(tolerance(dtype), [](auto& k, auto& t) {
          const Tensor factors = own(t[0]), pivots = empty({kBatch, 4}, DType::int32, t[0].device());
          k.ldl(factors, pivots, t[1]);
          k.ldlSolve(factors, pivots, t[2]);
        });
}

}  // namespace
}  // namespace dtrain::test
