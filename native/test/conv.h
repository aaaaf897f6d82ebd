// Convolutions as test cases, and their three passes on a CUDA device against the CPU.
#pragma once

#include "kernels/conv.h"
#include "ops/window.h"
#include "test/twins.h"

namespace dtrain::test {

struct Convolution {
  Dims x, w, stride{1, 1}, padding{0, 0}, dilation{1, 1};
  int64_t groups = 1;

  ConvWindow window() const { return {windowOf("conv2d", 2, {w[2], w[3]}, stride, padding, dilation), groups}; }
};

// slack multiplies the tolerance.
inline void checkConvolution(const Convolution& c, DType dtype, Layout layout, double slack) {
  const ConvWindow window = c.window();
  const Dims y{c.x[0], c.w[0], outputSize(window, 0, c.x[2]), outputSize(window, 1, c.x[3])};
  const double forward = slack * rounding(dtype, c.w[1] * c.w[2] * c.w[3]);
  const double backward = slack * rounding(dtype, y[0] * y[2] * y[3]);
  for (bool withBias : {false, true}) {
    Twins twins(str("conv2d ", c.x, " * ", c.w, withBias ? " + bias" : ""));
    twins.in(dtype, c.x, layout).in(dtype, c.w, layout);
    withBias ? twins.in(dtype, {c.w[0]}, layout) : twins.none();
    twins.out(dtype, y, layout).run<ConvKernels>(forward, [&](auto& k, auto& t) {
      k.conv2d(t[0], t[1], t[2], window, t[3]);
    });
  }
  Twins(str("conv2dGradInput ", c.x, " * ", c.w))
      .in(dtype, y, layout)
      .in(dtype, c.w, layout)
      .out(dtype, c.x, layout)
      .run<ConvKernels>(4 * forward, [&](auto& k, auto& t) { k.conv2dGradInput(t[0], t[1], window, t[2]); });
  Twins(str("conv2dGradWeight ", c.x, " * ", c.w))
      .in(dtype, y, layout)
      .in(dtype, c.x, layout)
      .out(dtype, c.w, layout)
      .run<ConvKernels>(4 * backward, [&](auto& k, auto& t) { k.conv2dGradWeight(t[0], t[1], window, t[2]); });
}

}  // namespace dtrain::test
