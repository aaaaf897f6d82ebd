// Arithmetic of two operands: out = x + alpha y, x - alpha y, x y, x / y, and x / y without its fraction or rounded
// down. An integer divided by 0 gives 0.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_ARITHMETIC(X)               \
  X(add, Add, numbers, hot)            \
  X(sub, Sub, numbers, hot)            \
  X(mul, Mul, numbers, hot)            \
  X(div, Div, floats, hot)             \
  X(divTrunc, DivTrunc, numbers, rare) \
  X(divFloor, DivFloor, numbers, rare)

DT_ELEMENTWISE(Arithmetic, DT_ARITHMETIC)

struct ArithmeticKernels {
  void (&run)(Arithmetic op, const Operand& x, const Operand& y, double alpha, DType common, const Tensor& out);
};

}  // namespace dtrain
