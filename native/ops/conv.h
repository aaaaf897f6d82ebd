// 2-d convolution of [N, C, H, W] (or [C, H, W]).
#pragma once

#include "core/operand.h"

namespace dtrain {

// stride, padding, dilation: [vertical, horizontal]
Tensor conv2d(const Tensor& x, const Tensor& weight, const MaybeTensor& bias, const Dims& stride, const Dims& padding,
              const Dims& dilation, int64_t groups);

}  // namespace dtrain
