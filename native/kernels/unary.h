// Functions of one operand.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_UNARY(X)         \
  X(neg, Neg, numbers, hot) \
  X(exp, Exp, floats, rare) \
  X(log, Log, floats, rare)

DT_ELEMENTWISE(Unary, DT_UNARY)

struct UnaryKernels {
  void (&run)(Unary op, const Tensor& x, DType common, const Tensor& out);
};

}  // namespace dtrain
