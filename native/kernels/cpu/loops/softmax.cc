// Loops over contiguous rows, for kernels/softmax.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

template <class T>
constexpr int kLanes = 64 / sizeof(T);  // elements that are handled together

// Of a row that is not empty.
template <class T>
T largest(int64_t n, const T* x) {
  T top = x[0];
  int64_t i = 0;
  if (n >= kLanes<T>) {
    T tops[kLanes<T>];
    for (int l = 0; l < kLanes<T>; l++) tops[l] = top;
    for (; i + kLanes<T> <= n; i += kLanes<T>)
#pragma omp simd
      for (int l = 0; l < kLanes<T>; l++) tops[l] = x[i + l] > tops[l] ? x[i + l] : tops[l];
    for (int l = 0; l < kLanes<T>; l++) top = tops[l] > top ? tops[l] : top;
  }
  for (; i < n; i++) top = x[i] > top ? x[i] : top;
  return top;
}

// The sum of exp(x - top), which go to `to` if there is one. The end of the row is filled up to a whole vector, since
// the exponential of a single number takes as long as that of a vector.
template <class T>
double sumOfPowers(int64_t n, const T* x, T top, T* to) {
  const int64_t whole = n - n % kLanes<T>;
  double sum = 0;
  if (to) {
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < whole; i++) sum += to[i] = math_exp(x[i] - top);
  } else {
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < whole; i++) sum += math_exp(x[i] - top);
  }
  if (whole == n) return sum;
  T power[kLanes<T>] = {};
  for (int64_t i = whole; i < n; i++) power[i - whole] = x[i] - top;
#pragma omp simd
  for (int l = 0; l < kLanes<T>; l++) power[l] = math_exp(power[l]);
  for (int64_t i = whole; i < n; i++) sum += power[i - whole];
  if (to)
    for (int64_t i = whole; i < n; i++) to[i] = power[i - whole];
  return sum;
}

template <class T>
void softmaxRow(int64_t n, const void* xp, const void*, void* yp) {
  const T* x = static_cast<const T*>(xp);
  T* y = static_cast<T*>(yp);
  const T total = static_cast<T>(sumOfPowers(n, x, largest(n, x), y));
#pragma omp simd
  for (int64_t i = 0; i < n; i++) y[i] /= total;
}

template <class T>
void softmaxGradRow(int64_t n, const void* dyp, const void* yp, void* dxp) {
  const T* dy = static_cast<const T*>(dyp);
  const T* y = static_cast<const T*>(yp);
  T* dx = static_cast<T*>(dxp);
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += static_cast<double>(dy[i]) * static_cast<double>(y[i]);
  const T total = static_cast<T>(sum);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) dx[i] = y[i] * (dy[i] - total);
}

template <class T>
void logSoftmaxRow(int64_t n, const void* xp, const void*, void* yp) {
  const T* x = static_cast<const T*>(xp);
  T* y = static_cast<T*>(yp);
  const T top = largest(n, x);
  const T shift = static_cast<T>(::log(sumOfPowers<T>(n, x, top, nullptr)));
#pragma omp simd
  for (int64_t i = 0; i < n; i++) y[i] = (x[i] - top) - shift;
}

template <class T>
void logSoftmaxGradRow(int64_t n, const void* dyp, const void* yp, void* dxp) {
  const T* dy = static_cast<const T*>(dyp);
  const T* y = static_cast<const T*>(yp);
  T* dx = static_cast<T*>(dxp);
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += dy[i];
  const T total = static_cast<T>(sum);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) dx[i] = dy[i] - math_exp(y[i]) * total;
}

}  // namespace

extern const SoftmaxLoops softmaxLoops;
const SoftmaxLoops softmaxLoops = {
    {softmaxRow<float>, softmaxRow<double>},
    {logSoftmaxRow<float>, logSoftmaxRow<double>},
    {softmaxGradRow<float>, softmaxGradRow<double>},
    {logSoftmaxGradRow<float>, logSoftmaxGradRow<double>},
};

}  // namespace dtrain::DT_ISA
