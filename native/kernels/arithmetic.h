// Arithmetic of two operands: out = x + alpha y, x - alpha y, x y, x / y, and x / y without its fraction or rounded
// down, with what is left over then; x to the power of y, the larger and the smaller of both. An integer divided by 0
// gives 0; an integer to a negative power the whole part of the quotient.
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
  X(minimum, Minimum, numbers, rare)

DT_ELEMENTWISE(Arithmetic, DT_ARITHMETIC)

struct ArithmeticKernels {
  void (&run)(Arithmetic op, const Operand& x, const Operand& y, double alpha, DType common, const Tensor& out);
};

}  // namespace dtrain
