// Arithmetic of two operands: out = x + alpha y, x - alpha y, x y, x / y, and x / y without its fraction or rounded
// down, with what is left over then; x to the power of y, the larger and the smaller of both, where NaN wins or loses;
// the angle and the length of (y, x), x with the sign of y, log(exp(x) + exp(y)) and the same with base 2. An integer
// divided by 0 gives 0; an integer to a negative power the whole part of the quotient.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_ARITHMETIC(X)                 \
  X(add, Add, numbers, hot)              \
  X(sub, Sub, numbers, hot)              \
  X(mul, Mul, numbers, hot)              \
  X(div, Div, floats, hot)               \
  X(divTrunc, DivTrunc, numbers, rare)   \
  X(divFloor, DivFloor, numbers, rare)   \
  X(fmod, Fmod, numbers, rare)           \
  X(remainder, Remainder, numbers, rare) \
  X(pow, Pow, numbers, rare)             \
  X(maximum, Maximum, numbers, rare)     \
  X(minimum, Minimum, numbers, rare)     \
  X(fmax, Fmax, numbers, cold)           \
  X(fmin, Fmin, numbers, cold)           \
  X(atan2, Atan2, floats, cold)          \
  X(hypot, Hypot, floats, cold)          \
  X(copysign, CopySign, floats, cold)    \
  X(logaddexp, LogAddExp, floats, cold)  \
  X(logaddexp2, LogAddExp2, floats, cold)

DT_ELEMENTWISE(Arithmetic, DT_ARITHMETIC)

struct ArithmeticKernels {
  void (&run)(Arithmetic op, const Operand& x, const Operand& y, double alpha, DType common, const Tensor& out);
};

}  // namespace dtrain
