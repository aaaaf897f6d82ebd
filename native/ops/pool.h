// 2-d max pooling of [N, C, H, W] (or [C, H, W]).
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor maxPool2d(const Tensor& x, const Dims& kernelSize, const Dims& stride, const Dims& padding, const Dims& dilation,
                 bool ceilMode);

}  // namespace dtrain
