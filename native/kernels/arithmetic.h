// Arithmetic of two operands: out = x + alpha y, x - alpha y, x y, x / y.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_ARITHMETIC(X)    \
  X(add, Add, numbers, hot) \
  X(sub, Sub, numbers, hot) \
  X(mul, Mul, numbers, hot) \
  X(div, Div, floats, hot)

DT_ELEMENTWISE(Arithmetic, DT_ARITHMETIC)

struct ArithmeticKernels {
  void (&run)(Arithmetic op, const Operand& x, const Operand& y, double alpha, DType common, const Tensor& out);
};

}  // namespace dtrain
