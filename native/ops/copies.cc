// Views copied. A copy takes the place of its view in the graph, since the gradient is the same; so it has the view's
// name, as in PyTorch. And the opposite: elements written where a view shows, into a copy of the whole.
#include "ops/copies.h"

#include "kernels/copy.h"
#include "ops/broadcast.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/split.h"
#include "ops/strided.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// A view that has just been made of x, as a tensor of its own.
Tensor copied(const Tensor& x, const Tensor& view) {
  if (view.impl() == x.impl()) return clone(x);
  Tensor y;
  {
    const NoGrad guard;
    y = clone(view);
  }
  if (recording(view)) {
    const AutogradMeta& made = autogradMeta(view);
    AutogradMeta& meta = autogradMeta(y);
    meta.gradFn = made.gradFn;
    meta.outputIndex = made.outputIndex;
  }
  return y;
}

std::vector<Tensor> copied(const Tensor& x, std::vector<Tensor> views) {
  for (Tensor& view : views) view = copied(x, view);
  return views;
}

}  // namespace

Tensor aliasCopy(const Tensor& x) { return clone(x); }
Tensor viewCopy(const Tensor& x, const Dims& sizes) { return copied(x, view(x, sizes)); }
Tensor expandCopy(const Tensor& x, const Dims& sizes) { return copied(x, expand(x, sizes)); }
Tensor permuteCopy(const Tensor& x, const Dims& dims) { return copied(x, permute(x, dims)); }
Tensor transposeCopy(const Tensor& x, int64_t dim0, int64_t dim1) { return copied(x, transpose(x, dim0, dim1)); }
Tensor tCopy(const Tensor& x) { return copied(x, t(x)); }
Tensor squeezeCopy(const Tensor& x, const std::optional<Dims>& dims) { return copied(x, squeeze(x, dims)); }
Tensor unsqueezeCopy(const Tensor& x, int64_t dim) { return copied(x, unsqueeze(x, dim)); }
Tensor sliceCopy(const Tensor& x, int64_t dim, int64_t start, int64_t end, int64_t step) {
  return copied(x, slice(x, dim, start, end, step));
}
Tensor selectCopy(const Tensor& x, int64_t dim, int64_t index) { return copied(x, select(x, dim, index)); }
Tensor diagonalCopy(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  return copied(x, diagonal(x, offset, dim1, dim2));
}
Tensor asStridedCopy(const Tensor& x, const Dims& size, const Dims& stride, std::optional<int64_t> storageOffset) {
  return copied(x, asStrided(x, size, stride, storageOffset));
}
Tensor unfoldCopy(const Tensor& x, int64_t dimension, int64_t size, int64_t step) {
  return copied(x, unfold(x, dimension, size, step));
}
std::vector<Tensor> unbindCopy(const Tensor& x, int64_t dim) { return copied(x, unbind(x, dim)); }
std::vector<Tensor> splitCopy(const Tensor& x, int64_t size, int64_t dim) { return copied(x, split(x, size, dim)); }
std::vector<Tensor> splitWithSizesCopy(const Tensor& x, const std::vector<int64_t>& sizes, int64_t dim) {
  return copied(x, splitWithSizes(x, sizes, dim));
}

namespace {
Tensor detachedCopy(const Tensor& x) {
  const NoGrad guard;
  return clone(x);
}

// y, a copy of x, with src where `view` shows. d x = dy with zeros there, d src = dy there
template <class View>
Tensor scattered(const char* op, const char* name, const Tensor& x, const Tensor& y, const Tensor& src, View view) {
  requireSameDevice(op, x, src);
  const Tensor there = view(y);
  check(src.sizes() == there.sizes(), Code::shape, op, ": expected src of the shape of what it replaces, ",
        there.sizes(), ", got ", src.sizes());
  kernels<CopyKernels>(y).copy(src, there);
  if (recording(x, src))
    record(
        name, y, {x, src},
        [=, sizes = there.sizes(), dx = GradOf(x), dsrc = GradOf(src)](const Tensor& dy) {
          return Grads{dx([&] {
                         const Tensor zeros = full(sizes, 0, dy.dtype(), dy.device());
                         return scattered(op, name, dy, detachedCopy(dy), zeros, view);
                       }),
                       dsrc([&] { return view(dy); })};
        },
        Keeps::nothing);
  return y;
}
}  // namespace

Tensor selectScatter(const Tensor& x, const Tensor& src, int64_t dim, int64_t index) {
  return scattered("selectScatter", "SelectScatterBackward0", x, detachedCopy(x), src,
                   [=](const Tensor& g) { return select(g, dim, index); });
}

Tensor sliceScatter(const Tensor& x, const Tensor& src, int64_t dim, int64_t start, int64_t end, int64_t step) {
  return scattered("sliceScatter", "SliceScatterBackward0", x, detachedCopy(x), src,
                   [=](const Tensor& g) { return slice(g, dim, start, end, step); });
}

Tensor diagonalScatter(const Tensor& x, const Tensor& src, int64_t offset, int64_t dim1, int64_t dim2) {
  return scattered("diagonalScatter", "DiagonalScatterBackward0", x, detachedCopy(x), src,
                   [=](const Tensor& g) { return diagonal(g, offset, dim1, dim2); });
}

Tensor asStridedScatter(const Tensor& x, const Tensor& src, const Dims& size, const Dims& stride,
                        std::optional<int64_t> storageOffset) {
  const int64_t offset = storageOffset.value_or(x.impl()->offset);
  // A copy of the memory up to the last element, so that strides mean the same in it.
  int64_t end = x.impl()->offset + (x.numel() > 0);
  for (int i = 0; i < x.dim() && x.numel() > 0; i++) end += (x.size(i) - 1) * x.stride(i);
  const Tensor y = alias(detachedCopy(alias(x, {end}, {1}, 0)), x.sizes(), x.strides(), x.impl()->offset);
  const bool dense = x.isContiguous() && x.impl()->offset == 0;
  check(dense || !recording(x, src), Code::unsupported,
        "asStridedScatter: with a gradient, the tensor must be contiguous and at the start of its memory; clone() it "
        "first");
  return scattered("asStridedScatter", "AsStridedScatterBackward0", x, y, src, [=](const Tensor& g) {
    const Tensor memory = dense ? contiguous(g) : g;
    return asStrided(memory, size, stride, dense ? memory.impl()->offset + offset : offset);
  });
}

}  // namespace dtrain
