// See search.h. Equal elements are neighbours once they are sorted, so whatever is there once begins a run; the slices
// of a dim are sorted by numbers that stand for them.
#include "ops/search.h"

#include "kernels/sort.h"
#include "ops/arithmetic.h"
#include "ops/brackets.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/places.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/scan.h"
#include "ops/scatter.h"
#include "ops/sort.h"
#include "ops/view.h"

namespace dtrain {

Tensor searchsorted(const Tensor& sorted, const Operand& values, bool right, const MaybeTensor& sorter) {
  const NoGrad guard;
  const char* const op = "searchsorted";
  const Dims sizes = values.isTensor() ? values.tensor.sizes() : Dims();
  check(sorted.dim() > 0, Code::shape, op, ": expected a sequence of at least 1 dimension, got a 0-d tensor");
  Dims both = sorted.sizes();
  if (!sizes.empty()) both[-1 + sorted.dim()] = sizes.back();
  check(sorted.dim() == 1 || sizes == both, Code::shape, op, ": values of shape ", sizes,
        " need a sequence of 1 dimension, or one of the same sizes but for the last, got ", sorted.sizes());
  const DType dtype = resultType(sorted, values);
  check(dtype != DType::boolean, Code::dtype, op, ": not defined for bool tensors");
  Tensor from = cast(sorted, dtype);
  if (sorter.defined()) {
    check(sorter.dtype() == DType::int64, Code::dtype, op, ": expected a sorter of dtype int64, got ", sorter.dtype());
    check(sorter.sizes() == sorted.sizes(), Code::shape, op, ": the sorter has shape ", sorter.sizes(),
          ", the sequence ", sorted.sizes());
    const int last = sorted.dim() - 1;
    from = gather(from, last, positionsIn(op, sorter, last, sorted.size(last), sorted.device()));
  }
  if (values.isTensor()) requireSameDevice(op, sorted, values.tensor);
  const Tensor wanted =
      values.isTensor() ? cast(values.tensor, dtype) : full({}, values.number, dtype, sorted.device());
  const Tensor out = empty(sizes, DType::int64, sorted.device());
  const int64_t n = sorted.size(-1 + sorted.dim()), rows = n == 0 ? 1 : sorted.numel() / n;
  kernels<SortKernels>(sorted).search(reshape(contiguous(from), {rows, n}), contiguous(wanted), right, out);
  return out;
}

namespace {

Tensor integers(double from, double to, Device device) { return arange(from, to, 1, DType::int64, device); }
Tensor rows(const Tensor& x, int64_t from, int64_t to) { return slice(x, 0, from, to, 1); }

// Whether each but the first of some rows, along dim 0, differs from the one before it.
Tensor differs(const Tensor& x) { return ne(rows(x, 1, x.size(0)), rows(x, 0, x.size(0) - 1)); }

// What runs of equal slices of x along d are: where the first of each is taken from, how long they are, and the run
// that each slice belongs to. `changes` says where one begins, but for the first; the slices are in the order of
// `places`, if defined.
std::vector<Tensor> runsOf(const Tensor& x, int d, const Tensor& changes, const Tensor& places, bool inverse,
                           bool counts) {
  const Tensor begins = cat({full({1}, 1, DType::boolean, x.device()), changes}, 0);
  const Tensor starts = reshape(nonzero(begins), {-1});
  std::vector<Tensor> result{indexSelect(x, d, places.defined() ? indexSelect(places, 0, starts) : starts)};
  if (inverse) {
    const Tensor run = sub(cumsum(begins, 0, DType::int64), 1);
    result.push_back(places.defined() ? scatter(places, 0, places, run) : run);
  }
  if (counts) {
    const Tensor end = full({1}, static_cast<double>(x.size(d)), DType::int64, x.device());
    result.push_back(sub(cat({rows(starts, 1, starts.size(0)), end}, 0), starts));
  }
  return result;
}

// Of each element its number among the different ones of its column.
Tensor numbered(const Tensor& columns) {
  const auto [values, places] = sort(columns, 0, false);
  const Tensor first = full({1, columns.size(1)}, 0, DType::boolean, columns.device());
  return scatter(places, 0, places, cumsum(cat({first, differs(values)}, 0), 0, DType::int64));
}

// Numbers of rows in the order of their first elements, then their second ones, …: each round makes one column of two.
Tensor numberedRows(const Tensor& x) {
  Tensor numbers = numbered(x);
  for (int64_t m = numbers.size(1); m > 1; m = numbers.size(1)) {
    const Tensor left = slice(numbers, 1, 0, m / 2 * 2, 2), right = slice(numbers, 1, 1, m, 2);
    const Tensor both = add(mul(left, static_cast<double>(x.size(0))), right);
    numbers = numbered(m % 2 == 0 ? both : cat({both, slice(numbers, 1, m - 1, m, 1)}, 1));
  }
  return select(numbers, 1, 0);
}

std::vector<Tensor> different(const char* op, const Tensor& x, bool inverse, bool counts, std::optional<int64_t> dim,
                              bool consecutive) {
  const NoGrad guard;
  check(!dim || x.dim() > 0, Code::index, op, ": a 0-d tensor has no dim ", dim.value_or(0));
  const int d = dim ? wrapDim(op, *dim, x.dim()) : 0;
  const Tensor all = dim ? x : reshape(x, {-1});
  const int64_t n = all.size(d);
  check(n == 0 || all.numel() > 0 || !dim, Code::shape, op, ": slices of shape ", x.sizes(), " along dim ", d,
        " have no elements");
  if (n == 0) {
    const Tensor none = empty({0}, DType::int64, x.device());
    std::vector<Tensor> result{clone(all)};
    if (inverse) result.push_back(dim ? none : reshape(none, x.sizes()));
    if (counts) result.push_back(none);
    return result;
  }
  Tensor slices = dim ? reshape(movedim(all, {d}, {0}), {n, -1}) : all, places;
  if (!consecutive) {
    const Tensor numbers = dim ? numberedRows(slices) : all;
    std::tie(slices, places) = sort(numbers, 0, false);
  }
  const Tensor changes = slices.dim() == 1 ? differs(slices) : any(differs(slices), Dims{1}, false);
  std::vector<Tensor> result = runsOf(all, d, changes, places, inverse, counts);
  if (inverse && !dim) result[1] = reshape(result[1], x.sizes());
  return result;
}

}  // namespace

std::vector<Tensor> unique(const Tensor& x, bool inverse, bool counts, std::optional<int64_t> dim) {
  return different("unique", x, inverse, counts, dim, false);
}
std::vector<Tensor> uniqueConsecutive(const Tensor& x, bool inverse, bool counts, std::optional<int64_t> dim) {
  return different("uniqueConsecutive", x, inverse, counts, dim, true);
}

namespace {

void checkOutput(int64_t size, std::optional<int64_t> outputSize) {
  check(!outputSize || *outputSize == size, Code::argument, "repeatInterleave: outputSize is ", outputSize.value_or(0),
        ", but the repeats give ", size);
}

}  // namespace

Tensor repeatInterleave(const Tensor& x, int64_t repeats, std::optional<int64_t> dim,
                        std::optional<int64_t> outputSize) {
  check(repeats >= 0, Code::argument, "repeatInterleave: repeats must not be negative, got ", repeats);
  const Tensor from = dim ? atLeast1d(x) : reshape(x, {-1});
  const int d = wrapDim("repeatInterleave", dim.value_or(0), from.dim());
  Dims sizes = from.sizes(), spread(from.dim() + 1, -1);
  checkOutput(sizes[d] * repeats, outputSize);
  sizes[d] *= repeats;
  spread[d + 1] = repeats;
  return reshape(clone(expand(unsqueeze(from, d + 1), spread)), sizes);
}

Tensor repeatedIndices(const Tensor& repeats, std::optional<int64_t> outputSize) {
  const NoGrad guard;
  check(repeats.dim() == 1, Code::shape, "repeatInterleave: expected repeats of 1 dimension, got shape ",
        repeats.sizes());
  check(repeats.dtype() == DType::int64 || repeats.dtype() == DType::int32, Code::dtype,
        "repeatInterleave: expected repeats of dtype int64, got ", repeats.dtype());
  if (repeats.numel() == 0) return clone(repeats);
  const Tensor ends = cumsum(repeats, 0, DType::int64);
  if (!outputSize || repeats.device().isCpu()) {
    const auto number = [](const Tensor& x) { return *to(cast(x, DType::int64), {}).data<int64_t>(); };
    const int64_t least = number(min(repeats)), size = number(select(ends, 0, -1));
    check(least >= 0, Code::argument, "repeatInterleave: repeats must not be negative, got ", least);
    checkOutput(size, outputSize);
    outputSize = size;
  }
  const Tensor places = integers(0, static_cast<double>(*outputSize), repeats.device());
  return cast(searchsorted(ends, places, true, {}), repeats.dtype());
}

Tensor repeatInterleaveBy(const Tensor& x, const Tensor& repeats, std::optional<int64_t> dim,
                          std::optional<int64_t> outputSize) {
  const Tensor from = dim ? atLeast1d(x) : reshape(x, {-1});
  const int d = wrapDim("repeatInterleave", dim.value_or(0), from.dim());
  const int64_t n = from.size(d);
  requireSameDevice("repeatInterleave", x, repeats);
  check(repeats.dim() <= 1, Code::shape, "repeatInterleave: expected repeats of at most 1 dimension, got shape ",
        repeats.sizes());
  check(repeats.numel() == 1 || repeats.numel() == n, Code::shape, "repeatInterleave: expected a number for each of ",
        n, " elements along dim ", d, ", got repeats of shape ", repeats.sizes());
  return indexSelect(from, d, repeatedIndices(expand(repeats, {n}), outputSize));
}

}  // namespace dtrain
