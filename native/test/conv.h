// Convolutions as test cases, and their three passes on a CUDA device against the CPU.
#pragma once

#include "kernels/conv.h"
#include "ops/window.h"
#include "test/twins.h"

namespace dtrain::test {

struct Convolution {
  Dims x, w, stride = {}, padding = {}, dilation = {};  // by default none
  int64_t groups = 1;

  ConvWindow window() const {
    const int dims = x.size() - 2;
    Dims kernel;
    for (int i = 0; i < dims; i++) kernel.push(w[2 + i]);
    const auto given = [&](const Dims& sizes, int64_t usual) { return sizes.empty() ? Dims(dims, usual) : sizes; };
    return {windowOf("convolution", dims, kernel, given(stride, 1), given(padding, 0), given(dilation, 1)), groups};
  }
};

// slack multiplies the tolerance.
inline void checkConvolution(const Convolution& c, DType dtype, Layout layout, double slack) {
  const ConvWindow window = c.window();
  Dims y{c.x[0], c.w[0]};
  for (int i = 0; i < window.dims; i++) y.push(outputSize(window, i, c.x[2 + i]));
  const double forward = slack * rounding(dtype, product(c.w) / c.w[0]);
  const double backward = slack * rounding(dtype, product(y) / y[1]);
  for (bool withBias : {false, true}) {
    Twins twins(str("convolution ", c.x, " * ", c.w, withBias ? " + bias" : ""));
    twins.in(dtype, c.x, layout).in(dtype, c.w, layout);
    withBias ? twins.in(dtype, {c.w[0]}, layout) : twins.none();
    twins.out(dtype, y, layout).run<ConvKernels>(forward, [&](auto& k, auto& t) {
      k.conv(t[0], t[1], t[2], window, t[3]);
    });
  }
  Twins(str("convGradInput ", c.x, " * ", c.w))
      .in(dtype, y, layout)
      .in(dtype, c.w, layout)
      .out(dtype, c.x, layout)
      .run<ConvKernels>(4 * forward, [&](auto& k, auto& t) { k.convGradInput(t[0], t[1], window, t[2]); });
  Twins(str("convGradWeight ", c.x, " * ", c.w))
      .in(dtype, y, layout)
      .in(dtype, c.x, layout)
      .out(dtype, c.w, layout)
      .run<ConvKernels>(4 * backward, [&](auto& k, auto& t) { k.convGradWeight(t[0], t[1], window, t[2]); });
}

}  // namespace dtrain::test
