// Functions of one tensor.
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor neg(const Tensor& x);
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);

}  // namespace dtrain
