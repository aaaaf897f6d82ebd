// The inner loops, compiled with -DDT_ISA=<name> and the flags of that instruction set. See loops.h for why nothing but
// plain data may be included here. C functions vectorise through libmvec (at most 4 units in the last place).
#include "kernels/loops.h"

// Declared by hand: <math.h> offers the vector variants only under -ffast-math, which would break NaN and -0.
#define DT_DECLARE(name)                                              \
  __attribute__((simd("notinbranch"))) float name##f(float) noexcept; \
  __attribute__((simd("notinbranch"))) double name(double) noexcept;
extern "C" {
DT_MATH_FUNCTIONS(DT_DECLARE)
}

namespace dtrain {
namespace DT_ISA {

#define DT_HD
#define DT_MATH(name) math_##name
#define DT_OVERLOAD(name)                                    \
  inline float DT_MATH(name)(float x) { return name##f(x); } \
  inline double DT_MATH(name)(double x) { return ::name(x); }
DT_MATH_FUNCTIONS(DT_OVERLOAD)

#include "kernels/functors.h"

template <class T, class F>
void unaryLoop(int64_t n, const char* x, int64_t sx, char* out, int64_t so) {
  using R = decltype(F()(T()));
  const F f;
  if (sx == sizeof(T) && so == sizeof(R)) {
    const T* a = reinterpret_cast<const T*>(x);
    R* r = reinterpret_cast<R*>(out);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) r[i] = f(a[i]);
  } else {
    for (int64_t i = 0; i < n; i++) *reinterpret_cast<R*>(out + i * so) = f(*reinterpret_cast<const T*>(x + i * sx));
  }
}

template <class From, class To>
void castLoop(int64_t n, const char* x, int64_t sx, char* out, int64_t so) {
  const Convert<To> convert;
  if (sx == sizeof(From) && so == sizeof(To)) {
    const From* a = reinterpret_cast<const From*>(x);
    To* r = reinterpret_cast<To*>(out);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) r[i] = convert(a[i]);
  } else {
    for (int64_t i = 0; i < n; i++)
      *reinterpret_cast<To*>(out + i * so) = convert(*reinterpret_cast<const From*>(x + i * sx));
  }
}

template <class T, class F>
void binaryLoop(int64_t n, const char* x, int64_t sx, const char* y, int64_t sy, double alpha, char* out, int64_t so) {
  const F f = withAlpha<F, T>(alpha);
  using R = decltype(f(T(), T()));
  const T* a = reinterpret_cast<const T*>(x);
  const T* b = reinterpret_cast<const T*>(y);
  R* r = reinterpret_cast<R*>(out);
  constexpr int64_t one = sizeof(T);
  if (so == sizeof(R) && sx == one && sy == one) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) r[i] = f(a[i], b[i]);
  } else if (so == sizeof(R) && sx == one && sy == 0) {
    const T v = *b;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) r[i] = f(a[i], v);
  } else if (so == sizeof(R) && sx == 0 && sy == one) {
    const T v = *a;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) r[i] = f(v, b[i]);
  } else {
    for (int64_t i = 0; i < n; i++)
      *reinterpret_cast<R*>(out + i * so) =
          f(*reinterpret_cast<const T*>(x + i * sx), *reinterpret_cast<const T*>(y + i * sy));
  }
}

template <class T>
void sumRow(int64_t n, const char* x, int64_t sx, void* acc) {
  using A = typename AccumulatorOf<T>::type;
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
  using A = typename AccumulatorOf<T>::type;
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
void logSoftmaxRow(int64_t n, const void* xp, const void*, void* yp) {
  const T* x = static_cast<const T*>(xp);
  T* y = static_cast<T*>(yp);
  T top = x[0];
#pragma omp simd reduction(max : top)
  for (int64_t i = 0; i < n; i++) top = x[i] > top ? x[i] : top;
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

// One pass: reads p, grad, b and writes p, b.
template <class T, bool kMomentum, bool kFresh>
inline void sgdLoopOf(int64_t n, T* param, const T* grad, T* buffer, const Sgd& p) {
  const SgdStep<T, kMomentum, kFresh> step(p);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) step(param[i], grad[i], kMomentum ? buffer + i : nullptr);
}

template <class T>
void sgdLoop(int64_t n, void* param, const void* grad, void* buffer, const Sgd& p) {
  T* w = static_cast<T*>(param);
  const T* g = static_cast<const T*>(grad);
  T* b = static_cast<T*>(buffer);
  if (!b) return sgdLoopOf<T, false, false>(n, w, g, b, p);
  return p.fresh ? sgdLoopOf<T, true, true>(n, w, g, b, p) : sgdLoopOf<T, true, false>(n, w, g, b, p);
}

template <class T>
void weightedSumLoop(int64_t n, int sources, const void* const* from, const double* weights, void* outp) {
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

#define DT_UNARY_ROW(name, F, dtypes) DT_ROW_##dtypes(unaryLoop, F),
#define DT_BINARY_ROW(name, F, dtypes) DT_ROW_##dtypes(binaryLoop, F),
#define DT_CAST(From)                                                                                \
  {                                                                                                  \
    castLoop<From, float>, castLoop<From, double>, castLoop<From, int64_t>, castLoop<From, uint8_t>, \
        castLoop<From, bool>                                                                         \
  }
#define DT_FOLD(loop) \
  { loop<float>, loop<double>, loop<int64_t>, loop<uint8_t>, loop<bool> }

#define DT_STRING2(x) #x
#define DT_STRING(x) DT_STRING2(x)

extern const Loops table;
const Loops table = {
    DT_STRING(DT_ISA),
    {DT_UNARY_KERNELS(DT_UNARY_ROW)},
    {DT_BINARY_KERNELS(DT_BINARY_ROW)},
    {DT_CAST(float), DT_CAST(double), DT_CAST(int64_t), DT_CAST(uint8_t), DT_CAST(bool)},
    {DT_FOLD(sumRow), DT_FOLD(maxRow)},
    {DT_FOLD(sumColumns), DT_FOLD(maxColumns)},
    {logSoftmaxRow<float>, logSoftmaxRow<double>},
    {logSoftmaxGradRow<float>, logSoftmaxGradRow<double>},
    {sgdLoop<float>, sgdLoop<double>},
    {weightedSumLoop<float>, weightedSumLoop<double>},
};

}  // namespace DT_ISA
}  // namespace dtrain
