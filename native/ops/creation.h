// Tensors from nothing.
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor full(const Dims& sizes, double value, DType dtype);
// start, start + step, … < end
Tensor arange(double start, double end, double step, DType dtype);
inline Tensor zerosLike(const Tensor& x) { return full(x.sizes(), 0, x.dtype()); }

}  // namespace dtrain
