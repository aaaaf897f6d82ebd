// Loops that fold elements into accumulators, for kernels/reduce.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

#include "kernels/math/reduce.h"

constexpr int kLanes = 32;  // accumulators of a row, so many that no sum waits for the one before

// The first n elements, or fewer, into kLanes accumulators and these into one; the number of elements. A rest is taken
// in by kFew of them, since one after the other would take longer than all before.
template <class T, class A, class Taken, class Together>
int64_t inLanes(int64_t n, const T* x, A (&lanes)[kLanes], const Taken& taken, const Together& together) {
  constexpr int kFew = kLanes / 4;
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
#pragma omp simd
    for (int l = 0; l < kLanes; l++) lanes[l] = taken(lanes[l], x[i + l]);
#pragma omp simd
  for (int l = 0; l < kFew; l++)
    lanes[l] = together(together(lanes[l], lanes[l + kFew]), together(lanes[l + 2 * kFew], lanes[l + 3 * kFew]));
  for (; i + kFew <= n; i += kFew)
#pragma omp simd
    for (int l = 0; l < kFew; l++) lanes[l] = taken(lanes[l], x[i + l]);
  for (int half = kFew / 2; half > 0; half /= 2)
    for (int l = 0; l < half; l++) lanes[l] = together(lanes[l], lanes[l + half]);
  return i;
}

// term(x) of all elements together.
template <class T, class A, class Term>
A sumOf(int64_t n, const char* x, int64_t sx, const Term& term) {
  A sum = 0;
  int64_t i = 0;
  if (sx == sizeof(T) && n >= kLanes) {
    A lanes[kLanes] = {};
    i = inLanes(
        n, reinterpret_cast<const T*>(x), lanes, [&](A sum, T v) { return sum + term(v); },
        [](A a, A b) { return a + b; });
    sum = lanes[0];
  }
  for (; i < n; i++) sum += term(*reinterpret_cast<const T*>(x + i * sx));
  return sum;
}

template <class T>
void sumRow(int64_t n, const char* x, int64_t sx, void* acc) {
  using A = Accumulator<T>;
  *static_cast<A*>(acc) += sumOf<T, A>(n, x, sx, [](T v) { return static_cast<A>(v); });
}

void trueRow(int64_t n, const char* x, int64_t sx, void* acc) {
  *static_cast<uint64_t*>(acc) += sumOf<uint8_t, uint64_t>(n, x, sx, [](uint8_t v) { return uint64_t{v}; });
}

// a[i] = taken(a[i], element i) for each row after the other, of kRows rows at a time, so that the accumulators are
// read and written once for all of these.
template <class T, class A, class Taken>
void inColumns(int64_t rows, int64_t step, int64_t n, const char* x, int64_t sx, A* a, const Taken& taken) {
  constexpr int64_t kRows = 4;
  if (sx != sizeof(T)) {
    for (int64_t r = 0; r < rows; r++, x += step)
      for (int64_t i = 0; i < n; i++) a[i] = taken(a[i], *reinterpret_cast<const T*>(x + i * sx));
    return;
  }
  const auto row = [&](int64_t r) { return reinterpret_cast<const T*>(x + r * step); };
  int64_t r = 0;
  for (; r + kRows <= rows; r += kRows) {
    const T *x0 = row(r), *x1 = row(r + 1), *x2 = row(r + 2), *x3 = row(r + 3);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) a[i] = taken(taken(taken(taken(a[i], x0[i]), x1[i]), x2[i]), x3[i]);
  }
  for (; r < rows; r++) {
    const T* x0 = row(r);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) a[i] = taken(a[i], x0[i]);
  }
}

template <class T>
void sumColumns(int64_t rows, int64_t step, int64_t n, const char* x, int64_t sx, void* acc) {
  using A = Accumulator<T>;
  inColumns<T>(rows, step, n, x, sx, static_cast<A*>(acc), [](A sum, T v) { return sum + static_cast<A>(v); });
}

// What takes an element into an accumulator, in the form of a fold. Of those with a start, several accumulators, each
// of which began with it, are together what one would be.
template <class T>
struct Largest {
  using A = T;
  static A startOf(A acc) { return acc; }
  static A taken(A acc, T x) { return maxOf(acc, x); }
};
template <class T>
struct Smallest {
  using A = T;
  static A startOf(A acc) { return acc; }
  static A taken(A acc, T x) { return minOf(acc, x); }
};
template <class T>
struct Product {
  using A = Accumulator<T>;
  static A startOf(A) { return 1; }
  static A taken(A acc, A x) { return acc * x; }
};
template <class T, Norm norm>
struct InNorm {
  using A = Powers;
  static A taken(A acc, T x) { return {combined(norm, acc.sum, termOf(norm, static_cast<double>(x), acc.p)), acc.p}; }
};

template <class T, class F>
void foldRow(int64_t n, const char* x, int64_t sx, void* acc) {
  using A = typename F::A;
  A a = *static_cast<A*>(acc);
  int64_t i = 0;
  if constexpr (requires { F::startOf(a); }) {
    if (sx == sizeof(T) && n >= kLanes) {
      A lanes[kLanes];
      for (int l = 0; l < kLanes; l++) lanes[l] = F::startOf(a);
      i = inLanes(
          n, reinterpret_cast<const T*>(x), lanes, [](A a, T v) { return F::taken(a, v); },
          [](A a, A b) { return F::taken(a, b); });
      a = F::taken(a, lanes[0]);
    }
  }
  for (; i < n; i++) a = F::taken(a, *reinterpret_cast<const T*>(x + i * sx));
  *static_cast<A*>(acc) = a;
}
template <class T, class F>
void foldColumns(int64_t rows, int64_t step, int64_t n, const char* x, int64_t sx, void* acc) {
  using A = typename F::A;
  inColumns<T>(rows, step, n, x, sx, static_cast<A*>(acc), [](A a, T v) { return F::taken(a, v); });
}

// A sum of terms, as foldRow would take it but for the order.
template <class T, Norm norm>
void normRow(int64_t n, const char* x, int64_t sx, void* acc) {
  static_cast<Powers*>(acc)->sum +=
      sumOf<T, double>(n, x, sx, [](T v) { return termOf(norm, static_cast<double>(v), 0); });
}

// The moments of a piece that stays in the cache are taken in two passes.
template <class T>
void varianceRow(int64_t n, const char* x, int64_t sx, void* acc) {
  constexpr int64_t piece = 1024;
  Moments& all = *static_cast<Moments*>(acc);
  for (int64_t start = 0; start < n; start += piece) {
    const int64_t len = n - start < piece ? n - start : piece;
    const char* const from = x + start * sx;
    double sum = 0, squares = 0;
    sumRow<T>(len, from, sx, &sum);
    const double mean = sum / static_cast<double>(len);
#pragma omp simd reduction(+ : squares)
    for (int64_t i = 0; i < len; i++) {
      const double apart = static_cast<double>(*reinterpret_cast<const T*>(from + i * sx)) - mean;
      squares += apart * apart;
    }
    all = together(all, {static_cast<double>(len), mean, squares});
  }
}
// Welford's update; all columns have the same count.
template <class T>
void varianceColumns(int64_t rows, int64_t step, int64_t n, const char* x, int64_t sx, void* acc) {
  Moments* of = static_cast<Moments*>(acc);
  for (int64_t r = 0; r < rows; r++, x += step) {
    const double count = of[0].count + 1, share = 1 / count;
    for (int64_t i = 0; i < n; i++) {
      const double value = static_cast<double>(*reinterpret_cast<const T*>(x + i * sx)), apart = value - of[i].mean;
      const double mean = of[i].mean + apart * share;
      of[i] = {count, mean, of[i].squares + apart * (value - mean)};
    }
  }
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
#define DT_FOLD_WITH(loop, F) \
  { loop<float, F<float>>, loop<double, F<double>>, loop<int64_t, F<int64_t>> }
#define DT_SUMS(norm) \
  { normRow<float, Norm::norm>, normRow<double, Norm::norm> }
#define DT_NORM(loop, norm) \
  { loop<float, InNorm<float, Norm::norm>>, loop<double, InNorm<double, Norm::norm>> }

}  // namespace

extern const ReduceLoops reduceLoops;
const ReduceLoops reduceLoops = {
    {DT_FOLD(sumRow), DT_FOLD_WITH(foldRow, Largest), DT_FOLD_WITH(foldRow, Smallest), DT_FOLD_WITH(foldRow, Product)},
    trueRow,
    {DT_FOLD(sumColumns), DT_FOLD_WITH(foldColumns, Largest), DT_FOLD_WITH(foldColumns, Smallest),
     DT_FOLD_WITH(foldColumns, Product)},
    {DT_SUMS(zero), DT_SUMS(one), DT_SUMS(two), DT_SUMS(present), DT_NORM(foldRow, largest), DT_NORM(foldRow, smallest),
     DT_NORM(foldRow, power)},
    {DT_NORM(foldColumns, zero), DT_NORM(foldColumns, one), DT_NORM(foldColumns, two), DT_NORM(foldColumns, present),
     DT_NORM(foldColumns, largest), DT_NORM(foldColumns, smallest), DT_NORM(foldColumns, power)},
    {varianceRow<float>, varianceRow<double>},
    {varianceColumns<float>, varianceColumns<double>},
    {weightedSum<float>, weightedSum<double>},
};

}  // namespace dtrain::DT_ISA
