// Loops that fold elements into accumulators, for kernels/reduce.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

#include "kernels/math/reduce.h"

template <class T>
void sumRow(int64_t n, const char* x, int64_t sx, void* acc) {
  using A = Accumulator<T>;
  A sum = 0;
  if (sx == sizeof(T)) {
    const T* a = reinterpret_cast<const T*>(x);
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++) sum += static_cast<A>(a[i]);
  } else {
    for (int64_t i = 0; i < n; i++) sum += static_cast<A>(*reinterpret_cast<const T*>(x + i * sx));
  }
  *static_cast<A*>(acc) += sum;
}

template <class T>
void sumColumns(int64_t n, const char* x, int64_t sx, void* acc) {
  using A = Accumulator<T>;
  A* sum = static_cast<A*>(acc);
  if (sx == sizeof(T)) {
    const T* a = reinterpret_cast<const T*>(x);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) sum[i] += static_cast<A>(a[i]);
  } else {
    for (int64_t i = 0; i < n; i++) sum[i] += static_cast<A>(*reinterpret_cast<const T*>(x + i * sx));
  }
}

template <class T>
void maxRow(int64_t n, const char* x, int64_t sx, void* acc) {
  T best = *static_cast<T*>(acc);
  for (int64_t i = 0; i < n; i++) best = maxOf(best, *reinterpret_cast<const T*>(x + i * sx));
  *static_cast<T*>(acc) = best;
}

template <class T>
void maxColumns(int64_t n, const char* x, int64_t sx, void* acc) {
  T* best = static_cast<T*>(acc);
  for (int64_t i = 0; i < n; i++) best[i] = maxOf(best[i], *reinterpret_cast<const T*>(x + i * sx));
}

template <class T>
void weightedSum(int64_t n, int sources, const void* const* from, const double* weights, void* outp) {
  T* out = static_cast<T*>(outp);
  constexpr int64_t block = 1024;  // stays in the first-level cache
  T sum[block];
  for (int64_t start = 0; start < n; start += block) {
    const int64_t len = n - start < block ? n - start : block;
    for (int s = 0; s < sources; s++) {
      const T* a = static_cast<const T*>(from[s]) + start;
      const T w = static_cast<T>(weights[s]);
      if (s == 0) {
#pragma omp simd
        for (int64_t i = 0; i < len; i++) sum[i] = w * a[i];
      } else {
#pragma omp simd
        for (int64_t i = 0; i < len; i++) sum[i] += w * a[i];
      }
    }
    for (int64_t i = 0; i < len; i++) out[start + i] = sum[i];
  }
}

#define DT_FOLD(loop) \
  { loop<float>, loop<double>, loop<int64_t> }

}  // namespace

extern const ReduceLoops reduceLoops;
const ReduceLoops reduceLoops = {
    {DT_FOLD(sumRow), DT_FOLD(maxRow)},
    {DT_FOLD(sumColumns), DT_FOLD(maxColumns)},
    {weightedSum<float>, weightedSum<double>},
};

}  // namespace dtrain::DT_ISA
