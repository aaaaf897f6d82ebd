// Reading and writing at an index that all along the other dimensions share. Reading and adding are each the gradient
// of the other. And cat, which copies each tensor into its slice of the result.
#include "ops/index.h"

#include <algorithm>

#include "kernels/copy.h"
#include "kernels/index.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/places.h"
#include "ops/record.h"
#include "ops/select.h"
#include "ops/view.h"

namespace dtrain {

Tensor addedRows(const Tensor& dy, int dim, const Tensor& index, const Dims& sizes) {
  Tensor dx = full(sizes, 0, isHalf(dy.dtype()) ? DType::float32 : dy.dtype(), dy.device());
  {
    const NoGrad guard;
    bring("indexAdd", Combine::sum, contiguous(dy), dim, index, dx);
    dx = cast(dx, dy.dtype());
  }
  if (recording(dy))
    record("IndexAddBackward0", dx, dy,
           [dim, index = Saved(index)](const Tensor& g) { return indexSelect(g, dim, index.get()); });
  return dx;
}

namespace {
// A dim and the positions along it, which may be given without a dimension.
struct Rows {
  Rows(const char* op, const Tensor& x, int64_t given, const Tensor& at, Negative negative = Negative::refused)
      : dim(wrapDim(op, given, x.dim())) {
    check(at.dim() <= 1, Code::shape, op, ": expected a 1-d index, got shape ", at.sizes());
    index = positionsIn(op, atLeast1d(at), dim, x.size(dim), x.device(), negative);
  }
  int dim;
  Tensor index;
};

}  // namespace

Tensor indexSelect(const Tensor& x, int64_t dim, const Tensor& index) {
  if (x.dim() == 0) {
    check(index.numel() == 1, Code::shape, "indexSelect: a 0-d tensor has one element, but the index has shape ",
          index.sizes());
    return reshape(indexSelect(view(x, {1}), dim, index), {});
  }
  const Rows at("indexSelect", x, dim, index);
  Dims sizes = x.sizes();
  sizes[at.dim] = at.index.numel();
  Tensor y = empty(sizes, x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<IndexKernels>(x).indexSelect("indexSelect", contiguous(x), at.dim, at.index, y);
  }
  if (recording(x))
    record("IndexSelectBackward0", y, x, [d = at.dim, where = Saved(at.index), from = x.sizes()](const Tensor& dy) {
      note("dim", d);
      note("index", where);
      note("self_sym_sizes", from);
      return addedRows(dy, d, where.get(), from);
    });
  return y;
}

namespace {

// The rows y for the places, checked.
Tensor rowsFor(const char* op, const Tensor& x, const Rows& at, const Tensor& given) {
  const Tensor y = atLeast1d(given);
  check(y.dtype() == x.dtype(), Code::dtype, op, ": expected elements of dtype ", x.dtype(), ", got ", y.dtype());
  requireSameDevice(op, x, y);
  Dims sizes = x.sizes();
  sizes[at.dim] = at.index.numel();
  check(y.sizes() == sizes, Code::shape, op, ": for ", at.index.numel(), " positions of dim ", at.dim, " of shape ",
        x.sizes(), " expected elements of shape ", sizes, ", got ", given.sizes());
  return y;
}

// Brings rows into x, which may have any strides; a sum of halves is rounded once.
void bringRows(const char* op, Combine how, const Tensor& x, const Rows& at, const Tensor& y) {
  if (y.numel() == 0) return;
  const bool shared = y.impl()->storage.get() == x.impl()->storage.get();
  const Tensor dense = contiguous(how == Combine::sum ? widened(x) : x);
  bring(op, how, shared ? clone(y) : contiguous(y), at.dim, at.index, dense);
  if (dense.impl()->storage.get() != x.impl()->storage.get()) kernels<CopyKernels>(x).copy(dense, x);
}

void addInto(const char* op, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, double alpha) {
  const Rows at(op, x, dim, index);
  const Tensor rows = rowsFor(op, x, at, y);
  bringRows(op, Combine::sum, x, at, alpha == 1 ? rows : cast(mul(rows, alpha), x.dtype()));
}
void copyInto(const char* op, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y) {
  const Rows at(op, x, dim, index);
  bringRows(op, Combine::assign, x, at, rowsFor(op, x, at, y));
}
void fillInto(const char* op, const Tensor& x, int64_t dim, const Tensor& index, const Operand& value) {
  const Rows at(op, x, dim, index, Negative::fromEnd);
  check(!value.isTensor() || value.tensor.dim() == 0, Code::shape, op,
        ": the value must be a number or a tensor without dimensions, got one of shape ",
        value.isTensor() ? value.tensor.sizes() : Dims());
  Dims sizes = x.sizes();
  sizes[at.dim] = at.index.numel();
  const Tensor one =
      value.isTensor() ? to(cast(value.tensor, x.dtype()), x.device()) : full({}, value.number, x.dtype(), x.device());
  bringRows(op, Combine::assign, x, at, expand(one, sizes));
}

// A copy of x as `into` changes it, if a tensor without dimensions counts as one of one element; not recorded.
template <class Into>
Tensor copied(const Tensor& x, const Into& into) {
  const NoGrad guard;
  const Tensor out = clone(x);
  into(atLeast1d(out));
  return out;
}

// indexSelect of the rows that an op has brought, in the shape that they came in.
Tensor rowsAt(const Tensor& d, int64_t dim, const Tensor& index, const Dims& sizes) {
  return reshape(indexSelect(atLeast1d(d), dim, index), sizes);
}

}  // namespace

// d indexAdd = dy, and alpha times what is there
Tensor indexAdd(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, double alpha) {
  const Tensor out = copied(x, [&](const Tensor& out) { addInto("indexAdd", out, dim, index, y, alpha); });
  if (recording(x, y))
    record("IndexAddBackward0", out, {x, y},
           [dx = GradOf(x), dy = GradOf(y), dim, index = Saved(index), alpha](const Tensor& d) {
             note("dim", dim);
             note("index", index);
             note("alpha", Float(alpha));
             return Grads{dx([&] { return d; }), dy([&] {
                            const Tensor rows = rowsAt(d, dim, index.get(), dy.sizes);
                            return alpha == 1 ? rows : mul(rows, alpha);
                          })};
           });
  return out;
}
void indexAdd_(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, double alpha) {
  changePart(
      "indexAdd_", x, y, [&](auto& from) { return indexAdd(from, dim, index, y, alpha); },
      [&](const Tensor& x) { addInto("indexAdd_", x, dim, index, y, alpha); });
}

// d indexCopy = dy but where something was written, and what is there
Tensor indexCopy(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y) {
  const Tensor out = copied(x, [&](const Tensor& out) { copyInto("indexCopy", out, dim, index, y); });
  if (recording(x, y))
    record("IndexCopyBackward0", out, {x, y},
           [dx = GradOf(x), dy = GradOf(y), dim, index = Saved(index)](const Tensor& d) {
             note("dim", dim);
             note("index", index);
             return Grads{dx([&] { return indexFill(d, dim, index.get(), 0); }),
                          dy([&] { return rowsAt(d, dim, index.get(), dy.sizes); })};
           });
  return out;
}
void indexCopy_(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y) {
  changePart(
      "indexCopy_", x, y, [&](auto& from) { return indexCopy(from, dim, index, y); },
      [&](const Tensor& x) { copyInto("indexCopy_", x, dim, index, y); });
}

// d indexFill = dy but where something was written, and the sum of the others
Tensor indexFill(const Tensor& x, int64_t dim, const Tensor& index, const Operand& value) {
  const Tensor out = copied(x, [&](const Tensor& out) { fillInto("indexFill", out, dim, index, value); });
  if (recordingOperands(x, value))
    record("IndexFillBackward0", out, {x, value.tensor},
           [dx = GradOf(x), dy = GradOf(value), dim, index = Saved(index)](const Tensor& d) {
             note("dim", dim);
             note("index", index);
             const Tensor none = full(d.sizes(), 0, DType::boolean, d.device());
             return Grads{dx([&] { return indexFill(d, dim, index.get(), 0); }),
                          dy([&] { return where(indexFill(none, dim, index.get(), 1), d, 0); })};
           });
  return out;
}
void indexFill_(const Tensor& x, int64_t dim, const Tensor& index, const Operand& value) {
  changePart(
      "indexFill_", x, value.tensor, [&](auto& from) { return indexFill(from, dim, index, value); },
      [&](const Tensor& x) { fillInto("indexFill_", x, dim, index, value); });
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
          note("dim", d);
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
