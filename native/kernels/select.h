// Formulas of three operands: x or y as a condition says, x kept between two bounds, a point between two by a weight,
// and x + y z. The condition is loaded as an element of `common` as the others are, and is true unless it is 0.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_SELECT(X)             \
  X(where, Where, numbers, rare) \
  X(clamp, Clamp, numbers, rare) \
  X(lerp, Lerp, floats, rare)    \
  X(addcmul, Addcmul, numbers, rare)

DT_ELEMENTWISE(Select, DT_SELECT)

struct SelectKernels {
  void (&run)(Select op, const Operand& x, const Operand& y, const Operand& z, DType common, const Tensor& out);
};

}  // namespace dtrain
