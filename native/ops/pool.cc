// Pooling. A pool of sequences is one of images of one row, as in PyTorch; the kernels know volumes only. The largest
// values remember where they were, and the gradient goes back there; averages and their gradients are one another's.
#include "ops/pool.h"

#include <array>

#include "kernels/pool.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/places.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/scatter.h"
#include "ops/view.h"
#include "ops/window.h"

namespace dtrain {

namespace {

// What a node is called with one, two and three dimensions; with one it is that of two.
using Names = std::array<const char*, 3>;

int64_t sizeOf(const int64_t (&sizes)[3]) { return sizes[0] * sizes[1] * sizes[2]; }

void requireImages(const char* op, const Tensor& x, int dims) {
  check(dims >= 1 && dims <= 3, Code::argument, op, ": expected one to three sizes, got ", dims);
  constexpr Names sizes{"L", "H, W", "D, H, W"};
  const char* const of = sizes[dims - 1];
  check(x.dim() == dims + 1 || x.dim() == dims + 2, Code::shape, op, ": expected input [N, C, ", of, "] or [C, ", of,
        "], got ", x.sizes());
}

void requireElements(const char* op, const Tensor& x, int dims) {
  for (int i = x.dim() - dims - 1; i < x.dim(); i++)
    check(x.size(i) > 0, Code::shape, op, ": only the batch may be of size 0, got input ", x.sizes());
}

// The planes of the last dims of x, with a size of 1 where there are fewer than three; no windows yet.
Windows planesOf(const Tensor& x, int dims) {
  Windows w{};
  for (int i = 0; i < 3; i++) w.in[i] = w.out[i] = w.kernel[i] = w.stride[i] = w.dilation[i] = 1;
  for (int i = 0; i < dims; i++) w.in[3 - dims + i] = x.size(x.dim() - dims + i);
  w.planes = 1;
  for (int i = 0; i < x.dim() - dims; i++) w.planes *= x.size(i);
  return w;
}

// The sizes of x with those of windows, or others, behind the channels.
Dims sizesWith(const Tensor& x, const Dims& last) {
  Dims sizes = x.sizes();
  for (int i = 0; i < last.size(); i++) sizes[x.dim() - last.size() + i] = last[i];
  return sizes;
}

// Windows of a kernel's size in regular distances; y becomes the sizes of the result.
Windows windowsOf(const char* op, const Tensor& x, const Dims& kernelSize, const Dims& stride, const Dims& padding,
                  const Dims& dilation, bool ceilMode, Dims& y) {
  const int dims = kernelSize.size();
  requireImages(op, x, dims);
  requireElements(op, x, dims);
  for (const int64_t size : kernelSize)
    check(size > 0, Code::argument, op, ": kernelSize must be positive, got ", kernelSize);
  const Window window = windowOf(op, dims, kernelSize, stride, padding, dilation);
  Windows w = planesOf(x, dims);
  Dims out;
  for (int i = 0; i < dims; i++) {
    const int d = 3 - dims + i;
    check(padding[i] * 2 <= window.span(i), Code::argument, op, ": padding must be between 0 and half of kernelSize ",
          kernelSize, ", got ", padding);
    w.kernel[d] = window.kernel[i];
    w.stride[d] = window.stride[i];
    w.padding[d] = window.padding[i];
    w.dilation[d] = window.dilation[i];
    w.out[d] = outputSize(window, i, w.in[d], ceilMode);
    check(w.out[d] > 0, Code::shape, op, ": kernelSize ", kernelSize, " is larger than the padded input ", x.sizes());
    out.push(w.out[d]);
  }
  y = sizesWith(x, out);
  return w;
}

// Windows that share the planes out.
Windows sharesOf(const char* op, const Tensor& x, const Dims& outputSize) {
  const int dims = outputSize.size();
  Windows w = planesOf(x, dims);
  for (int i = 0; i < dims; i++) {
    const int d = 3 - dims + i;
    check(outputSize[i] >= 0, Code::shape, op, ": sizes must not be negative, got ", outputSize);
    check(w.in[d] > 0, Code::shape, op, ": only the batch may be of size 0, got input ", x.sizes());
    w.out[d] = outputSize[i];
  }
  for (int64_t& size : w.kernel) size = 0;
  return w;
}

// A pool of sequences by one of images of one row.
Tensor asRows(const Tensor& x) { return unsqueeze(x, -2); }
Tensor asSequences(const Tensor& y) { return squeeze(y, Dims{-2}); }
std::pair<Tensor, Tensor> asSequences(const std::pair<Tensor, Tensor>& both) {
  return {asSequences(both.first), asSequences(both.second)};
}
Dims inOneRow(const Dims& sizes, int64_t first) { return {first, sizes[0]}; }

// dx = dy where the largest were
Tensor maxGrad(const Tensor& dy, const Tensor& indices, const Windows& w, const Dims& sizes) {
  const Dims in{w.planes, sizeOf(w.in)}, out{w.planes, sizeOf(w.out)};
  const Tensor dx = empty(sizes, dy.dtype(), dy.device());
  {
    const NoGrad guard;
    kernels<PoolKernels>(dy).maxPoolGrad(contiguous(dy), indices, w, dx);
  }
  return fromGradient("GatherBackward0", dx, dy, [=](const Tensor& g) {
    return reshape(pick(reshape(g, in), 1, view(indices, out)), indices.sizes());
  });
}

// starts: see PoolKernels.
std::pair<Tensor, Tensor> largest(const char* node, const Tensor& x, const Windows& w, const Dims& sizes,
                                  const Tensor& starts = {}) {
  Tensor y = empty(sizes, x.dtype(), x.device());
  Tensor indices = empty(sizes, DType::int64, x.device());
  {
    const NoGrad guard;
    kernels<PoolKernels>(x).maxPool(contiguous(x), w, starts, y, indices);
  }
  if (recording(x))
    record(node, y, x, [=, byRule = !starts.defined(), sizes = x.sizes()](const Tensor& dy) {
      note("result1", "[saved tensor]");
      note("self_sym_sizes", sizes);
      if (byRule) return maxGrad(dy, indices, w, sizes);
      const Dims in{w.planes, sizeOf(w.in)}, out{w.planes, sizeOf(w.out)};
      return reshape(addedAt(reshape(dy, out), 1, view(indices, out), in), sizes);
    });
  return {y, indices};
}

Tensor averageGrad(const char* node, const Tensor& dy, const Windows& w, const Divisor& divisor, const Dims& sizes);

Tensor average(const char* node, const Tensor& x, const Windows& w, const Divisor& divisor, const Dims& sizes) {
  const Tensor y = empty(sizes, x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<PoolKernels>(x).avgPool(contiguous(x), w, divisor, y);
  }
  return fromGradient(node, y, x,
                      [=, sizes = x.sizes()](const Tensor& dy) { return averageGrad(node, dy, w, divisor, sizes); });
}

Tensor averageGrad(const char* node, const Tensor& dy, const Windows& w, const Divisor& divisor, const Dims& sizes) {
  const Tensor dx = empty(sizes, dy.dtype(), dy.device());
  {
    const NoGrad guard;
    kernels<PoolKernels>(dy).avgPoolGrad(contiguous(dy), w, divisor, dx);
  }
  return fromGradient(node, dx, dy,
                      [=, sizes = dy.sizes()](const Tensor& g) { return average(node, g, w, divisor, sizes); });
}

// The starts of windows along the last dims: of window i, as a fraction u of a sample says, floor((i + u) a) - floor(u
// a), where a is their mean distance; and the last one ends with the plane. Computed in the dtype of the samples.
Tensor startsOf(const Windows& w, int dims, const Tensor& samples) {
  const Tensor flat = reshape(samples, {w.planes, dims});
  std::vector<Tensor> all;
  for (int d = 0; d < 3; d++) {
    const int64_t out = w.out[d], room = w.in[d] - w.kernel[d];
    const Tensor last = full({w.planes, 1}, static_cast<double>(room), DType::int64, samples.device());
    if (out > 1) {
      // PyTorch's samples of an image are of its columns first; those of a volume are in order.
      const Tensor u = slice(flat, 1, dims == 2 ? 2 - d : d, (dims == 2 ? 2 - d : d) + 1, 1);
      const double distance = static_cast<double>(room) / static_cast<double>(out - 1);
      const Tensor a = full({1, 1}, distance, samples.dtype(), samples.device());
      const Tensor i = reshape(arange(0, static_cast<double>(out - 1), 1, samples.dtype(), samples.device()), {1, -1});
      all.push_back(sub(cast(mul(add(i, u), a), DType::int64), cast(mul(u, a), DType::int64)));
    }
    all.push_back(last);
  }
  return contiguous(cat(all, 1));
}

}  // namespace

std::pair<Tensor, Tensor> maxPoolWithIndices(const Tensor& x, const Dims& kernelSize, const Dims& stride,
                                             const Dims& padding, const Dims& dilation, bool ceilMode) {
  constexpr Names nodes{"", "MaxPool2DWithIndicesBackward0", "MaxPool3DWithIndicesBackward0"};
  constexpr const char* op = "maxPool";
  check(x.dtype() != DType::boolean, Code::dtype, op, ": not defined for bool tensors");
  Dims sizes;
  const Windows w = windowsOf(op, x, kernelSize, stride, padding, dilation, ceilMode, sizes);
  if (kernelSize.size() == 1)
    return asSequences(maxPoolWithIndices(asRows(x), inOneRow(kernelSize, 1), inOneRow(stride, 1), inOneRow(padding, 0),
                                          inOneRow(dilation, 1), ceilMode));
  return largest(nodes[kernelSize.size() - 1], x, w, sizes);
}

Tensor maxPool(const Tensor& x, const Dims& kernelSize, const Dims& stride, const Dims& padding, const Dims& dilation,
               bool ceilMode) {
  return maxPoolWithIndices(x, kernelSize, stride, padding, dilation, ceilMode).first;
}

std::pair<Tensor, Tensor> adaptiveMaxPool(const Tensor& x, const Dims& outputSize) {
  constexpr Names nodes{"", "AdaptiveMaxPool2DBackward0", "AdaptiveMaxPool3DBackward0"};
  constexpr const char* op = "adaptiveMaxPool";
  const int dims = outputSize.size();
  requireFloat(op, x);
  requireImages(op, x, dims);
  requireElements(op, x, dims);
  if (dims == 1) return asSequences(adaptiveMaxPool(asRows(x), inOneRow(outputSize, 1)));
  return largest(nodes[dims - 1], x, sharesOf(op, x, outputSize), sizesWith(x, outputSize));
}

std::pair<Tensor, Tensor> fractionalMaxPool(const Tensor& x, const Dims& kernelSize, const Dims& outputSize,
                                            const Tensor& samples) {
  constexpr Names nodes{"", "FractionalMaxPool2DBackward0", "FractionalMaxPool3DBackward0"};
  constexpr const char* op = "fractionalMaxPool";
  const int dims = kernelSize.size();
  requireFloat(op, x);
  requireImages(op, x, dims);
  requireElements(op, x, dims);
  Windows w = planesOf(x, dims);
  for (int i = 0; i < dims; i++) {
    const int d = 3 - dims + i;
    check(kernelSize[i] > 0, Code::argument, op, ": kernelSize must be positive, got ", kernelSize);
    check(outputSize[i] > 0, Code::argument, op, ": outputSize must be positive, got ", outputSize);
    check(kernelSize[i] <= w.in[d] && outputSize[i] <= w.in[d] - kernelSize[i] + 1, Code::shape, op, ": windows of ",
          kernelSize, " for an output of ", outputSize, " do not fit into input ", x.sizes());
    w.kernel[d] = kernelSize[i];
    w.out[d] = outputSize[i];
  }
  const Dims expected{x.dim() == dims + 2 ? x.size(0) : 1, x.size(x.dim() - dims - 1), dims};
  check(samples.sizes() == expected, Code::shape, op, ": expected samples of shape ", expected, ", got ",
        samples.sizes());
  check(samples.dtype() == x.dtype(), Code::dtype, op, ": expected samples of dtype ", x.dtype(), ", got ",
        samples.dtype());
  requireSameDevice(op, x, samples);
  Tensor starts;
  {
    const NoGrad guard;
    starts = startsOf(w, dims, samples);
  }
  return largest(nodes[dims - 1], x, w, sizesWith(x, outputSize), starts);
}

// d maxUnpool = dy where x has been put
Tensor maxUnpool(const Tensor& x, const Tensor& indices, const Dims& outputSize) {
  constexpr Names nodes{"", "MaxUnpool2DBackward0", "MaxUnpool3DBackward0"};
  constexpr const char* op = "maxUnpool";
  const int dims = outputSize.size();
  requireFloat(op, x);
  check(indices.dtype() == DType::int64, Code::dtype, op, ": expected indices of dtype int64, got ", indices.dtype());
  check(indices.sizes() == x.sizes(), Code::shape, op, ": the indices need the shape of the input, got ",
        indices.sizes(), " for ", x.sizes());
  requireImages(op, x, dims);
  requireElements(op, x, dims);
  for (const int64_t size : outputSize)
    check(size >= 0, Code::shape, op, ": sizes must not be negative, got ", outputSize);
  if (dims == 1) return asSequences(maxUnpool(asRows(x), asRows(indices), inOneRow(outputSize, 1)));
  const Windows w = planesOf(x, dims);
  const Dims sizes = sizesWith(x, outputSize), from{w.planes, sizeOf(w.in)};
  int64_t places = 1;
  for (const int64_t size : outputSize) places *= size;
  const Tensor y = full(sizes, 0, x.dtype(), x.device());
  Tensor at;
  {
    const NoGrad guard;
    at = positionsIn(op, reshape(indices, from), 1, places, x.device());
    if (x.numel() > 0) bring(op, Combine::assign, contiguous(reshape(x, from)), 1, at, view(y, {w.planes, places}));
  }
  if (recording(x))
    record(nodes[dims - 1], y, x, [at = Saved(at), planes = w.planes, places, sizes = x.sizes()](const Tensor& dy) {
      note("indices", at);
      return reshape(pick(reshape(dy, {planes, places}), 1, at.get()), sizes);
    });
  return y;
}

Tensor avgPool(const Tensor& x, const Dims& kernelSize, const Dims& stride, const Dims& padding, bool ceilMode,
               bool countIncludePad, std::optional<int64_t> divisorOverride) {
  constexpr Names nodes{"", "AvgPool2DBackward0", "AvgPool3DBackward0"};
  constexpr const char* op = "avgPool";
  const int dims = kernelSize.size();
  if (!isFloat(x.dtype()) && x.dtype() != DType::int64) failDType(op, x.dtype());
  check(divisorOverride != 0, Code::argument, op, ": divisorOverride must not be 0");
  Dims sizes;
  const Windows w = windowsOf(op, x, kernelSize, stride, padding, Dims(dims, 1), ceilMode, sizes);
  if (dims == 1)
    return asSequences(avgPool(asRows(x), inOneRow(kernelSize, 1), inOneRow(stride, 1), inOneRow(padding, 0), ceilMode,
                               countIncludePad, divisorOverride));
  return average(nodes[dims - 1], x, w, {divisorOverride.value_or(0), countIncludePad}, sizes);
}

Tensor adaptiveAvgPool(const Tensor& x, const Dims& outputSize) {
  constexpr Names nodes{"", "AdaptiveAvgPool2DBackward0", "AdaptiveAvgPool3DBackward0"};
  constexpr const char* op = "adaptiveAvgPool";
  const int dims = outputSize.size();
  requireFloat(op, x);
  requireImages(op, x, dims);
  if (dims == 1) return asSequences(adaptiveAvgPool(asRows(x), inOneRow(outputSize, 1)));
  // One window is the mean, with sums that are shared among threads, and of nothing NaN.
  if (outputSize == Dims(dims, 1)) return mean(x, dims == 2 ? Dims{-1, -2} : Dims{-1, -2, -3}, true, {});
  return average(nodes[dims - 1], x, sharesOf(op, x, outputSize), {0, 0}, sizesWith(x, outputSize));
}

}  // namespace dtrain
