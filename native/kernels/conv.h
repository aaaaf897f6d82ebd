// Convolution.
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;

struct Conv2d {
  int64_t stride[2], padding[2], dilation[2], groups;
};

struct ConvKernels {
  // x [N, C, H, W], w [F, C / groups, R, S], y [N, F, P, Q], all contiguous; bias may be undefined
  void (&conv2d)(const Tensor& x, const Tensor& w, const Tensor& bias, const Conv2d& p, const Tensor& y);
  void (&conv2dGradInput)(const Tensor& dy, const Tensor& w, const Conv2d& p, const Tensor& dx);
  void (&conv2dGradWeight)(const Tensor& dy, const Tensor& x, const Conv2d& p, const Tensor& dw);
};

}  // namespace dtrain
