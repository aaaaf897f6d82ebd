// Work on several threads of the CPU.
#pragma once

#include <omp.h>

#include <cstdint>

namespace dtrain::cpu {

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
