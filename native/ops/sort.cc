// Everything here is an order of elements from the kernel, and a choice among them, whose gradient goes back to where
// it was found.
#include "ops/sort.h"

#include <cmath>
#include <limits>

#include "kernels/reduce.h"
#include "kernels/sort.h"
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/scan.h"
#include "ops/scatter.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

using Pair = std::pair<Tensor, Tensor>;

// Where the elements of these ranks along d are.
Tensor order(const Tensor& x, int d, bool descending, int64_t from, int64_t to, Ties ties = Ties::inOrder) {
  const NoGrad guard;
  Dims sizes = x.sizes();
  if (!sizes.empty()) sizes[d] = to - from;
  const Tensor indices = empty(sizes, DType::int64, x.device());
  kernels<SortKernels>(x).order(contiguous(x), d, descending, from, to, ties, indices);
  return indices;
}

// The elements there, and where: without that dimension if it has been reduced to one and is not kept.
Pair chosen(const char* node, const Tensor& x, int d, const Tensor& indices, bool drop) {
  Dims sizes = indices.sizes();
  if (drop) sizes.erase(d);
  const auto shaped = [&](const Tensor& t) { return alias(t, sizes, contiguousStrides(sizes), t.impl()->offset); };
  Tensor values;
  {
    const NoGrad guard;
    values = shaped(gather(x, d, indices));
  }
  if (recording(x))
    record(node, values, x, [d, kept = indices.sizes(), index = Saved(indices), full = x.sizes()](const Tensor& dy) {
      note("dim", d);
      note("indices", index);
      note("self_sym_sizes", full);
      return addedAt(reshape(dy, kept), d, index.get(), full);
    });
  return {values, shaped(indices)};
}

// Runs an op of a tensor without dimensions on one of one element.
template <class F>
Pair ofOne(const Tensor& x, F&& run) {
  const auto [values, indices] = run(reshape(x, {1}));
  return {reshape(values, {}), reshape(indices, {})};
}

void requireElements(const char* op, const Tensor& x, int d) {
  check(x.size(d) > 0, Code::index, op, ": dim ", d, " of shape ", x.sizes(), " is empty");
}

// Of a line with NaN the place of the first, else what is given; keepdim form.
Tensor orNaN(const Tensor& x, int d, const Tensor& indices) {
  if (!isFloat(x.dtype())) return indices;
  const auto [largest, place] = maxDim(x, d, true);
  return where(ne(largest, largest), place, indices);
}

Tensor middle(const Tensor& x, int d, bool ignoreNaN) {
  const NoGrad guard;
  const int64_t n = x.size(d);
  if (!ignoreNaN || !isFloat(x.dtype())) return orNaN(x, d, order(x, d, false, (n - 1) / 2, (n - 1) / 2 + 1));
  const Tensor missing = sum(ne(x, x), Dims{d}, true, std::nullopt);
  const Tensor rank = div(sub(static_cast<double>(n - 1), missing), 2, Rounding::trunc);
  return gather(order(x, d, false, 0, n), d, rank);
}

Pair medianAlong(const char* op, const char* node, const Tensor& x, int64_t dim, bool keepdim, bool ignoreNaN) {
  const int d = wrapDim(op, dim, x.dim());
  if (x.dim() == 0) return ofOne(x, [&](const Tensor& one) { return medianAlong(op, node, one, 0, true, ignoreNaN); });
  requireElements(op, x, d);
  return chosen(node, x, d, middle(x, d, ignoreNaN), !keepdim);
}

// d median = dy shared evenly between all that are equal to it
Tensor medianOfAll(const char* node, const Tensor& x, bool ignoreNaN) {
  if (x.numel() == 0) return full({}, std::nan(""), x.dtype(), x.device());
  Tensor y;
  {
    const NoGrad guard;
    const Tensor flat = reshape(x, {-1});
    y = reshape(gather(flat, 0, middle(flat, 0, ignoreNaN)), {});
  }
  if (recording(x))
    record(node, y, x, [x = Saved(x), y = Saved::output(y)](const Tensor& dy) {
      note("result", y);
      note("self", x);
      return mul(shareOf(x.get(), y.get(), std::nullopt), dy);
    });
  return y;
}

}  // namespace

Pair sort(const Tensor& x, int64_t dim, bool descending) {
  const int d = wrapDim("sort", dim, x.dim());
  if (x.dim() == 0) return ofOne(x, [&](const Tensor& one) { return sort(one, 0, descending); });
  return chosen("SortBackward0", x, d, order(x, d, descending, 0, x.size(d)), false);
}

Tensor argsort(const Tensor& x, int64_t dim, bool descending) {
  const int d = wrapDim("argsort", dim, x.dim());
  return order(x, d, descending, 0, x.dim() == 0 ? 1 : x.size(d));
}

Pair topk(const Tensor& x, int64_t k, int64_t dim, bool largest) {
  const int d = wrapDim("topk", dim, x.dim());
  const int64_t n = x.dim() == 0 ? 1 : x.size(d);
  check(k >= 0 && k <= n, Code::argument, "topk: k must be from 0 to the size of the dim, ", n, ", got ", k);
  if (x.dim() == 0 && k == 1) return ofOne(x, [&](const Tensor& one) { return topk(one, k, 0, largest); });
  if (x.dim() == 0) return topk(reshape(x, {1}), k, 0, largest);
  return chosen("TopkBackward0", x, d, order(x, d, largest, 0, k, Ties::asTopk), false);
}

Pair kthvalue(const Tensor& x, int64_t k, int64_t dim, bool keepdim) {
  const int d = wrapDim("kthvalue", dim, x.dim());
  if (x.dim() == 0) return ofOne(x, [&](const Tensor& one) { return kthvalue(one, k, 0, true); });
  requireElements("kthvalue", x, d);
  check(k >= 1 && k <= x.size(d), Code::argument, "kthvalue: k must be from 1 to the size of the dim, ", x.size(d),
        ", got ", k);
  return chosen("KthvalueBackward0", x, d, order(x, d, false, k - 1, k, Ties::asKthvalue), !keepdim);
}

Tensor median(const Tensor& x) { return medianOfAll("MedianBackward0", x, false); }
Tensor nanmedian(const Tensor& x) { return medianOfAll("NanmedianBackward0", x, true); }
Pair medianDim(const Tensor& x, int64_t dim, bool keepdim) {
  return medianAlong("median", "MedianBackward1", x, dim, keepdim, false);
}
Pair nanmedianDim(const Tensor& x, int64_t dim, bool keepdim) {
  return medianAlong("nanmedian", "NanmedianBackward1", x, dim, keepdim, true);
}

// Of a sorted line, the runs of equal elements: a place's length is how many of its run are there so far.
Pair mode(const Tensor& x, int64_t dim, bool keepdim) {
  const int d = wrapDim("mode", dim, x.dim());
  if (x.dim() == 0) return ofOne(x, [&](const Tensor& one) { return mode(one, 0, true); });
  requireElements("mode", x, d);
  Tensor found;
  {
    const NoGrad guard;
    const int64_t n = x.size(d);
    const Tensor places = order(x, d, false, 0, n, Ties::asMode), sorted = gather(x, d, places);
    Dims first = x.sizes(), line(x.dim(), 1);
    first[d] = 1;
    line[d] = n;
    const Tensor starts = cat(
        {full(first, 1, DType::boolean, x.device()), ne(slice(sorted, d, 1, n, 1), slice(sorted, d, 0, n - 1, 1))}, d);
    const Tensor at = reshape(arange(0, static_cast<double>(n), 1, DType::int64, x.device()), line);
    const Tensor length = sub(at, cummax(where(starts, at, 0), d).first);
    found = gather(places, d, argmax(length, d, true));
  }
  return chosen("ModeBackward0", x, d, found, !keepdim);
}

namespace {

Tensor quantileOf(const char* op, const Tensor& x, const Operand& q, std::optional<int64_t> dim, bool keepdim,
                  Between between, bool ignoreNaN) {
  check(x.dtype() == DType::float32 || x.dtype() == DType::float64, Code::dtype, op,
        ": expected float32 or float64, got ", x.dtype());
  check(x.numel() > 0, Code::shape, op, ": expected at least one element, got shape ", x.sizes());
  const int d = wrapDim(op, dim.value_or(0), x.dim());
  const Tensor parts = q.isTensor() ? q.tensor : full({}, q.number, x.dtype(), x.device());
  check(parts.dim() <= 1, Code::shape, op, ": q must be a number or a tensor of at most 1 dimension, got shape ",
        parts.sizes());
  check(parts.dtype() == x.dtype(), Code::dtype, op, ": q must have the dtype of the tensor, ", x.dtype(), ", got ",
        parts.dtype());
  requireSameDevice(op, x, parts);
  if (!q.isTensor())
    check(q.number >= 0 && q.number <= 1, Code::argument, op, ": q must be from 0 to 1, got ", q.number);
  else if (x.device().isCpu())  // a device would have to be waited for
    check(*all(logicalAnd(ge(parts, 0), le(parts, 1)), std::nullopt, false).data<bool>(), Code::argument, op,
          ": q must be from 0 to 1");
  // Lines of n elements along the last dimension.
  const Tensor lines = dim && x.dim() > 0 ? transpose(unsqueeze(x, -1), d, -1) : reshape(x, {-1});
  const int last = lines.dim() - 1;
  const auto n = static_cast<double>(lines.size(last));
  const Tensor sorted = sort(lines, last, false).first, count = reshape(parts, {-1});
  const Tensor missing = sum(ne(lines, lines), Dims{last}, true, std::nullopt);
  // PyTorch's order of operations: q (n - 1), which is rounded once
  Tensor ranks =
      ignoreNaN ? mul(count, cast(sub(n - 1, missing), x.dtype())) : where(ne(missing, 0), n - 1, mul(count, n - 1));
  if (ignoreNaN) ranks = where(lt(ranks, 0), 0, ranks);
  if (between == Between::lower) ranks = floor(ranks);
  if (between == Between::higher) ranks = ceil(ranks);
  if (between == Between::nearest) ranks = round(ranks);
  const auto at = [&](const Tensor& rank) { return gather(sorted, last, cast(detach(rank), DType::int64)); };
  Tensor y = at(ranks);
  if (between == Between::linear || between == Between::midpoint) {
    const Tensor above = at(ceil(ranks));
    const Tensor weight = between == Between::midpoint ? full(ranks.sizes(), 0.5, x.dtype(), x.device())
                                                       : sub(ranks, detach(floor(ranks)));
    const Tensor step = sub(above, y);
    y = where(lt(weight, 0.5), add(y, mul(weight, step)), sub(above, mul(step, sub(1, weight))));
  }
  // [.., 1, .., q] to q, .. with or without the dimension
  Dims sizes;
  if (parts.dim() == 1) sizes.push(parts.size(0));
  for (int i = 0; i < x.dim(); i++)
    if (dim && i != d) sizes.push(x.size(i));
    else if (keepdim) sizes.push(1);
  Dims order{y.dim() - 1};
  for (int i = 0; i + 1 < y.dim(); i++) order.push(i);
  return reshape(permute(y, order), sizes);
}

}  // namespace

Tensor quantile(const Tensor& x, const Operand& q, std::optional<int64_t> dim, bool keepdim, Between between) {
  return quantileOf("quantile", x, q, dim, keepdim, between, false);
}
Tensor nanquantile(const Tensor& x, const Operand& q, std::optional<int64_t> dim, bool keepdim, Between between) {
  return quantileOf("nanquantile", x, q, dim, keepdim, between, true);
}

}  // namespace dtrain
