// What the files of cpu/loops/ share: the formulas' environment, and loops over one, two and three operands. Compiled
// with -DDT_ISA=<name> and the flags of that instruction set; see cpu/loops.h for why nothing but plain data may be
// included. C functions vectorise through libmvec.
#pragma once

#include <type_traits>

#include "kernels/cpu/loops.h"

// Declared by hand: <math.h> offers the vector variants only under -ffast-math, which would break NaN and -0.
#define DT_DECLARE_simd(name)                                         \
  __attribute__((simd("notinbranch"))) float name##f(float) noexcept; \
  __attribute__((simd("notinbranch"))) double name(double) noexcept;
#define DT_DECLARE_plain(name)   \
  float name##f(float) noexcept; \
  double name(double) noexcept;
#define DT_DECLARE(name, kind) DT_DECLARE_##kind(name)
#define DT_DECLARE_OF_TWO_simd(name)                                         \
  __attribute__((simd("notinbranch"))) float name##f(float, float) noexcept; \
  __attribute__((simd("notinbranch"))) double name(double, double) noexcept;
#define DT_DECLARE_OF_TWO_plain(name)   \
  float name##f(float, float) noexcept; \
  double name(double, double) noexcept;
#define DT_DECLARE_OF_TWO(name, kind) DT_DECLARE_OF_TWO_##kind(name)
extern "C" {
DT_MATH_FUNCTIONS(DT_DECLARE)
DT_MATH_FUNCTIONS_OF_TWO(DT_DECLARE_OF_TWO)
}

namespace dtrain::DT_ISA {

#define DT_HD
#define DT_OVERLOAD(name, kind)                              \
  inline float DT_MATH(name)(float x) { return name##f(x); } \
  inline double DT_MATH(name)(double x) { return ::name(x); }
DT_MATH_FUNCTIONS(DT_OVERLOAD)
#define DT_OVERLOAD_OF_TWO(name, kind)                                   \
  inline float DT_MATH(name)(float x, float y) { return name##f(x, y); } \
  inline double DT_MATH(name)(double x, double y) { return ::name(x, y); }
DT_MATH_FUNCTIONS_OF_TWO(DT_OVERLOAD_OF_TWO)

#include "kernels/math/convert.h"

template <class F, class T>
void unaryLoop(int64_t n, const char* x, int64_t sx, char* out, int64_t so) {
  const F f{};
  using R = decltype(f(T()));
  if (sx == sizeof(T) && so == sizeof(R)) {
    const T* a = reinterpret_cast<const T*>(x);
    R* r = reinterpret_cast<R*>(out);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) r[i] = f(a[i]);
  } else {
    for (int64_t i = 0; i < n; i++) *reinterpret_cast<R*>(out + i * so) = f(*reinterpret_cast<const T*>(x + i * sx));
  }
}

// A formula over elements of type T, with alpha if it keeps one.
template <class F, class T>
F withAlpha(double alpha) {
  if constexpr (requires(F f) { f.alpha; }) return F{static_cast<decltype(F::alpha)>(Convert<T>()(alpha))};
  else return F{};
}

template <class F, class T>
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

// y and z either lie beside each other as x does, or repeat one element.
template <class F, class T, bool repeatsY, bool repeatsZ>
void ternaryRun(int64_t n, const T* x, const T* y, const T* z, T* out) {
  const F f{};
  const T oneY = *y, oneZ = *z;
#pragma omp simd
  for (int64_t i = 0; i < n; i++) out[i] = f(x[i], repeatsY ? oneY : y[i], repeatsZ ? oneZ : z[i]);
}

template <class F, class T>
void ternaryLoop(int64_t n, const char* const* in, const int64_t* strides, char* out, int64_t so) {
  const T *x = reinterpret_cast<const T*>(in[0]), *y = reinterpret_cast<const T*>(in[1]),
          *z = reinterpret_cast<const T*>(in[2]);
  T* const r = reinterpret_cast<T*>(out);
  constexpr int64_t one = sizeof(T);
  const int64_t sy = strides[1], sz = strides[2];
  if (so == one && strides[0] == one && (sy == one || sy == 0) && (sz == one || sz == 0)) {
    if (sy == 0 && sz == 0) ternaryRun<F, T, true, true>(n, x, y, z, r);
    else if (sy == 0) ternaryRun<F, T, true, false>(n, x, y, z, r);
    else if (sz == 0) ternaryRun<F, T, false, true>(n, x, y, z, r);
    else ternaryRun<F, T, false, false>(n, x, y, z, r);
  } else {
    const F f{};
    for (int64_t i = 0; i < n; i++)
      *reinterpret_cast<T*>(out + i * so) =
          f(*reinterpret_cast<const T*>(in[0] + i * strides[0]), *reinterpret_cast<const T*>(in[1] + i * sy),
            *reinterpret_cast<const T*>(in[2] + i * sz));
  }
}

#define DT_UNARY_ROW(name, F, dtypes, use) DT_ROW_##dtypes(unaryLoop, F),
#define DT_BINARY_ROW(name, F, dtypes, use) DT_ROW_##dtypes(binaryLoop, F),
#define DT_TERNARY_ROW(name, F, dtypes, use) DT_ROW_##dtypes(ternaryLoop, F),

}  // namespace dtrain::DT_ISA
