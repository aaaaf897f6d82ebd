// Reading at an index and its adjoint, adding at an index: each is the gradient of the other. And cat, which copies
// each tensor into its slice of the result.
#include "ops/index.h"

#include "kernels/copy.h"
#include "kernels/index.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

namespace {
// Where gradients of a dtype are added up, zeros: see kernels/index.h.
Tensor sums(const Tensor& dy, const Dims& sizes) {
  return full(sizes, 0, isHalf(dy.dtype()) ? DType::float32 : dy.dtype(), dy.device());
}

// Rows of dy added at their index: the gradient of indexSelect, whose own gradient is indexSelect again.
Tensor indexAdd(const Tensor& dy, int dim, const Tensor& index, const Dims& sizes) {
  Tensor dx = sums(dy, sizes);
  {
    const NoGrad guard;
    kernels<IndexKernels>(dx).indexAdd(contiguous(dy), dim, index, dx);
    dx = cast(dx, dy.dtype());
  }
  if (recording(dy))
    record("IndexAddBackward0", dx, dy,
           [dim, index = Saved(index)](const Tensor& g) { return indexSelect(g, dim, index.get()); });
  return dx;
}
}  // namespace

Tensor indexSelect(const Tensor& x, int64_t dim, const Tensor& index) {
  check(index.dtype() == DType::int64 || index.dtype() == DType::int32, Code::dtype,
        "indexSelect: expected index of dtype int64, got ", index.dtype(), "; use tensor([…], { dtype: 'int64' })");
  requireSameDevice("indexSelect", x, index);
  check(index.dim() <= 1, Code::shape, "indexSelect: expected a 1-d index, got shape ", index.sizes());
  check(x.dim() > 0, Code::index, "indexSelect: cannot index a 0-d tensor");
  const int d = wrapDim("indexSelect", dim, x.dim());
  const Tensor where = contiguous(cast(index, DType::int64));
  Dims sizes = x.sizes();
  sizes[d] = where.numel();
  Tensor y = empty(sizes, x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<IndexKernels>(x).indexSelect(contiguous(x), d, where, y);
  }
  if (recording(x))
    record("IndexSelectBackward0", y, x, [d, where = Saved(where), from = x.sizes()](const Tensor& dy) {
      return indexAdd(dy, d, where.get(), from);
    });
  return y;
}

Tensor gather(const Tensor& x, int dim, const Tensor& index) {
  Tensor y = empty(index.sizes(), x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<IndexKernels>(x).gather(contiguous(x), dim, index, y);
  }
  if (recording(x))
    record("GatherBackward0", y, x, [dim, index = Saved(index), from = x.sizes()](const Tensor& dy) {
      return scatterAdd(dy, dim, index.get(), from);
    });
  return y;
}

Tensor scatterAdd(const Tensor& dy, int dim, const Tensor& index, const Dims& sizes) {
  Tensor dx = sums(dy, sizes);
  {
    const NoGrad guard;
    kernels<IndexKernels>(dy).scatterAdd(contiguous(dy), dim, index, dx);
    dx = cast(dx, dy.dtype());
  }
  if (recording(dy))
    record("ScatterAddBackward0", dx, dy,
           [dim, index = Saved(index)](const Tensor& g) { return gather(g, dim, index.get()); });
  return dx;
}

// d cat = the slices of dy
Tensor cat(const std::vector<Tensor>& all, int64_t dim) {
  check(!all.empty(), Code::argument, "cat: expected at least one tensor");
  std::vector<Tensor> xs;  // PyTorch skips empty 1-d tensors whatever the shape of the others
  for (const Tensor& x : all)
    if (!(x.dim() == 1 && x.numel() == 0)) xs.push_back(x);
  if (xs.empty()) xs.push_back(all[0]);
  const int d = wrapDim("cat", dim, xs[0].dim());
  Dims sizes = xs[0].sizes();
  DType dtype = all[0].dtype();
  for (const Tensor& x : all) dtype = promote(dtype, x.dtype());
  check(xs[0].dim() > 0, Code::shape, "cat: cannot join 0-d tensors");
  sizes[d] = 0;
  for (const Tensor& x : all) requireSameDevice("cat", all[0], x);
  for (const Tensor& x : xs) {
    Dims other = x.sizes();
    check(other.size() == sizes.size(), Code::shape, "cat: shapes differ in dimensions: ", xs[0].sizes(), " and ",
          x.sizes());
    other[d] = sizes[d];
    check(other == sizes, Code::shape, "cat: shapes differ outside dim ", d, ": ", xs[0].sizes(), " and ", x.sizes());
    sizes[d] += x.size(d);
  }
  Tensor y = empty(sizes, dtype, xs[0].device());
  bool watched = false;
  {
    const NoGrad guard;
    int64_t at = 0;
    for (const Tensor& x : xs) {
      kernels<CopyKernels>(y).copy(x, slice(y, d, at, at + x.size(d), 1));
      at += x.size(d);
    }
  }
  for (const Tensor& x : all) watched = watched || recording(x);
  if (watched) {
    struct Part {
      Dims sizes;
      DType dtype;
    };
    std::vector<Part> parts;
    for (const Tensor& x : all) parts.push_back({x.sizes(), x.dtype()});
    record(
        "CatBackward0", y, all,
        [d, parts](const Tensor& dy) {
          Grads grads;
          int64_t at = 0;
          for (const Part& p : parts) {
            const bool skipped = p.sizes == Dims{0};
            grads.push_back(skipped ? full(p.sizes, 0, p.dtype, dy.device())
                                    : cast(slice(dy, d, at, at + p.sizes[d], 1), p.dtype));
            if (!skipped) at += p.sizes[d];
          }
          return grads;
        },
        Keeps::nothing);
  }
  return y;
}

}  // namespace dtrain
