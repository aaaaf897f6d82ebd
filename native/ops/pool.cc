// 2-d max pooling. The forward kernel remembers where each maximum was; the gradient goes back there.
#include "ops/pool.h"

#include "kernels/pool.h"
#include "ops/copy.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

namespace {

int64_t outputSize(int64_t in, const Pool2d& p, int i, bool ceilMode) {
  const int64_t span = in + 2 * p.padding[i] - p.dilation[i] * (p.kernel[i] - 1) - 1;
  int64_t out = (span + (ceilMode ? p.stride[i] - 1 : 0)) / p.stride[i] + 1;
  if (span < 0) out = 0;
  // The last window of ceil mode must start inside the input or its left padding.
  if (ceilMode && (out - 1) * p.stride[i] >= in + p.padding[i]) out--;
  return out;
}

}  // namespace

Tensor maxPool2d(const Tensor& x, const Dims& kernelSize, const Dims& stride, const Dims& padding, const Dims& dilation,
                 bool ceilMode) {
  if (x.dim() == 3) return squeeze(maxPool2d(unsqueeze(x, 0), kernelSize, stride, padding, dilation, ceilMode), 0);
  check(x.dim() == 4, Code::shape, "maxPool2d: expected input [N, C, H, W] or [C, H, W], got ", x.sizes());
  check(x.size(1) > 0 && x.size(2) > 0 && x.size(3) > 0, Code::shape,
        "maxPool2d: only the batch may be of size 0, got input ", x.sizes());
  check(x.dtype() != DType::boolean, Code::dtype, "maxPool2d: not defined for bool tensors");
  Pool2d p{};
  for (int i = 0; i < 2; i++) {
    check(kernelSize[i] > 0, Code::argument, "maxPool2d: kernelSize must be positive, got ", kernelSize);
    check(stride[i] > 0, Code::argument, "maxPool2d: stride must be positive, got ", stride);
    check(dilation[i] > 0, Code::argument, "maxPool2d: dilation must be positive, got ", dilation);
    check(padding[i] >= 0 && padding[i] * 2 <= kernelSize[i], Code::argument,
          "maxPool2d: padding must be between 0 and half of kernelSize ", kernelSize, ", got ", padding);
    p.kernel[i] = kernelSize[i];
    p.stride[i] = stride[i];
    p.padding[i] = padding[i];
    p.dilation[i] = dilation[i];
  }
  const int64_t h = outputSize(x.size(2), p, 0, ceilMode), w = outputSize(x.size(3), p, 1, ceilMode);
  check(h > 0 && w > 0, Code::shape, "maxPool2d: kernelSize ", kernelSize, " is larger than the padded input ",
        x.sizes());
  Tensor y = empty({x.size(0), x.size(1), h, w}, x.dtype(), x.device());
  Tensor indices = empty(y.sizes(), DType::int64, x.device());
  {
    const NoGrad guard;
    kernels<PoolKernels>(x).maxPool2d(contiguous(x), p, y, indices);
  }
  if (recording(x))
    record("MaxPool2DWithIndicesBackward0", y, x, [indices, sizes = x.sizes()](const Tensor& dy) {
      const int64_t planes = sizes[0] * sizes[1];
      const Dims out{planes, indices.size(2) * indices.size(3)};
      return reshape(scatterAdd(reshape(dy, out), 1, view(indices, out), {planes, sizes[2] * sizes[3]}), sizes);
    });
  return y;
}

}  // namespace dtrain
