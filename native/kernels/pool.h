// Pooling.
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;

struct Pool2d {
  int64_t kernel[2], stride[2], padding[2], dilation[2];
};

struct PoolKernels {
  // indices (int64) are positions in the H x W plane, -1 for a window that misses the image
  void (&maxPool2d)(const Tensor& x, const Pool2d& p, const Tensor& y, const Tensor& indices);
};

}  // namespace dtrain
