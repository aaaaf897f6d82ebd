// Copies and casts.
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor clone(const Tensor& x);       // contiguous
Tensor contiguous(const Tensor& x);  // x itself when it already is
Tensor cast(const Tensor& x, DType dtype);
void copy_(const Tensor& x, const Tensor& source);

}  // namespace dtrain
