// Convolution over one to three dimensions of [N, C, ...] (or [C, ...]), and its transpose.
#pragma once

#include "core/operand.h"

namespace dtrain {

// stride, padding, dilation, outputPadding: a number for each dimension, the outermost first; the last is for a
// transposed one only.
Tensor convolution(const Tensor& x, const Tensor& weight, const MaybeTensor& bias, const Dims& stride,
                   const Dims& padding, const Dims& dilation, bool transposed, const Dims& outputPadding,
                   int64_t groups);

}  // namespace dtrain
