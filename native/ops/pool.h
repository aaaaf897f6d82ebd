// Pooling of [N, C, …] or [C, …] with one to three dimensions behind the channels: as many as there are sizes.
#pragma once

#include <optional>
#include <utility>

#include "core/tensor.h"

namespace dtrain {

// The largest of each window.
Tensor maxPool(const Tensor& x, const Dims& kernelSize, const Dims& stride, const Dims& padding, const Dims& dilation,
               bool ceilMode);
// And where it is, int64: its position in the plane of x, -1 for a window that misses it.
std::pair<Tensor, Tensor> maxPoolWithIndices(const Tensor& x, const Dims& kernelSize, const Dims& stride,
                                             const Dims& padding, const Dims& dilation, bool ceilMode);
// The same of windows that share the plane out evenly.
std::pair<Tensor, Tensor> adaptiveMaxPool(const Tensor& x, const Dims& outputSize);
// The same of windows whose distances vary: samples [N, C, dims] from [0, 1) say how.
std::pair<Tensor, Tensor> fractionalMaxPool(const Tensor& x, const Dims& kernelSize, const Dims& outputSize,
                                            const Tensor& samples);
// Zeros with each x at its position in a plane of outputSize.
Tensor maxUnpool(const Tensor& x, const Tensor& indices, const Dims& outputSize);

// The sum of each window divided by the number of its elements, with those in the padding or without, or by a number.
Tensor avgPool(const Tensor& x, const Dims& kernelSize, const Dims& stride, const Dims& padding, bool ceilMode,
               bool countIncludePad, std::optional<int64_t> divisorOverride);
Tensor adaptiveAvgPool(const Tensor& x, const Dims& outputSize);

}  // namespace dtrain
