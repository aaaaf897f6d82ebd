// Products of plain memory, by OpenBLAS, oneDNN or, for integers, by a loop of ours.
#pragma once

#include <cstdint>

namespace dtrain::cpu {

// Row-major: c[m, n] = alpha op(a) op(b) + beta c, lda etc. in elements. T is float, double or int64_t.
template <class T>
void gemmRaw(bool transA, bool transB, int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t lda, const T* b,
             int64_t ldb, T beta, T* c, int64_t ldc);

}  // namespace dtrain::cpu
