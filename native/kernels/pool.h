// Pooling over windows of images.
#pragma once

#include "kernels/window.h"

namespace dtrain {

class Tensor;

struct PoolKernels {
  // indices (int64) are positions in the H x W plane, -1 for a window that misses the image
  void (&maxPool2d)(const Tensor& x, const Window& window, const Tensor& y, const Tensor& indices);
};

}  // namespace dtrain
