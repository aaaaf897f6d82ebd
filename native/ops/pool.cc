// 2-d max pooling. The forward kernel remembers where each maximum was; the gradient goes back there.
#include "ops/pool.h"

#include "kernels/pool.h"
#include "ops/copy.h"
#include "ops/record.h"
#include "ops/scatter.h"
#include "ops/view.h"
#include "ops/window.h"

namespace dtrain {

std::pair<Tensor, Tensor> maxPool2dWithIndices(const Tensor& x, const Dims& kernelSize, const Dims& stride,
                                               const Dims& padding, const Dims& dilation, bool ceilMode) {
  if (x.dim() == 3) {
    const auto [y, indices] = maxPool2dWithIndices(unsqueeze(x, 0), kernelSize, stride, padding, dilation, ceilMode);
    return {squeeze(y, Dims{0}), squeeze(indices, Dims{0})};
  }
  check(x.dim() == 4, Code::shape, "maxPool2d: expected input [N, C, H, W] or [C, H, W], got ", x.sizes());
  check(x.size(1) > 0 && x.size(2) > 0 && x.size(3) > 0, Code::shape,
        "maxPool2d: only the batch may be of size 0, got input ", x.sizes());
  check(x.dtype() != DType::boolean, Code::dtype, "maxPool2d: not defined for bool tensors");
  for (const int64_t size : kernelSize)
    check(size > 0, Code::argument, "maxPool2d: kernelSize must be positive, got ", kernelSize);
  const Window window = windowOf("maxPool2d", 2, kernelSize, stride, padding, dilation);
  for (int i = 0; i < window.dims; i++) {
    check(padding[i] >= 0 && padding[i] * 2 <= kernelSize[i], Code::argument,
          "maxPool2d: padding must be between 0 and half of kernelSize ", kernelSize, ", got ", padding);
  }
  const int64_t h = outputSize(window, 0, x.size(2), ceilMode), w = outputSize(window, 1, x.size(3), ceilMode);
  check(h > 0 && w > 0, Code::shape, "maxPool2d: kernelSize ", kernelSize, " is larger than the padded input ",
        x.sizes());
  Tensor y = empty({x.size(0), x.size(1), h, w}, x.dtype(), x.device());
  Tensor indices = empty(y.sizes(), DType::int64, x.device());
  {
    const NoGrad guard;
    kernels<PoolKernels>(x).maxPool2d(contiguous(x), window, y, indices);
  }
  if (recording(x))
    record("MaxPool2DWithIndicesBackward0", y, x, [indices, sizes = x.sizes()](const Tensor& dy) {
      note("result1", "[saved tensor]");
      note("self_sym_sizes", sizes);
      const int64_t planes = sizes[0] * sizes[1];
      const Dims out{planes, indices.size(2) * indices.size(3)};
      return reshape(addedAt(reshape(dy, out), 1, view(indices, out), {planes, sizes[2] * sizes[3]}), sizes);
    });
  return {y, indices};
}

Tensor maxPool2d(const Tensor& x, const Dims& kernelSize, const Dims& stride, const Dims& padding, const Dims& dilation,
                 bool ceilMode) {
  return maxPool2dWithIndices(x, kernelSize, stride, padding, dilation, ceilMode).first;
}

}  // namespace dtrain
