// Loops over contiguous rows, for kernels/softmax.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

// Of a row that is not empty.
template <class T>
T largest(int64_t n, const T* x) {
  T top = x[0];
#pragma omp simd reduction(max : top)
  for (int64_t i = 0; i < n; i++) top = x[i] > top ? x[i] : top;
  return top;
}

template <class T>
void softmaxRow(int64_t n, const void* xp, const void*, void* yp) {
  const T* x = static_cast<const T*>(xp);
  T* y = static_cast<T*>(yp);
  const T top = largest(n, x);
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += y[i] = math_exp(x[i] - top);
  const T total = static_cast<T>(sum);
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
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += math_exp(x[i] - top);
  const T shift = static_cast<T>(::log(sum));
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
