// Loops over a row of scores, for kernels/attention.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

// The scores become exp(score - top), top that of all so far; `sum` is of all so far. By what earlier ones shrink.
template <class T>
double powers(int64_t n, void* xp, double* top, double* sum) {
  T* x = static_cast<T*>(xp);
  T largest = static_cast<T>(*top);
#pragma omp simd reduction(max : largest)
  for (int64_t i = 0; i < n; i++) largest = x[i] > largest ? x[i] : largest;
  const bool none = largest == -__builtin_inf();  // only then all scores are -infinity, or NaN
  const T from = none ? T(0) : largest;
  T total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t i = 0; i < n; i++) total += x[i] = math_exp(x[i] - from);
  const double shrunk = none ? 1 : ::exp(*top - static_cast<double>(largest));
  *top = static_cast<double>(largest);
  *sum = *sum * shrunk + static_cast<double>(total);
  return shrunk;
}

// The scores become p = exp(score - log), and d = dy v^T becomes p (d - mean).
template <class T>
void slopes(int64_t n, void* xp, double log, double mean, void* dp) {
  T *x = static_cast<T*>(xp), *d = static_cast<T*>(dp);
  const T l = static_cast<T>(log), m = static_cast<T>(mean);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    x[i] = math_exp(x[i] - l);
    d[i] = x[i] * (d[i] - m);
  }
}

template <class T>
double dot(int64_t n, const void* ap, const void* bp) {
  const T *a = static_cast<const T*>(ap), *b = static_cast<const T*>(bp);
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += a[i] * b[i];
  return static_cast<double>(sum);
}

template <class T>
void times(int64_t n, void* xp, double factor) {
  T* x = static_cast<T*>(xp);
  const T f = static_cast<T>(factor);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) x[i] *= f;
}

}  // namespace

extern const AttentionLoops attentionLoops;
const AttentionLoops attentionLoops = {
    {powers<float>, powers<double>},
    {slopes<float>, slopes<double>},
    {dot<float>, dot<double>},
    {times<float>, times<double>},
};

}  // namespace dtrain::DT_ISA
