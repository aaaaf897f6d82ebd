// 2-d convolution of [N, C, H, W] (or [C, H, W]).
#pragma once

#include "core/tensor.h"

namespace dtrain {

// stride, padding, dilation: [vertical, horizontal]; bias may be undefined
Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Dims& stride, const Dims& padding,
              const Dims& dilation, int64_t groups);

}  // namespace dtrain
