// Functions of one tensor, and the same in place, with an underscore. In place they are recorded too: what backward
// needs of the old value is kept as a copy.
#pragma once

#include "core/tensor.h"

namespace dtrain {

#define DT_DECLARE_FUNCTION(name) \
  Tensor name(const Tensor& x);   \
  void name##_(const Tensor& x);

DT_DECLARE_FUNCTION(neg)
DT_DECLARE_FUNCTION(exp)
DT_DECLARE_FUNCTION(log)
DT_DECLARE_FUNCTION(abs)
DT_DECLARE_FUNCTION(sign)
DT_DECLARE_FUNCTION(floor)
DT_DECLARE_FUNCTION(ceil)
DT_DECLARE_FUNCTION(trunc)
DT_DECLARE_FUNCTION(reciprocal)
DT_DECLARE_FUNCTION(sqrt)
DT_DECLARE_FUNCTION(rsqrt)
DT_DECLARE_FUNCTION(sigmoid)
DT_DECLARE_FUNCTION(tanh)
DT_DECLARE_FUNCTION(sin)
DT_DECLARE_FUNCTION(cos)
DT_DECLARE_FUNCTION(log1p)
DT_DECLARE_FUNCTION(expm1)
DT_DECLARE_FUNCTION(log2)
DT_DECLARE_FUNCTION(log10)
DT_DECLARE_FUNCTION(exp2)
DT_DECLARE_FUNCTION(erf)
#undef DT_DECLARE_FUNCTION

// To that many decimals, halves to the even neighbour; negative ones are digits before the point.
Tensor round(const Tensor& x, int decimals = 0);
void round_(const Tensor& x, int decimals = 0);

// As bool; only floats are ever NaN or infinite.
Tensor isnan(const Tensor& x);
Tensor isinf(const Tensor& x);
Tensor isfinite(const Tensor& x);

}  // namespace dtrain
