// Functions of one operand.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_UNARY(X)         \
  X(neg, Neg, numbers, hot) \
  X(exp, Exp, floats, rare) \
  X(log, Log, floats, rare)

// The C functions that formulas call as DT_MATH(exp), overloaded for float and double. `simd`: glibc's libmvec has them
// for vectors too (at most 4 units in the last place); `plain`: it has not, and loops call them element by element.
#define DT_MATH_FUNCTIONS(X) \
  X(exp, simd)               \
  X(log, simd)               \
  X(floor, plain)            \
  X(sqrt, plain)             \
  X(trunc, plain)
#define DT_MATH_FUNCTIONS_OF_TWO(X) X(fmod)

#define DT_MATH(name) math_##name

DT_ELEMENTWISE(Unary, DT_UNARY)

struct UnaryKernels {
  void (&run)(Unary op, const Tensor& x, DType common, const Tensor& out);
};

}  // namespace dtrain
