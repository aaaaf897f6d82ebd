// Which operands of elementwise kernels are rounded to `common` before anything is computed: the rule of
// kernels/elementwise.h, for all devices. `predicate`: of a comparison.
#pragma once

#include "core/tensor.h"

namespace dtrain {

// A tensor without dimensions among others is not rounded to a half, as a number is not.
inline bool isRounded(const Tensor& x, DType common, const Tensor& out, bool predicate) {
  if (x.dtype() == common || isCompute(common)) return false;
  return predicate || !isHalf(common) || x.dim() > 0 || out.dim() == 0;
}

inline double rounded(double number, DType common, bool predicate) {
  if (!predicate && isHalf(common)) return number;
  char element[sizeof(double)];
  storeNumber(number, common, element);
  return loadNumber(element, common);
}

}  // namespace dtrain
