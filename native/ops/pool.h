// 2-d max pooling of [N, C, H, W] (or [C, H, W]).
#pragma once

#include <utility>

#include "core/tensor.h"

namespace dtrain {

Tensor maxPool2d(const Tensor& x, const Dims& kernelSize, const Dims& stride, const Dims& padding, const Dims& dilation,
                 bool ceilMode);
// And where each maximum is, int64: its position in the H x W plane of x, -1 for a window that misses the image.
std::pair<Tensor, Tensor> maxPool2dWithIndices(const Tensor& x, const Dims& kernelSize, const Dims& stride,
                                               const Dims& padding, const Dims& dilation, bool ceilMode);

}  // namespace dtrain
