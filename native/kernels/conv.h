// Convolution over batches of images of two or three dimensions, and its gradients. Halves are added up as float;
// integers, which wrap, are convolved on the CPU only, and bool nowhere.
#pragma once

#include <array>

#include "core/tensor.h"
#include "kernels/window.h"

namespace dtrain {

// Input and output channels are split into `groups`, which do not see each other.
struct ConvWindow : Window {
  int64_t groups;
  auto operator<=>(const ConvWindow&) const = default;
};

// What a plan of a library depends on: all sizes of x, w and y follow from it.
struct ConvShape {
  ConvShape(const Tensor& x, const Tensor& w, const ConvWindow& p) : filters(w.size(0)), window(p) {
    std::ranges::copy(x.sizes(), image.begin());
  }
  std::array<int64_t, 5> image{};
  int64_t filters;
  ConvWindow window;
  auto operator<=>(const ConvShape&) const = default;
};

struct ConvKernels {
  // x [N, C, H, W], w [F, C / groups, R, S], y [N, F, P, Q], or with a dimension more in front of the image's, all
  // contiguous; bias may be undefined
  void (&conv)(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Tensor& y);
  // Integers too, as what a transposed convolution computes.
  void (&convGradInput)(const Tensor& dy, const Tensor& w, const ConvWindow& p, const Tensor& dx);
  void (&convGradWeight)(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Tensor& dw);
};

}  // namespace dtrain
