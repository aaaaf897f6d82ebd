// Tensors from nothing.
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor full(const Dims& sizes, double value, DType dtype, Device device = {});
// start, start + step, … < end
Tensor arange(double start, double end, double step, DType dtype, Device device = {});

}  // namespace dtrain
