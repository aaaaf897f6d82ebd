// Products of matrices of integers, for kernels/matmul.h. A panel of b, kDeep rows of kColumns elements, stays in the
// first-level cache while all rows of a pass by it, kRows at a time, whose sums stay in registers.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

constexpr int kRows = 4, kColumns = 16, kDeep = 128;

void product(int64_t m, int64_t n, int64_t k, int64_t alpha, const int64_t* a, int64_t rowA, int64_t columnA,
             const int64_t* b, int64_t rowB, int64_t columnB, int64_t* c, int64_t rowC) {
  uint64_t panel[kDeep][kColumns];  // unsigned, because integers wrap
  for (int64_t j0 = 0; j0 < n; j0 += kColumns)
    for (int64_t p0 = 0; p0 < k; p0 += kDeep) {
      const int64_t columns = n - j0 < kColumns ? n - j0 : kColumns, deep = k - p0 < kDeep ? k - p0 : kDeep;
      for (int64_t p = 0; p < deep; p++)
        for (int64_t j = 0; j < kColumns; j++)
          panel[p][j] = j < columns ? static_cast<uint64_t>(alpha) * b[(p0 + p) * rowB + (j0 + j) * columnB] : 0;
      for (int64_t i0 = 0; i0 < m; i0 += kRows) {
        const int64_t* from[kRows];
        for (int r = 0; r < kRows; r++) from[r] = a + (i0 + r < m ? i0 + r : i0) * rowA + p0 * columnA;
        uint64_t sum[kRows][kColumns] = {};
        for (int64_t p = 0; p < deep; p++)
          for (int r = 0; r < kRows; r++) {
            const auto factor = static_cast<uint64_t>(from[r][p * columnA]);
#pragma omp simd
            for (int j = 0; j < kColumns; j++) sum[r][j] += factor * panel[p][j];
          }
        for (int64_t r = 0; r < kRows && i0 + r < m; r++)
          for (int64_t j = 0; j < columns; j++) {
            int64_t& to = c[(i0 + r) * rowC + j0 + j];
            to = static_cast<int64_t>(static_cast<uint64_t>(to) + sum[r][j]);
          }
      }
    }
}

}  // namespace

extern const MatmulLoops matmulLoops;
const MatmulLoops matmulLoops = {product};

}  // namespace dtrain::DT_ISA
