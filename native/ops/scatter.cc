// gather and what brings elements to places along a dimension, each with an index of its own. What surprises: the index
// may be smaller than the tensors in every dim, and a tensor without dimensions counts as one of one element.
#include "ops/scatter.h"

#include "kernels/copy.h"
#include "kernels/index.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/places.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/select.h"
#include "ops/view.h"

namespace dtrain {

Tensor pick(const Tensor& x, int dim, const Tensor& index) {
  Tensor y = empty(index.sizes(), x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<IndexKernels>(x).gather("gather", contiguous(x), dim, index, y);
  }
  if (recording(x))
    record("GatherBackward0", y, x, [dim, index = Saved(index), from = x.sizes()](const Tensor& dy) {
      note("dim", dim);
      note("index", index);
      return addedAt(dy, dim, index.get(), from);
    });
  return y;
}

Tensor addedAt(const Tensor& dy, int dim, const Tensor& index, const Dims& sizes) {
  Tensor dx = full(sizes, 0, isHalf(dy.dtype()) ? DType::float32 : dy.dtype(), dy.device());
  {
    const NoGrad guard;
    bring("scatterAdd", Combine::sum, contiguous(dy), dim, index, dx);
    dx = cast(dx, dy.dtype());
  }
  if (recording(dy))
    record("ScatterAddBackward0", dx, dy,
           [dim, index = Saved(index)](const Tensor& g) { return pick(g, dim, index.get()); });
  return dx;
}

namespace {

// x cut to the sizes of the index, which must not be larger, but in dim.
Tensor beside(const char* op, const Tensor& x, int dim, const Tensor& index) {
  Tensor part = x;
  for (int d = 0; d < x.dim(); d++) {
    if (d == dim) continue;
    check(index.size(d) <= x.size(d), Code::shape, op, ": an index of shape ", index.sizes(), " is larger than ",
          x.sizes(), " in dim ", d);
    if (index.size(d) < x.size(d)) part = slice(part, d, 0, index.size(d), 1);
  }
  return part;
}

// A dim, and the index along it as the kernels take it.
struct Places {
  Places(const char* op, const Tensor& x, int64_t given, const Tensor& at) : dim(wrapDim(op, given, x.dim())) {
    if (at.numel() == 0) {  // of any shape and dtype
      Dims sizes = x.sizes();
      sizes[dim] = 0;
      index = empty(sizes, DType::int64, x.device());
      return;
    }
    check(at.dim() == x.dim(), Code::shape, op, ": the index needs as many dimensions as the tensor, got shapes ",
          at.sizes(), " and ", x.sizes());
    index = positionsIn(op, at, dim, x.size(dim), x.device());
  }
  int dim;
  Tensor index;
};

// The elements of y that the index has places for, of x's dtype; recorded.
Tensor brought(const char* op, const Tensor& x, const Places& at, const Operand& y) {
  if (!y.isTensor()) return full(at.index.sizes(), y.number, x.dtype(), x.device());
  const Tensor& all = y.tensor;
  check(all.dtype() == x.dtype(), Code::dtype, op, ": expected elements of dtype ", x.dtype(), ", got ", all.dtype());
  requireSameDevice(op, x, all);
  if (at.index.numel() == 0)
    return all.dim() == x.dim() ? slice(all, at.dim, 0, 0, 1) : slice(flatten(all, 0, -1), 0, 0, 0, 1);
  check(all.dim() == at.index.dim() && all.size(at.dim) >= at.index.size(at.dim), Code::shape, op,
        ": an index of shape ", at.index.sizes(), " is larger than the elements, ", all.sizes());
  const Tensor part = beside(op, all, at.dim, at.index);
  const int64_t size = at.index.size(at.dim);
  return size < part.size(at.dim) ? slice(part, at.dim, 0, size, 1) : part;
}

// Calls f with the part of x beside the index, contiguous and with `wide` a float32 for a half, and puts back what it
// has become.
template <class F>
void changed(const char* op, const Tensor& x, const Places& at, bool wide, F&& f) {
  const Tensor part = beside(op, x, at.dim, at.index), dense = contiguous(wide ? widened(part) : part);
  f(dense);
  if (dense.impl()->storage.get() != x.impl()->storage.get()) kernels<CopyKernels>(x).copy(dense, part);
}

void scatterInto(const char* op, Combine how, const Tensor& x, const Places& at, const Tensor& y) {
  if (y.numel() == 0) return;
  const bool wide = how == Combine::sum || how == Combine::prod;
  const bool shared = y.impl()->storage.get() == x.impl()->storage.get();
  const Tensor values = shared ? clone(y) : contiguous(y);
  changed(op, x, at, wide, [&](const Tensor& dense) {
    bring(op, how, how == Combine::prod ? cast(values, dense.dtype()) : values, at.dim, at.index, dense);
  });
}

// An op of a tensor without dimensions by that of one of one element.
template <class F>
Tensor ofOne(const Tensor& x, F&& f) {
  return reshape(f(view(x, {1})), {});
}

Operand atLeast1d(const Operand& y) { return y.isTensor() ? Operand(dtrain::atLeast1d(y.tensor)) : y; }
using dtrain::atLeast1d;

// x with y at its places, by f(op, copy of x, places, the elements there) and a gradient that needs no values of them:
// x's by dx(dy, dim, index), and y's is what is there.
template <class DX>
Tensor scattered(const char* op, const char* node, Combine how, const Tensor& x, const Places& at, const Tensor& y,
                 DX dx) {
  Tensor out;
  {
    const NoGrad guard;
    out = clone(x);
    scatterInto(op, how, out, at, y);
  }
  if (recording(x, y))
    record(node, out, {x, y},
           [wantX = requiresGrad(x), wantY = requiresGrad(y), dim = at.dim, index = Saved(at.index), dx,
            sizes = y.sizes()](const Tensor& d) {
             note("dim", dim);
             note("index", index);
             return Grads{wantX ? dx(d, dim, index.get()) : Tensor(),
                          wantY ? reshape(gather(d, dim, index.get()), sizes) : Tensor()};
           });
  return out;
}

Combine combineOf(std::optional<Merge> merge) {
  return !merge ? Combine::assign : *merge == Merge::add ? Combine::sum : Combine::prod;
}

}  // namespace

// d gather = dy added where it came from
Tensor gather(const Tensor& x, int64_t dim, const Tensor& index) {
  if (x.dim() == 0) return reshape(gather(view(x, {1}), dim, atLeast1d(index)), index.sizes());
  const Places at("gather", x, dim, index);
  const Tensor y = pick(beside("gather", x, at.dim, at.index), at.dim, at.index);
  return y.sizes() == index.sizes() ? y : reshape(y, index.sizes());
}

// d scatter = dy but where something was written, and what is there
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Operand& y, std::optional<Merge> merge) {
  if (x.dim() == 0)
    return ofOne(x, [&](const Tensor& x) { return scatter(x, dim, atLeast1d(index), atLeast1d(y), merge); });
  check(!merge || !recordingOperands(x, y), Code::unsupported,
        "scatter: with reduce there is no gradient; use scatterAdd, or scatterReduce with 'prod'");
  const Places at("scatter", x, dim, index);
  return scattered("scatter", "ScatterBackward0", combineOf(merge), x, at, brought("scatter", x, at, y),
                   [](const Tensor& d, int dim, const Tensor& index) { return scatter(d, dim, index, 0); });
}
void scatter_(const Tensor& x, int64_t dim, const Tensor& index, const Operand& y, std::optional<Merge> merge) {
  changePart(
      "scatter_", x, y.tensor, [&](auto& from) { return scatter(from, dim, index, y, merge); },
      [&](const Tensor& x) {
        const Places at("scatter_", x, dim, atLeast1d(index));
        scatterInto("scatter_", combineOf(merge), x, at, brought("scatter_", x, at, atLeast1d(y)));
      });
}

Tensor scatterAdd(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y) {
  if (x.dim() == 0)
    return ofOne(x, [&](const Tensor& x) { return scatterAdd(x, dim, atLeast1d(index), atLeast1d(y)); });
  const Places at("scatterAdd", x, dim, index);
  return scattered("scatterAdd", "ScatterAddBackward0", Combine::sum, x, at, brought("scatterAdd", x, at, y),
                   [](const Tensor& d, int, const Tensor&) { return d; });
}
void scatterAdd_(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y) {
  changePart(
      "scatterAdd_", x, y, [&](auto& from) { return scatterAdd(from, dim, index, y); },
      [&](const Tensor& x) {
        const Places at("scatterAdd_", x, dim, atLeast1d(index));
        scatterInto("scatterAdd_", Combine::sum, x, at, brought("scatterAdd_", x, at, atLeast1d(y)));
      });
}

namespace {

void reduceInto(const char* op, const Tensor& x, const Places& at, const Tensor& given, Gathering how,
                bool includeSelf) {
  if (given.numel() == 0) return;
  const bool shared = given.impl()->storage.get() == x.impl()->storage.get();
  changed(op, x, at, true, [&](const Tensor& dense) {
    const Tensor y = contiguous(widened(shared ? clone(given) : given));
    const auto bringAll = [&](Combine how, const Tensor& y, const Tensor& x) {
      bring(op, how, y, at.dim, at.index, x);
    };
    const auto all = [&](double value) { return full(y.sizes(), value, y.dtype(), y.device()); };
    const bool sums = how == Gathering::sum || how == Gathering::mean;
    if (!includeSelf) bringAll(Combine::assign, sums ? all(0) : how == Gathering::prod ? all(1) : y, dense);
    bringAll(sums                     ? Combine::sum
             : how == Gathering::prod ? Combine::prod
             : how == Gathering::amax ? Combine::amax
                                      : Combine::amin,
             y, dense);
    if (how != Gathering::mean) return;
    const Tensor count = full(dense.sizes(), includeSelf, dense.dtype(), dense.device());
    bringAll(Combine::sum, all(1), count);
    const bool whole = !isFloat(dense.dtype());
    div_(dense, maskedFill(count, eq(count, 0), 1), whole ? std::optional(Rounding::floor) : std::nullopt);
  });
}

// y as it is; what is asked of it by a second backward pass fails.
Tensor onceOnly(const Tensor& x) {
  if (!recording(x)) return x;
  const Tensor y = alias(x);
  record("DelayedErrorBackward0", y, x, [](const Tensor&) -> Tensor {
    fail(Code::unsupported,
         "scatterReduce: there is no second derivative of 'prod' where several zeros come to one place");
  });
  return y;
}

// What a product has of each of its factors: see PyTorch's scatter_reduce_backward, whose division of ties amax and
// amin have too.
Grads reduceGrad(const Tensor& d, const Tensor& x, const Tensor& y, const Tensor& result, int dim, const Tensor& index,
                 Gathering how, bool includeSelf) {
  const auto there = [&](const Tensor& t) { return gather(t, dim, index); };
  const auto count = [&](const Tensor& start, const Tensor& what) { return scatterAdd(start, dim, index, what); };
  const auto constant = [&](const Tensor& like, double value) {
    return full(like.sizes(), value, like.dtype(), like.device());
  };
  Tensor dx, dy;
  if (y.numel() == 0) return {d, constant(y, 0)};
  switch (how) {
    case Gathering::sum: dx = d, dy = there(d); break;
    case Gathering::mean: {
      const Tensor n = count(constant(x, includeSelf), constant(y, 1));
      const Tensor share = div(d, maskedFill(n, eq(n, 0), 1));
      dx = share, dy = there(share);
      break;
    }
    case Gathering::amax:
    case Gathering::amin: {
      const Tensor mine = cast(eq(x, result), x.dtype()), theirs = cast(eq(y, there(result)), x.dtype());
      const Tensor share = div(d, count(mine, theirs));
      dx = mul(mine, share), dy = mul(theirs, there(share));
      break;
    }
    case Gathering::prod: {
      const auto product = [&](const Tensor& x, const Tensor& y) {
        return scatterReduce(x, dim, index, y, how, includeSelf);
      };
      const Tensor nonzero = maskedFill(x, eq(x, 0), 1);
      dx = div(mul(d, product(nonzero, y)), nonzero);
      const Tensor isZero = eq(y, 0), zeros = there(count(constant(x, 0), cast(isZero, x.dtype())));
      const Tensor alone = logicalAnd(isZero, eq(zeros, 1));  // the product of the others is the gradient
      dy = where(alone, there(mul(d, product(x, maskedFill(y, alone, 1)))),
                 div(there(mul(d, result)), maskedFill(y, isZero, 1)));
      if (recording(dy) && *to(any(gt(zeros, 1), std::nullopt, false), {}).data<bool>()) dy = onceOnly(dy);
    }
  }
  if (!includeSelf) dx = scatter(dx, dim, index, 0);
  return {dx, dy};
}

Tensor reduced(const char* op, const char* node, const Tensor& x, const Places& at, const Tensor& y, Gathering how,
               bool includeSelf) {
  Tensor out;
  {
    const NoGrad guard;
    out = clone(x);
    reduceInto(op, out, at, y, how, includeSelf);
  }
  if (recording(x, y))
    record(node, out, {x, y},
           [x = Saved(x), y = Saved(y), result = Saved::output(out), dim = at.dim, index = Saved(at.index), how,
            includeSelf](const Tensor& d) {
             note("dim", dim);
             note("index", index);
             return reduceGrad(d, x.get(), y.get(), result.get(), dim, index.get(), how, includeSelf);
           });
  return out;
}

// Places for rows: the index of one dimension, seen as one for each element of y.
Places rowsOf(const char* op, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y) {
  const int d = wrapDim(op, dim, x.dim());
  check(index.dim() == 1, Code::shape, op, ": expected a 1-d index, got shape ", index.sizes());
  Dims sizes = x.sizes();
  sizes[d] = index.size(0);
  check(y.sizes() == sizes, Code::shape, op, ": for ", index.size(0), " positions of dim ", d, " of shape ", x.sizes(),
        " expected elements of shape ", sizes, ", got ", y.sizes());
  Dims row(x.dim(), 1);
  row[d] = index.size(0);
  return {op, x, dim, expand(view(contiguous(index), row), sizes)};
}

}  // namespace

Tensor scatterReduce(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, Gathering how,
                     bool includeSelf) {
  if (x.dim() == 0)
    return ofOne(
        x, [&](const Tensor& x) { return scatterReduce(x, dim, atLeast1d(index), atLeast1d(y), how, includeSelf); });
  const Places at("scatterReduce", x, dim, index);
  return reduced("scatterReduce", "ScatterReduceBackward0", x, at, brought("scatterReduce", x, at, y), how,
                 includeSelf);
}
void scatterReduce_(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, Gathering how,
                    bool includeSelf) {
  changePart(
      "scatterReduce_", x, y, [&](auto& from) { return scatterReduce(from, dim, index, y, how, includeSelf); },
      [&](const Tensor& x) {
        const Places at("scatterReduce_", x, dim, atLeast1d(index));
        reduceInto("scatterReduce_", x, at, brought("scatterReduce_", x, at, atLeast1d(y)), how, includeSelf);
      });
}

Tensor indexReduce(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, Gathering how,
                   bool includeSelf) {
  if (x.dim() == 0)
    return ofOne(
        x, [&](const Tensor& x) { return indexReduce(x, dim, atLeast1d(index), atLeast1d(y), how, includeSelf); });
  const Places at = rowsOf("indexReduce", x, dim, atLeast1d(index), y);
  return reduced("indexReduce", "IndexReduceBackward0", x, at, brought("indexReduce", x, at, y), how, includeSelf);
}
void indexReduce_(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, Gathering how, bool includeSelf) {
  changePart(
      "indexReduce_", x, y, [&](auto& from) { return indexReduce(from, dim, index, y, how, includeSelf); },
      [&](const Tensor& x) {
        const Places at = rowsOf("indexReduce_", x, dim, atLeast1d(index), atLeast1d(y));
        reduceInto("indexReduce_", x, at, brought("indexReduce_", x, at, atLeast1d(y)), how, includeSelf);
      });
}

}  // namespace dtrain
