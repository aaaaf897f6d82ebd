// Pooling over windows along up to three dimensions, of the planes of a tensor. With fewer dimensions there are sizes
// of 1 in front: so one kernel is for sequences, images and volumes.
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;

// Plain data. A kernel of 0: window o of n takes the share [floor(o in / n), ceil((o + 1) in / n)) of its dimension.
struct Windows {
  int64_t planes, in[3], out[3], kernel[3], stride[3], padding[3], dilation[3];
};

// What the sum over a window is divided by: a number, or if that is 0 the count of its elements, those of the padding
// included or not.
struct Divisor {
  int64_t number, countsPadding;
};

// Tensors are planes of `in` elements, x and dx, and of `out` elements, y and dy. indices (int64) are positions in the
// plane of x, -1 for a window that misses it.
struct PoolKernels {
  // starts: undefined, or where the windows start, [planes, out[0] + out[1] + out[2]], int64
  void (&maxPool)(const Tensor& x, const Windows& windows, const Tensor& starts, const Tensor& y,
                  const Tensor& indices);
  // dx = the sum of dy over the windows whose index it is, for indices of windows without starts
  void (&maxPoolGrad)(const Tensor& dy, const Tensor& indices, const Windows& windows, const Tensor& dx);
  // of floats and int64; no dilation
  void (&avgPool)(const Tensor& x, const Windows& windows, const Divisor& divisor, const Tensor& y);
  // of floats
  void (&avgPoolGrad)(const Tensor& dy, const Windows& windows, const Divisor& divisor, const Tensor& dx);
};

}  // namespace dtrain
