// Functions of one operand.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_UNARY(X)                       \
  X(neg, Neg, numbers, hot)               \
  X(exp, Exp, floats, rare)               \
  X(log, Log, floats, rare)               \
  X(abs, Abs, numbers, rare)              \
  X(sign, Sign, numbers, rare)            \
  X(floor, Floor, numbers, rare)          \
  X(ceil, Ceil, numbers, rare)            \
  X(round, Round, numbers, rare)          \
  X(trunc, Trunc, numbers, rare)          \
  X(reciprocal, Reciprocal, floats, rare) \
  X(sqrt, Sqrt, floats, rare)             \
  X(rsqrt, Rsqrt, floats, rare)           \
  X(sigmoid, Sigmoid, floats, rare)       \
  X(tanh, Tanh, floats, rare)             \
  X(sin, Sin, floats, rare)               \
  X(cos, Cos, floats, rare)               \
  X(log1p, Log1p, floats, rare)           \
  X(expm1, Expm1, floats, rare)           \
  X(log2, Log2, floats, rare)             \
  X(log10, Log10, floats, rare)           \
  X(exp2, Exp2, floats, rare)             \
  X(erf, Erf, floats, rare)               \
  X(erfc, Erfc, floats, rare)             \
  X(erfcx, Erfcx, floats, rare)           \
  X(ndtr, Ndtr, floats, rare)             \
  X(logNdtr, LogNdtr, floats, rare)       \
  X(tan, Tan, floats, cold)               \
  X(asin, Asin, floats, cold)             \
  X(acos, Acos, floats, cold)             \
  X(atan, Atan, floats, cold)             \
  X(sinh, Sinh, floats, cold)             \
  X(cosh, Cosh, floats, cold)             \
  X(asinh, Asinh, floats, cold)           \
  X(acosh, Acosh, floats, cold)           \
  X(atanh, Atanh, floats, cold)           \
  X(mantissa, Mantissa, floats, cold)     \
  X(exponent, Exponent, floats, cold)

// The C functions that formulas call as DT_MATH(exp), overloaded for float and double. `simd`: glibc's libmvec has them
// for vectors too (at most 4 units in the last place); `plain`: it has not, and loops call them element by element.
#define DT_MATH_FUNCTIONS(X) \
  X(exp, simd)               \
  X(log, simd)               \
  X(tanh, simd)              \
  X(sin, simd)               \
  X(cos, simd)               \
  X(log1p, simd)             \
  X(expm1, simd)             \
  X(log2, simd)              \
  X(log10, simd)             \
  X(exp2, simd)              \
  X(erf, simd)               \
  X(erfc, simd)              \
  X(tan, simd)               \
  X(asin, simd)              \
  X(acos, simd)              \
  X(atan, simd)              \
  X(sinh, simd)              \
  X(cosh, simd)              \
  X(asinh, simd)             \
  X(acosh, simd)             \
  X(atanh, simd)             \
  X(lgamma, plain)           \
  X(logb, plain)             \
  X(fabs, plain)             \
  X(sqrt, plain)             \
  X(floor, plain)            \
  X(ceil, plain)             \
  X(rint, plain)             \
  X(trunc, plain)
#define DT_MATH_FUNCTIONS_OF_TWO(X) \
  X(fmod, plain)                    \
  X(copysign, plain)                \
  X(atan2, simd)                    \
  X(hypot, simd)                    \
  X(pow, simd)

#define DT_MATH(name) math_##name

DT_ELEMENTWISE(Unary, DT_UNARY)

struct UnaryKernels {
  void (&run)(Unary op, const Tensor& x, DType common, const Tensor& out);
};

}  // namespace dtrain
