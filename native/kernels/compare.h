// eq, ne, lt, le, gt, ge: out, which is bool, says whether x stands so to y.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_COMPARE(X)      \
  X(eq, Eq, numbers, rare) \
  X(ne, Ne, numbers, rare) \
  X(lt, Lt, numbers, rare) \
  X(le, Le, numbers, rare) \
  X(gt, Gt, numbers, rare) \
  X(ge, Ge, numbers, rare)

DT_ELEMENTWISE(Compare, DT_COMPARE)

struct CompareKernels {
  void (&run)(Compare op, const Operand& x, const Operand& y, DType common, const Tensor& out);
};

}  // namespace dtrain
