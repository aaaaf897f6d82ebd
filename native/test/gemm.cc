// GEMM of both libraries against a plain loop, over sizes, transposes and leading dimensions. Older OpenBLAS builds are
// known to miscompute on some processors, so this runs on every machine that builds dtrain. An element may be off by
// what rounding explains in a sum of k terms of that size, in any order (test/support/tolerance.ts has the formula).
#include "kernels/cpu/gemm.h"

#include <limits>
#include <random>

#include "test/test.h"

namespace dtrain::cpu {
namespace {

template <class T>
void checkGemm() {
  constexpr double kUnit = std::numeric_limits<T>::epsilon() / 2;
  std::mt19937 engine(1);
  std::uniform_real_distribution<double> uniform(-1, 1);
  const std::vector<int64_t> sizes{1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 33, 64, 65, 100, 127, 129, 256};
  int checked = 0;
  for (int64_t m : sizes)
    for (int64_t n : sizes)
      for (int64_t k : sizes) {
        if (m * n * k > 1'200'000 || (m * 7 + n * 3 + k) % 4 != 0) continue;  // a spread of a few thousand shapes
        const bool transA = checked & 1, transB = checked & 2;
        const int64_t pad = checked++ % 3, lda = (transA ? m : k) + pad, ldb = (transB ? k : n) + pad, ldc = n + pad;
        std::vector<T> a((transA ? k : m) * lda), b((transB ? n : k) * ldb), c(m * ldc, T(7));
        for (T& v : a) v = static_cast<T>(uniform(engine));
        for (T& v : b) v = static_cast<T>(uniform(engine));
        gemmRaw<T>(transA, transB, m, n, k, 2, a.data(), lda, b.data(), ldb, T(0.5), c.data(), ldc);
        for (int64_t i = 0; i < m; i++)
          for (int64_t j = 0; j < ldc; j++) {
            long double want = 7;  // more exact than either dtype
            double size = 0;
            if (j < n) {
              want = size = 3.5;
              for (int64_t p = 0; p < k; p++) {
                const long double term =
                    2.0L * (transA ? a[p * lda + i] : a[i * lda + p]) * (transB ? b[j * ldb + p] : b[p * ldb + j]);
                want += term;
                size += static_cast<double>(std::abs(term));
              }
            }
            const double terms = static_cast<double>(k + 1);
            const double bound =
                kUnit * (10 * std::abs(static_cast<double>(want)) + std::min(terms + 1, 6 * std::sqrt(terms)) * size);
            test::expect(std::abs(c[i * ldc + j] - want) <= bound, "gemm ", m, "x", n, "x", k, transA ? " A^T" : "",
                         transB ? " B^T" : "", " pad ", pad, ": element ", i, ",", j, " is ", c[i * ldc + j],
                         ", a plain loop gives ", want);
          }
      }
  EXPECT(checked > 500);
}

TEST("gemm float32 equals a plain loop") { checkGemm<float>(); }
TEST("gemm float64 equals a plain loop") { checkGemm<double>(); }

}  // namespace
}  // namespace dtrain::cpu
