// The inner loops, compiled with -DDT_ISA=<name> and the flags of that instruction set. See loops.h for why nothing but
// plain data may be included here. exp and log vectorise through libmvec (at most 4 units in the last place).
#include "kernels/loops.h"

// Declared by hand: <math.h> offers the vector variants only under -ffast-math, which would break NaN and -0.
extern "C" {
__attribute__((simd("notinbranch"))) float expf(float) noexcept;
__attribute__((simd("notinbranch"))) double exp(double) noexcept;
__attribute__((simd("notinbranch"))) float logf(float) noexcept;
__attribute__((simd("notinbranch"))) double log(double) noexcept;
}

namespace dtrain {
namespace DT_ISA {

#define DT_HD
#define DT_MATH(f) math_##f
inline float math_exp(float x) { return expf(x); }
inline double math_exp(double x) { return ::exp(x); }
inline float math_log(float x) { return logf(x); }
inline double math_log(double x) { return ::log(x); }

#include "kernels/functors.h"

template <class T>
struct AccumulatorOf {
  using type = int64_t;
};
template <>
struct AccumulatorOf<float> {
  using type = double;
};
template <>
struct AccumulatorOf<double> {
  using type = double;
};

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

template <class To>
struct Convert {
  template <class From>
  To operator()(From x) const {
    return static_cast<To>(x);
  }
};
// A float beyond int64's range is undefined in C++; uint8 goes through int64 so that it wraps as PyTorch's does.
template <>
struct Convert<uint8_t> {
  template <class From>
  uint8_t operator()(From x) const {
    return static_cast<uint8_t>(static_cast<int64_t>(x));
  }
};
template <>
struct Convert<bool> {
  template <class From>
  bool operator()(From x) const {
    return x != From(0);
  }
};

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
inline void binaryLoopOf(int64_t n, const char* x, int64_t sx, const char* y, int64_t sy, F f, char* out, int64_t so) {
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

template <class T, class F>
void binaryLoop(int64_t n, const char* x, int64_t sx, const char* y, int64_t sy, double, char* out, int64_t so) {
  binaryLoopOf<T>(n, x, sx, y, sy, F(), out, so);
}

template <class T, class F>
void scaledLoop(int64_t n, const char* x, int64_t sx, const char* y, int64_t sy, double alpha, char* out, int64_t so) {
  binaryLoopOf<T>(n, x, sx, y, sy, F{Convert<T>()(alpha)}, out, so);
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

// NaN is larger than everything: x != x is true only for NaN, and nothing is greater than NaN.
template <class T>
inline T maxOf(T acc, T x) {
  return (x > acc || x != x) ? x : acc;
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

// PyTorch's SGD: g = ±grad + weightDecay p;  b = momentum b + (1 - dampening) g;  g = nesterov ? g + momentum b : b;
// p -= lr g. One pass: reads p, grad, b and writes p, b.
template <class T, bool kMomentum, bool kFresh>
inline void sgdLoopOf(int64_t n, T* param, const T* grad, T* buffer, const Sgd& p) {
  const T sign = p.maximize ? T(-1) : T(1), decay = static_cast<T>(p.weightDecay), lr = static_cast<T>(p.lr);
  const T momentum = static_cast<T>(p.momentum), take = static_cast<T>(1 - p.dampening);
  const bool nesterov = p.nesterov;
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    T g = sign * grad[i] + decay * param[i];
    if constexpr (kMomentum) {
      const T b = kFresh ? g : momentum * buffer[i] + take * g;
      buffer[i] = b;
      g = nesterov ? g + momentum * b : b;
    }
    param[i] -= lr * g;
  }
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

#define DT_FLOATS(loop, F) \
  { loop<float, F<float>>, loop<double, F<double>> }
#define DT_NUMBERS(loop, F) \
  { loop<float, F<float>>, loop<double, F<double>>, loop<int64_t, F<int64_t>>, loop<uint8_t, F<uint8_t>>, nullptr }
#define DT_ALL(loop, F)                                                                                   \
  {                                                                                                       \
    loop<float, F<float>>, loop<double, F<double>>, loop<int64_t, F<int64_t>>, loop<uint8_t, F<uint8_t>>, \
        loop<bool, F<bool>>                                                                               \
  }
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
    {DT_NUMBERS(unaryLoop, Neg), DT_FLOATS(unaryLoop, Exp), DT_FLOATS(unaryLoop, Log), DT_NUMBERS(unaryLoop, Relu)},
    {DT_ALL(scaledLoop, Add), DT_NUMBERS(scaledLoop, Sub), DT_ALL(binaryLoop, Mul), DT_FLOATS(binaryLoop, Div),
     DT_NUMBERS(binaryLoop, ReluGrad), DT_ALL(binaryLoop, Eq), DT_ALL(binaryLoop, Ne), DT_ALL(binaryLoop, Lt),
     DT_ALL(binaryLoop, Le), DT_ALL(binaryLoop, Gt), DT_ALL(binaryLoop, Ge)},
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
