// Windows as columns. All windows of a padded image are one view, with two dims for the place in the kernel and two for
// the window, so im2col is a copy. col2im adds an image for each place in the kernel.
#include "ops/fold.h"

#include "kernels/copy.h"
#include "ops/arithmetic.h"
#include "ops/creation.h"
#include "ops/pad.h"
#include "ops/record.h"
#include "ops/view.h"
#include "ops/window.h"

namespace dtrain {

namespace {

struct Windows {
  Windows(const char* op, const Dims& image, const Dims& kernelSize, const Dims& dilation, const Dims& padding,
          const Dims& stride)
      : window(windowOf(op, 2, kernelSize, stride, padding, dilation)) {
    for (int i = 0; i < 2; i++) {
      const int64_t most = int64_t{1} << 30;
      check(kernelSize[i] > 0, Code::argument, op, ": kernelSize must be positive, got ", kernelSize);
      check(std::max({kernelSize[i], dilation[i], padding[i]}) < most, Code::argument, op,
            ": kernelSize, dilation and padding must be less than ", most);
      rows[i] = outputSize(window, i, image[i]);
      check(rows[i] > 0, Code::shape, op, ": kernelSize ", kernelSize, " with dilation ", dilation,
            " is larger than an image ", image, " with padding ", padding);
    }
  }
  int64_t count() const { return rows[0] * rows[1]; }
  int64_t places() const { return window.kernel[0] * window.kernel[1]; }

  std::vector<int64_t> around() const {
    return {window.padding[1], window.padding[1], window.padding[0], window.padding[0]};
  }

  Window window;
  int64_t rows[2];
};

}  // namespace

Tensor im2col(const Tensor& x, const Dims& kernelSize, const Dims& dilation, const Dims& padding, const Dims& stride) {
  if (x.dim() == 3) return squeeze(im2col(unsqueeze(x, 0), kernelSize, dilation, padding, stride), Dims{0});
  check(x.dim() == 4 && x.size(1) > 0 && x.size(2) > 0 && x.size(3) > 0, Code::shape,
        "im2col: expected input [N, C, H, W] or [C, H, W] of which only the batch may be empty, got ", x.sizes());
  const Dims image{x.size(2), x.size(3)};
  const Windows windows("unfold", image, kernelSize, dilation, padding, stride);
  const Window& w = windows.window;
  const int64_t n = x.size(0), c = x.size(1);
  const Tensor y = empty({n, c * windows.places(), windows.count()}, x.dtype(), x.device());
  {
    const NoGrad guard;
    const bool pads = w.padding[0] > 0 || w.padding[1] > 0;
    const Tensor from = pads ? pad(x, windows.around(), PadMode::constant, 0) : x;
    const Dims sizes{n, c, w.kernel[0], w.kernel[1], windows.rows[0], windows.rows[1]};
    const int64_t down = from.stride(2), right = from.stride(3);
    const Dims strides{from.stride(0),        from.stride(1),     down * w.dilation[0],
                       right * w.dilation[1], down * w.stride[0], right * w.stride[1]};
    kernels<CopyKernels>(x).copy(alias(from, sizes, strides, from.impl()->offset), view(y, sizes));
  }
  return fromGradient("Im2ColBackward0", y, x,
                      [=](const Tensor& dy) { return col2im(dy, image, kernelSize, dilation, padding, stride); });
}

Tensor col2im(const Tensor& x, const Dims& outputSize, const Dims& kernelSize, const Dims& dilation,
              const Dims& padding, const Dims& stride) {
  if (x.dim() == 2) return squeeze(col2im(unsqueeze(x, 0), outputSize, kernelSize, dilation, padding, stride), Dims{0});
  check(x.dim() == 3 && x.size(1) > 0 && x.size(2) > 0, Code::shape,
        "col2im: expected input [N, C R S, windows] or [C R S, windows] of which only the batch may be empty, got ",
        x.sizes());
  const Windows windows("fold", outputSize, kernelSize, dilation, padding, stride);
  const Window& w = windows.window;
  check(x.size(1) % windows.places() == 0, Code::shape, "col2im: the channels of ", x.sizes(),
        " do not divide by kernelSize ", kernelSize);
  check(x.size(2) == windows.count(), Code::shape, "col2im: an image ", outputSize, " has ", windows.count(),
        " windows, got ", x.size(2), " columns");
  const int64_t n = x.size(0), c = x.size(1) / windows.places();
  Tensor y;
  {
    const NoGrad guard;
    const Tensor columns = reshape(widened(x), {n, c, w.kernel[0], w.kernel[1], windows.rows[0], windows.rows[1]});
    const Tensor sums = full({n, c, outputSize[0] + 2 * w.padding[0], outputSize[1] + 2 * w.padding[1]}, 0,
                             columns.dtype(), x.device());
    const auto part = [&](const Tensor& from, int i, int64_t at) {  // each window's place `at` of the kernel
      const int64_t first = at * w.dilation[i];
      return slice(from, 2 + i, first, first + (windows.rows[i] - 1) * w.stride[i] + 1, w.stride[i]);
    };
    for (int64_t i = 0; i < w.kernel[0]; i++)
      for (int64_t j = 0; j < w.kernel[1]; j++) add_(part(part(sums, 0, i), 1, j), select(select(columns, 2, i), 2, j));
    const Tensor inside = slice(slice(sums, 2, w.padding[0], w.padding[0] + outputSize[0], 1), 3, w.padding[1],
                                w.padding[1] + outputSize[1], 1);
    y = contiguous(cast(inside, x.dtype()));
  }
  return fromGradient("Col2ImBackward0", y, x,
                      [=](const Tensor& dy) { return im2col(dy, kernelSize, dilation, padding, stride); });
}

}  // namespace dtrain
