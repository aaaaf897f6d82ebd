// Convolution over batches of images, and its gradients. Halves are added up as float; integers, which wrap, are
// convolved on the CPU only, and bool nowhere.
#pragma once

#include "kernels/window.h"

namespace dtrain {

class Tensor;

// Input and output channels are split into `groups`, which do not see each other.
struct ConvWindow : Window {
  int64_t groups;
  auto operator<=>(const ConvWindow&) const = default;
};

struct ConvKernels {
  // x [N, C, H, W], w [F, C / groups, R, S], y [N, F, P, Q], all contiguous; bias may be undefined
  void (&conv2d)(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Tensor& y);
  void (&conv2dGradInput)(const Tensor& dy, const Tensor& w, const ConvWindow& p, const Tensor& dx);
  void (&conv2dGradWeight)(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Tensor& dw);
};

}  // namespace dtrain
