// Windows of images as columns, and columns added up in images: each is the gradient of the other.
#pragma once

#include "core/tensor.h"

namespace dtrain {

// [N, C, H, W] -> [N, C R S, windows] for kernels R x S; without a batch the same.
Tensor im2col(const Tensor& x, const Dims& kernelSize, const Dims& dilation, const Dims& padding, const Dims& stride);
// [N, C R S, windows] -> [N, C, H, W] of that size.
Tensor col2im(const Tensor& x, const Dims& outputSize, const Dims& kernelSize, const Dims& dilation,
              const Dims& padding, const Dims& stride);

}  // namespace dtrain
