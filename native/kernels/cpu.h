// What the CPU kernels share: the choice of their inner loops, products of plain memory, and threads.
#pragma once

#include <omp.h>

#include "kernels/table.h"

namespace dtrain {
struct Loops;
}

namespace dtrain::cpu {

// All inner loops that this processor can run, the best last.
std::vector<const Loops*> usableLoops();
// The table of that name; null or empty: the best. Throws if this processor cannot run it.
const Loops& chooseLoops(const char* name);

// Row-major GEMM on raw pointers: c[m, n] = alpha op(a) op(b) + beta c, lda etc. in elements.
template <class T>
void gemmRaw(bool transA, bool transB, int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t lda, const T* b,
             int64_t ldb, T beta, T* c, int64_t ldc);

// Fewer elements than this are not worth waking other threads.
constexpr int64_t kGrain = 32768;

// Calls f(begin, end) on parts of [0, n), in parallel when the whole is at least `grain` units of work.
template <class F>
void parallelFor(int64_t n, int64_t work, F&& f) {
  if (n <= 1 || work < kGrain || omp_get_max_threads() == 1 || omp_in_parallel()) {
    if (n > 0) f(int64_t{0}, n);
    return;
  }
#pragma omp parallel
  {
    const int64_t threads = omp_get_num_threads(), me = omp_get_thread_num();
    const int64_t begin = n * me / threads, end = n * (me + 1) / threads;
    if (begin < end) f(begin, end);
  }
}

}  // namespace dtrain::cpu
