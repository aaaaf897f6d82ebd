// Loops over neighbours in memory, for kernels/norm.h. Sums are made in blocks of the own type and of these in double:
// as fast as in the own type, and nearly as exact as in double.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

// f(from, to) for blocks of n elements
template <class F>
void inBlocks(int64_t n, const F& f) {
  constexpr int64_t kBlock = 256;
  for (int64_t from = 0; from < n; from += kBlock) f(from, from + kBlock < n ? from + kBlock : n);
}

// Mean, and the sum of the squares of distances from it, of a row that is not empty.
template <class T>
void moments(int64_t n, const void* xp, double* mean, double* squares) {
  const T* x = static_cast<const T*>(xp);
  double sum = 0;
  inBlocks(n, [&](int64_t from, int64_t to) {
    T part = 0;
#pragma omp simd reduction(+ : part)
    for (int64_t i = from; i < to; i++) part += x[i];
    sum += part;
  });
  *mean = sum / static_cast<double>(n);
  const T middle = static_cast<T>(*mean);
  double far = 0, off = 0;  // the mean is rounded: off is what distances from it add up to
  inBlocks(n, [&](int64_t from, int64_t to) {
    T part = 0, rest = 0;
#pragma omp simd reduction(+ : part, rest)
    for (int64_t i = from; i < to; i++) {
      const T distance = x[i] - middle;
      part += distance * distance;
      rest += distance;
    }
    far += part;
    off += rest;
  });
  *squares = far - off * off / static_cast<double>(n);
}

template <class T>
void normalizeRow(int64_t n, const void* xp, double mean, double scale, const void* wp, const void* bp, void* yp) {
  const T *x = static_cast<const T*>(xp), *w = static_cast<const T*>(wp), *b = static_cast<const T*>(bp);
  T* y = static_cast<T*>(yp);
  const T middle = static_cast<T>(mean), s = static_cast<T>(scale);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) y[i] = (x[i] - middle) * s * w[i] + b[i];
}

template <class T>
void normalizeRun(int64_t n, const void* xp, double mean, double scale, double shift, void* yp) {
  const T* x = static_cast<const T*>(xp);
  T* y = static_cast<T*>(yp);
  const T middle = static_cast<T>(mean), s = static_cast<T>(scale), b = static_cast<T>(shift);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) y[i] = (x[i] - middle) * s + b;
}

template <class T>
void sumsOfRow(int64_t n, const void* dyp, const void* xp, double mean, double scale, const void* wp, double* sums,
               double* dw, double* db) {
  const T *dy = static_cast<const T*>(dyp), *x = static_cast<const T*>(xp), *w = static_cast<const T*>(wp);
  const T middle = static_cast<T>(mean), s = static_cast<T>(scale);
  inBlocks(n, [&](int64_t from, int64_t to) {
    T slopes = 0, products = 0;
#pragma omp simd reduction(+ : slopes, products)
    for (int64_t i = from; i < to; i++) {
      const T product = dy[i] * ((x[i] - middle) * s);
      slopes += dy[i] * w[i];
      products += product * w[i];
      dw[i] += product;
      db[i] += dy[i];
    }
    sums[0] += slopes;
    sums[1] += products;
  });
}

template <class T>
void sumsOfRun(int64_t n, const void* dyp, const void* xp, double mean, double scale, double* sums) {
  const T *dy = static_cast<const T*>(dyp), *x = static_cast<const T*>(xp);
  const T middle = static_cast<T>(mean), s = static_cast<T>(scale);
  inBlocks(n, [&](int64_t from, int64_t to) {
    T slopes = 0, products = 0;
#pragma omp simd reduction(+ : slopes, products)
    for (int64_t i = from; i < to; i++) {
      slopes += dy[i];
      products += dy[i] * ((x[i] - middle) * s);
    }
    sums[0] += slopes;
    sums[1] += products;
  });
}

template <class T>
void gradRow(int64_t n, const void* dyp, const void* xp, double mean, double scale, const void* wp, double slope,
             double product, void* dxp) {
  const T *dy = static_cast<const T*>(dyp), *x = static_cast<const T*>(xp), *w = static_cast<const T*>(wp);
  T* dx = static_cast<T*>(dxp);
  const T middle = static_cast<T>(mean), s = static_cast<T>(scale), a = static_cast<T>(slope),
          b = static_cast<T>(product);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) dx[i] = s * (w[i] * dy[i] - a - (x[i] - middle) * s * b);
}

template <class T>
void gradRun(int64_t n, const void* dyp, const void* xp, double mean, double scale, double weight, double slope,
             double product, void* dxp) {
  const T *dy = static_cast<const T*>(dyp), *x = static_cast<const T*>(xp);
  T* dx = static_cast<T*>(dxp);
  const T middle = static_cast<T>(mean), s = static_cast<T>(scale), w = static_cast<T>(weight),
          a = static_cast<T>(slope), b = static_cast<T>(product);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) dx[i] = s * (w * dy[i] - a - (x[i] - middle) * s * b);
}

}  // namespace

extern const NormLoops normLoops;
const NormLoops normLoops = {
    {moments<float>, moments<double>},           {normalizeRow<float>, normalizeRow<double>},
    {normalizeRun<float>, normalizeRun<double>}, {sumsOfRow<float>, sumsOfRow<double>},
    {sumsOfRun<float>, sumsOfRun<double>},       {gradRow<float>, gradRow<double>},
    {gradRun<float>, gradRun<double>},
};

}  // namespace dtrain::DT_ISA
