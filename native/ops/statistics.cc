// Made of other ops; where PyTorch has one node for the whole, so it is here.
#include "ops/statistics.h"

#include <cmath>
#include <limits>

#include "kernels/copy.h"
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/matmul.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/scan.h"
#include "ops/scatter.h"
#include "ops/search.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// x's sizes with 1 in the dims that are reduced, for a gradient of a result without them.
Dims keptSizes(const char* op, const Tensor& x, const std::optional<Dims>& dims) {
  Dims kept = x.sizes();
  if (!dims || dims->empty()) return Dims(x.dim(), 1);
  for (int64_t dim : *dims)
    if (x.dim() > 0) kept[wrapDim(op, dim, x.dim())] = 1;
  return kept;
}

std::optional<Dims> onlyDim(std::optional<int64_t> dim) { return dim ? std::optional<Dims>({*dim}) : std::nullopt; }

// x[from …] along d, as many as to - from
Tensor part(const Tensor& x, int d, int64_t from, int64_t to) { return slice(x, d, from, std::max(from, to), 1); }

}  // namespace

// d aminmax = dy shared evenly between the smallest, and between the largest
std::pair<Tensor, Tensor> aminmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  const auto dims = onlyDim(dim);
  check(x.numel() > 0 || dim, Code::shape, "aminmax: expected at least one element, got shape ", x.sizes());
  Tensor least, most;
  {
    const NoGrad guard;
    least = amin(x, dims.value_or(Dims()), keepdim);
    most = amax(x, dims.value_or(Dims()), keepdim);
  }
  if (recording(x))
    recordMany("AminmaxBackward0", {least, most}, {x},
               [dims, kept = keptSizes("aminmax", x, dims), x = Saved(x), least = Saved::output(least),
                most = Saved::output(most, 1)](const Grads& dy) {
                 note("dim", dims);
                 Tensor dx;
                 for (size_t i = 0; i < dy.size(); i++) {
                   if (!dy[i].defined()) continue;
                   const Tensor y = reshape((i == 0 ? least : most).get(), kept);
                   const Tensor share = mul(shareOf(x.get(), y, dims), reshape(dy[i], kept));
                   dx = dx.defined() ? add(dx, share) : share;
                 }
                 return Grads{dx};
               });
  return {least, most};
}

// d logsumexp = dy exp(x - y)
Tensor logsumexp(const Tensor& x, const Dims& dims, bool keepdim) {
  if (!isFloat(x.dtype())) return logsumexp(cast(x, DType::float32), dims, keepdim);
  const Dims kept = keptSizes("logsumexp", x, dims);
  Tensor y;
  {
    const NoGrad guard;
    const Tensor wide = widened(x);
    if (x.numel() == 0) {
      y = log(sum(exp(wide), dims, keepdim, std::nullopt));
    } else {
      const Tensor most = amax(wide, dims, true), base = where(isfinite(most), most, 0);
      y = log(sum(exp(sub(wide, base)), dims, keepdim, std::nullopt));
      y = add(y, reshape(base, y.sizes()));
    }
    y = cast(y, x.dtype());
  }
  if (recording(x))
    record("LogsumexpBackward0", y, x, [dims, kept, x = Saved(x), y = Saved::output(y)](const Tensor& dy) {
      note("dim", dims);
      note("result", y);
      note("self", x);
      const Tensor wide = widened(x.get()), whole = isHalf(dy.dtype()) ? logsumexp(wide, dims, true) : y.get();
      return cast(mul(reshape(dy, kept), exp(sub(wide, reshape(whole, kept)))), dy.dtype());
    });
  return y;
}

// d nansum = dy where x is not NaN
Tensor nansum(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype) {
  if (dtype && *dtype != x.dtype()) return nansum(cast(x, *dtype), dims, keepdim, dtype);
  if (!isFloat(x.dtype())) return sum(x, dims, keepdim, dtype);
  Tensor y;
  {
    const NoGrad guard;
    y = sumOf(Norm::present, "nansum", x, dims, keepdim, x.dtype());
  }
  return fromInput("NansumBackward0", y, x, [dims, kept = keptSizes("nansum", x, dims)](auto dy, auto x) {
    note("dim", dims);
    return where(isnan(x), 0, expand(reshape(dy, kept), x.sizes()));
  });
}

Tensor nanmean(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype) {
  requireFloat("nanmean", x);
  const Tensor count = sum(logicalNot(isnan(x)), dims, keepdim, std::nullopt);
  return div(nansum(x, dims, keepdim, dtype), count);
}

Tensor countNonzero(const Tensor& x, std::optional<Dims> dims) {
  if (isFloat(x.dtype())) return sumOf(Norm::zero, "countNonzero", x, dims, false, DType::int64);
  return sum(ne(x, 0), dims, false, std::nullopt);
}

Tensor dist(const Tensor& x, const Tensor& y, double p) {
  return norm(sub(x, y), p, std::nullopt, false, std::nullopt);
}

Tensor renorm(const Tensor& x, double p, int64_t dim, double maxnorm) {
  requireFloat("renorm", x);
  check(x.dim() >= 2, Code::shape, "renorm: expected at least 2 dimensions, got shape ", x.sizes());
  check(p > 0, Code::argument, "renorm: p must be greater than 0, got ", p);
  check(maxnorm >= 0, Code::argument, "renorm: maxnorm must not be negative, got ", maxnorm);
  const int d = wrapDim("renorm", dim, x.dim());
  Dims others;
  for (int i = 0; i < x.dim(); i++)
    if (i != d) others.push(i);
  const Tensor wide = widened(x), length = norm(wide, p, others, true, std::nullopt);
  // PyTorch's 1e-7 keeps the result below maxnorm
  const Tensor factor = where(gt(length, maxnorm), div(maxnorm, add(length, 1e-7)), 1);
  return cast(mul(wide, factor), x.dtype());
}

void renorm_(const Tensor& x, double p, int64_t dim, double maxnorm) {
  const Tensor y = renorm(recording(x) ? clone(x) : x, p, dim, maxnorm);
  const Tensor to = destination("renorm_", x, x.dtype(), true);
  kernels<CopyKernels>(x).copy(y, to);
  fromGradient("RenormBackward0", to, y, [](const Tensor& dy) { return dy; });
}

Tensor diff(const Tensor& x, int64_t n, int64_t dim, const MaybeTensor& prepend, const MaybeTensor& append) {
  check(x.dim() > 0, Code::shape, "diff: expected at least 1 dimension, got a 0-d tensor");
  check(n >= 0, Code::argument, "diff: n must not be negative, got ", n);
  const int d = wrapDim("diff", dim, x.dim());
  if (n == 0) return x;
  std::vector<Tensor> pieces;
  if (prepend.defined()) pieces.push_back(prepend);
  pieces.push_back(x);
  if (append.defined()) pieces.push_back(append);
  Tensor y = pieces.size() == 1 ? x : cat(pieces, d);
  for (int64_t i = 0, times = std::min(n, y.size(d)); i < times; i++) {
    const Tensor later = part(y, d, 1, y.size(d)), earlier = part(y, d, 0, y.size(d) - 1);
    y = y.dtype() == DType::boolean ? logicalXor(later, earlier) : sub(later, earlier);
  }
  return y;
}

namespace {

// The widths between places along d of y, and the sums of two neighbours in y.
Tensor widths(const char* op, const Tensor& y, const Tensor& x, int d) {
  check(x.dim() > 0, Code::shape, op, ": the places need at least 1 dimension");
  if (x.dim() == 1) {
    check(x.size(0) == y.size(d), Code::shape, op, ": there are ", x.size(0), " places along dim ", d, " of shape ",
          y.sizes());
    Dims line(y.dim(), 1);
    line[d] = x.size(0) - 1;
    return reshape(sub(part(x, 0, 1, x.size(0)), part(x, 0, 0, x.size(0) - 1)), line);
  }
  Tensor all = x;
  while (all.dim() < y.dim()) all = unsqueeze(all, 0);
  return sub(part(all, d, 1, all.size(d)), part(all, d, 0, all.size(d) - 1));
}
Tensor neighbours(const Tensor& y, int d) { return add(part(y, d, 0, y.size(d) - 1), part(y, d, 1, y.size(d))); }

}  // namespace

Tensor trapezoid(const Tensor& y, const MaybeTensor& x, double dx, int64_t dim) {
  const int d = wrapDim("trapezoid", dim, y.dim());
  check(y.dim() > 0, Code::shape, "trapezoid: expected at least 1 dimension, got a 0-d tensor");
  if (y.size(d) == 0) {
    Dims sizes = y.sizes();
    sizes.erase(d);
    return full(sizes, 0, y.dtype(), y.device());
  }
  if (x.defined())
    return div(sum(mul(widths("trapezoid", y, x, d), neighbours(y, d)), Dims{d}, false, std::nullopt), 2);
  const Tensor ends = add(select(y, d, 0), select(y, d, -1));
  return mul(sub(sum(y, Dims{d}, false, std::nullopt), mul(ends, 0.5)), dx);
}

Tensor cumulativeTrapezoid(const Tensor& y, const MaybeTensor& x, double dx, int64_t dim) {
  const int d = wrapDim("cumulativeTrapezoid", dim, y.dim());
  check(y.dim() > 0, Code::shape, "cumulativeTrapezoid: expected at least 1 dimension, got a 0-d tensor");
  const Tensor sums = neighbours(y, d);
  if (!x.defined()) return cumsum(mul(sums, dx / 2), d, std::nullopt);
  return cumsum(mul(div(widths("cumulativeTrapezoid", y, x, d), 2), sums), d, std::nullopt);
}

namespace {

// The derivative along d, at places `step` apart.
Tensor slope(const Tensor& x, int d, double step, int64_t edgeOrder) {
  const int64_t n = x.size(d);
  const auto at = [&](int64_t i) { return part(x, d, i, i + 1); };
  const Tensor inner = div(sub(part(x, d, 2, n), part(x, d, 0, n - 2)), 2 * step);
  if (edgeOrder == 1) return cat({div(sub(at(1), at(0)), step), inner, div(sub(at(n - 1), at(n - 2)), step)}, d);
  const auto end = [&](int64_t i, int64_t towards) {
    const Tensor far = add(mul(at(i), -1.5), sub(mul(at(i + towards), 2), mul(at(i + 2 * towards), 0.5)));
    return div(far, step * static_cast<double>(towards));
  };
  return cat({end(0, 1), inner, end(n - 1, -1)}, d);
}

// The same at places of a tensor, by parabolas through three neighbours.
Tensor slopeAt(const Tensor& x, int d, const Tensor& places, int64_t edgeOrder) {
  const int64_t n = x.size(d);
  Dims line(x.dim(), 1);
  line[d] = n - 1;
  const Tensor width = reshape(sub(part(places, 0, 1, n), part(places, 0, 0, n - 1)), line);
  const auto at = [&](int64_t i) { return part(x, d, i, i + 1); };
  const auto step = [&](int64_t i) { return part(width, d, i, i + 1); };
  const Tensor left = part(width, d, 0, n - 2), right = part(width, d, 1, n - 1);
  const Tensor a = div(neg(right), mul(left, add(left, right))), b = div(sub(right, left), mul(left, right)),
               c = div(left, mul(right, add(left, right)));
  const Tensor inner = add(add(mul(a, part(x, d, 0, n - 2)), mul(b, part(x, d, 1, n - 1))), mul(c, part(x, d, 2, n)));
  if (edgeOrder == 1)
    return cat({div(sub(at(1), at(0)), step(0)), inner, div(sub(at(n - 1), at(n - 2)), step(n - 2))}, d);
  const auto end = [&](int64_t i, int64_t towards, const Tensor& near, const Tensor& far) {
    const Tensor both = add(near, far);
    const Tensor first = div(neg(add(both, near)), mul(near, both)), second = div(both, mul(near, far)),
                 third = neg(div(near, mul(far, both)));
    const Tensor y = add(add(mul(first, at(i)), mul(second, at(i + towards))), mul(third, at(i + 2 * towards)));
    return towards > 0 ? y : neg(y);
  };
  return cat({end(0, 1, step(0), step(1)), inner, end(n - 1, -1, step(n - 2), step(n - 3))}, d);
}

}  // namespace

std::vector<Tensor> gradient(const Tensor& x, const std::vector<double>& spacing, const std::vector<Tensor>& places,
                             std::optional<Dims> dims, int64_t edgeOrder) {
  check(edgeOrder == 1 || edgeOrder == 2, Code::argument, "gradient: edgeOrder must be 1 or 2, got ", edgeOrder);
  Dims along;
  for (int i = 0; !dims && i < x.dim(); i++) along.push(i);
  if (dims)
    for (int64_t dim : *dims) along.push(wrapDim("gradient", dim, x.dim()));
  const size_t count = places.empty() ? spacing.size() : places.size();
  check((places.empty() && count == 1) || count == static_cast<size_t>(along.size()), Code::argument,
        "gradient: expected a spacing for each of ", along.size(), " dims, got ", count);
  std::vector<Tensor> result;
  for (int i = 0; i < along.size(); i++) {
    const int d = static_cast<int>(along[i]);
    check(x.dim() > 0 && x.size(d) > edgeOrder, Code::shape, "gradient: dim ", d, " needs at least ", edgeOrder + 1,
          " elements, got shape ", x.sizes());
    const auto at = static_cast<size_t>(i);
    if (places.empty()) {
      result.push_back(slope(x, d, spacing[count == 1 ? 0 : at], edgeOrder));
      continue;
    }
    check(places[at].dim() == 1 && places[at].size(0) == x.size(d), Code::shape, "gradient: expected ", x.size(d),
          " places along dim ", d, ", got shape ", places[at].sizes());
    result.push_back(slopeAt(x, d, places[at], edgeOrder));
  }
  return result;
}

Tensor cov(const Tensor& x, double correction, const MaybeTensor& fweights, const MaybeTensor& aweights) {
  check(x.dim() <= 2, Code::shape, "cov: expected at most 2 dimensions, got shape ", x.sizes());
  check(x.dtype() != DType::boolean, Code::dtype, "cov: not defined for bool tensors");
  const bool wider = aweights.defined() && !isHalf(aweights.dtype());
  if (isHalf(x.dtype()) && !wider) return cast(cov(widened(x), correction, fweights, aweights), x.dtype());
  const Tensor rows = x.dim() < 2 ? reshape(x, {1, -1}) : x;
  const int64_t n = rows.size(1);
  for (const Tensor* weights : {static_cast<const Tensor*>(&fweights), static_cast<const Tensor*>(&aweights)})
    check(!weights->defined() || (weights->dim() <= 1 && weights->numel() == n), Code::shape,
          "cov: expected a weight for each of ", n, " observations, got shape ",
          weights->defined() ? weights->sizes() : Dims());
  check(!fweights.defined() || !isFloat(fweights.dtype()), Code::dtype, "cov: fweights must be integers");
  check(!aweights.defined() || isFloat(aweights.dtype()), Code::dtype, "cov: aweights must be floats");
  Tensor weights = fweights.defined() ? reshape(fweights, {-1}) : Tensor();
  if (aweights.defined()) weights = weights.defined() ? mul(weights, aweights) : reshape(aweights, {-1});
  const Tensor total = weights.defined() ? sum(weights, std::nullopt, false, std::nullopt)
                                         : full({}, static_cast<double>(n), DType::int64, x.device());
  const Tensor mean = weights.defined() ? div(sum(mul(rows, weights), Dims{1}, false, std::nullopt), total)
                                        : div(sum(rows, Dims{1}, false, std::nullopt), total);
  Tensor degrees;
  if (aweights.defined() && correction != 0)
    degrees = sub(total, mul(correction, div(sum(mul(weights, aweights), std::nullopt, false, std::nullopt), total)));
  else degrees = sub(total, correction);
  degrees = where(lt(degrees, 0), 0, degrees);
  const Tensor apart = sub(rows, unsqueeze(mean, 1)), other = weights.defined() ? mul(apart, weights) : apart;
  const Tensor product = matmul(apart, t(cast(other, apart.dtype())));
  return squeeze(div(product, degrees), std::nullopt);
}

Tensor corrcoef(const Tensor& x) {
  check(x.dim() <= 2, Code::shape, "corrcoef: expected at most 2 dimensions, got shape ", x.sizes());
  if (isHalf(x.dtype())) return cast(corrcoef(widened(x)), x.dtype());
  const Tensor c = cov(x, 1, {}, {});
  if (c.dim() == 0) return div(c, c);  // NaN of what has no variance
  const Tensor deviation = sqrt(diagonal(c, 0, 0, 1));
  return clamp(div(div(c, unsqueeze(deviation, 1)), deviation), Operand(-1.0), Operand(1.0));
}

namespace {

// The weights, or ones, added up at their places, which are below n; -1 is none. float32 of such weights, else float64;
// or int64 on the CPU.
Tensor countedAt(const Tensor& places, const Tensor& weights, int64_t n) {
  if (places.device().isCpu() && !weights.defined()) {
    const Tensor from = contiguous(places), counts = full({n}, 0, DType::int64);
    const int64_t* const at = from.data<int64_t>();
    for (int64_t i = 0; i < from.numel(); i++)
      if (at[i] >= 0) counts.data<int64_t>()[at[i]]++;
    return counts;
  }
  const DType dtype = weights.defined() && weights.dtype() == DType::float32 ? DType::float32 : DType::float64;
  const Tensor ones =
      weights.defined() ? cast(reshape(weights, {-1}), dtype) : full(places.sizes(), 1, dtype, places.device());
  return addedAt(ones, 0, contiguous(places), {n});
}

double number(const Tensor& x) {
  const Tensor here = to(cast(x, DType::float64), {});
  return *here.data<double>();
}

}  // namespace

Tensor bincount(const Tensor& x, const MaybeTensor& weights, int64_t minlength) {
  const NoGrad guard;
  check(x.dim() == 1 && !isFloat(x.dtype()) && x.dtype() != DType::boolean, Code::argument,
        "bincount: expected integers of 1 dimension, got ", x.dtype(), " of shape ", x.sizes());
  check(minlength >= 0, Code::argument, "bincount: minlength must not be negative, got ", minlength);
  check(!weights.defined() || weights.sizes() == x.sizes(), Code::shape, "bincount: the weights have shape ",
        weights.defined() ? weights.sizes() : Dims(), ", the tensor ", x.sizes());
  if (x.numel() == 0) return full({minlength}, 0, DType::int64, x.device());
  const double least = number(min(x)), most = number(max(x));
  check(least >= 0, Code::argument, "bincount: expected no negative integers, got ", least);
  const int64_t n = std::max(minlength, static_cast<int64_t>(most) + 1);
  const Tensor counts = countedAt(cast(x, DType::int64), weights, n);
  return weights.defined() ? counts : cast(counts, DType::int64);
}

namespace {

struct Range {
  double low, high;
};
Range rangeOf(const char* op, const Tensor& x) {
  const Range range{number(min(x)), number(max(x))};
  check(std::isfinite(range.low) && std::isfinite(range.high), Code::argument, op, ": the range from ", range.low,
        " to ", range.high, " is not finite");
  return range;
}
// The range, longer on both sides if it has no length.
Range checkedRange(const char* op, Range range, double more) {
  check(std::isfinite(range.low) && std::isfinite(range.high) && range.low <= range.high, Code::argument, op,
        ": the range from ", range.low, " to ", range.high, " is none");
  return range.low == range.high ? Range{range.low - more, range.high + more} : range;
}

void requireFull(const char* op, const Tensor& x) {
  check(x.dtype() == DType::float32 || x.dtype() == DType::float64, Code::dtype, op,
        ": expected float32 or float64, got ", x.dtype());
}

// How many rows of x [n, D], or their weights added up, are in each cell between edges along D dims. A row on the last
// edge is in the last cell.
Tensor countedIn(const Tensor& x, const std::vector<Tensor>& edges, const MaybeTensor& weight, bool density) {
  Dims sizes;
  Tensor inside, place;
  for (size_t d = 0; d < edges.size(); d++) {
    const int64_t bins = edges[d].size(0) - 1;
    const Tensor column = contiguous(select(x, 1, static_cast<int64_t>(d)));
    const Tensor low = select(edges[d], 0, 0), high = select(edges[d], 0, -1);
    const Tensor bin =
        where(eq(column, high), static_cast<double>(bins - 1), sub(searchsorted(edges[d], column, true, {}), 1));
    const Tensor within = logicalAnd(ge(column, low), le(column, high));
    sizes.push(bins);
    inside = inside.defined() ? logicalAnd(inside, within) : within;
    place = place.defined() ? add(mul(place, static_cast<double>(bins)), bin) : bin;
  }
  Tensor counts = cast(reshape(countedAt(where(inside, place, -1), weight, product(sizes)), sizes), x.dtype());
  if (!density) return counts;
  counts = div(counts, sum(counts, std::nullopt, false, std::nullopt));
  for (int d = 0; d < sizes.size(); d++) {
    Dims shape(sizes.size(), 1);
    shape[d] = sizes[d];
    const Tensor& of = edges[static_cast<size_t>(d)];
    counts = div(counts, reshape(sub(part(of, 0, 1, sizes[d] + 1), part(of, 0, 0, sizes[d])), shape));
  }
  return counts;
}

void checkWeight(const char* op, const Tensor& weight, const Dims& sizes) {
  check(!weight.defined() || weight.sizes() == sizes, Code::shape, op, ": the weights have shape ",
        weight.defined() ? weight.sizes() : Dims(), ", the tensor ", sizes);
}

std::pair<Tensor, Tensor> histogramIn(const Tensor& x, const Tensor& edges, const MaybeTensor& weight, bool density) {
  checkWeight("histogram", weight, x.sizes());
  return {countedIn(reshape(x, {x.numel(), 1}), {edges}, weight, density), edges};
}

}  // namespace

namespace {
// How many elements of x, float32 or float64 on the CPU, are in each of the bins: PyTorch's formula, in the dtype of x.
Tensor countedBetween(const Tensor& x, int64_t bins, Range range) {
  const Tensor from = contiguous(x), counts = full({bins}, 0, DType::int64);
  const auto count = [&](auto zero) {
    using T = decltype(zero);
    const T low = static_cast<T>(range.low), high = static_cast<T>(range.high), many = static_cast<T>(bins);
    for (int64_t i = 0; i < from.numel(); i++) {
      const T value = from.data<T>()[i];
      if (!(value >= low && value <= high)) continue;
      const auto place = static_cast<int64_t>((value - low) * many / (high - low));
      counts.data<int64_t>()[std::min(place, bins - 1)]++;
    }
  };
  x.dtype() == DType::float32 ? count(0.0f) : count(0.0);
  return counts;
}
}  // namespace

Tensor histc(const Tensor& x, int64_t bins, double min, double max) {
  const NoGrad guard;
  requireFloat("histc", x);
  check(bins > 0, Code::argument, "histc: bins must be greater than 0, got ", bins);
  if (isHalf(x.dtype())) return cast(histc(widened(x), bins, min, max), x.dtype());
  const Range given = min == max && x.numel() > 0 ? rangeOf("histc", x) : Range{min, max};
  const Range range = checkedRange("histc", given, 1);
  // PyTorch's formula, in the dtype of x
  const auto end = [&](double value) { return full({}, value, x.dtype(), x.device()); };
  const Tensor flat = reshape(x, {-1}), low = end(range.low), high = end(range.high);
  const auto last = static_cast<double>(bins - 1);
  if (x.device().isCpu()) return cast(countedBetween(flat, bins, range), x.dtype());
  const Tensor inside = logicalAnd(ge(flat, low), le(flat, high));
  const Tensor scaled = div(mul(sub(flat, low), last + 1), sub(high, low));
  const Tensor place = cast(where(inside, scaled, -1), DType::int64);
  return cast(countedAt(where(gt(place, last), last, place), {}, bins), x.dtype());
}

std::pair<Tensor, Tensor> histogram(const Tensor& x, int64_t bins, const std::vector<double>& range,
                                    const MaybeTensor& weight, bool density) {
  const NoGrad guard;
  requireFull("histogram", x);
  check(bins > 0, Code::argument, "histogram: bins must be greater than 0, got ", bins);
  check(range.empty() || range.size() == 2, Code::argument, "histogram: range must be two numbers, got ", range.size());
  const Range given = !range.empty()  ? Range{range[0], range[1]}
                      : x.numel() > 0 ? rangeOf("histogram", x)
                                      : Range{0, 1};
  const Range of = checkedRange("histogram", given, 0.5);
  return histogramIn(x, linspace(of.low, of.high, bins + 1, x.dtype(), x.device()), weight, density);
}

std::pair<Tensor, Tensor> histogramAt(const Tensor& x, const Tensor& edges, const MaybeTensor& weight, bool density) {
  const NoGrad guard;
  requireFloat("histogram", x);
  check(edges.dim() == 1 && edges.size(0) > 1 && edges.dtype() == x.dtype(), Code::argument,
        "histogram: expected at least 2 edges in 1 dimension, of ", x.dtype(), ", got ", edges.dtype(), " of shape ",
        edges.sizes());
  const Tensor counts = histogramIn(widened(x), widened(edges), weight, density).first;
  return {cast(counts, x.dtype()), edges};
}

namespace {

// Rows of x [.., D], of which there are histograms of D dims.
Tensor rowsOf(const char* op, const Tensor& x, const MaybeTensor& weight) {
  requireFloat(op, x);
  check(x.dim() >= 2, Code::shape, op, ": expected at least 2 dimensions, got shape ", x.sizes());
  Dims sizes = x.sizes();
  const int64_t columns = sizes.back();
  sizes.erase(x.dim() - 1);
  checkWeight(op, weight, sizes);
  return reshape(x, {product(sizes), columns});
}

}  // namespace

std::vector<Tensor> histogramdd(const Tensor& x, const Dims& bins, const std::vector<double>& range,
                                const MaybeTensor& weight, bool density) {
  const NoGrad guard;
  const char* const op = "histogramdd";
  requireFull(op, x);
  const Tensor rows = rowsOf(op, x, weight);
  check(bins.size() > 0 && bins.size() == rows.size(1), Code::argument, op, ": expected bins for each of ",
        rows.size(1), " columns, got ", bins);
  check(range.empty() || static_cast<int>(range.size()) == 2 * bins.size(), Code::argument, op,
        ": range must be two numbers for each of ", bins.size(), " dims, got ", range.size());
  std::vector<Tensor> result{Tensor()};
  for (int d = 0; d < bins.size(); d++) {
    check(bins[d] > 0, Code::argument, op, ": bins must be greater than 0, got ", bins);
    const auto at = static_cast<size_t>(2 * d);
    const Range given = !range.empty()     ? Range{range[at], range[at + 1]}
                        : rows.size(0) > 0 ? rangeOf(op, select(rows, 1, d))
                                           : Range{0, 1};
    const Range of = checkedRange(op, given, 0.5);
    result.push_back(linspace(of.low, of.high, bins[d] + 1, x.dtype(), x.device()));
  }
  result[0] = countedIn(rows, {result.begin() + 1, result.end()}, weight, density);
  return result;
}

Tensor histogramddAt(const Tensor& x, const std::vector<Tensor>& edges, const MaybeTensor& weight, bool density) {
  const NoGrad guard;
  const char* const op = "histogramdd";
  const Tensor rows = rowsOf(op, x, weight);
  check(!edges.empty() && static_cast<int64_t>(edges.size()) == rows.size(1), Code::argument, op,
        ": expected edges for each of ", rows.size(1), " columns, got ", edges.size());
  std::vector<Tensor> wide;
  for (const Tensor& of : edges) {
    check(of.dim() == 1 && of.size(0) > 1 && of.dtype() == x.dtype(), Code::argument, op,
          ": expected at least 2 edges in 1 dimension, of ", x.dtype(), ", got ", of.dtype(), " of shape ", of.sizes());
    requireSameDevice(op, x, of);
    wide.push_back(widened(of));
  }
  return cast(countedIn(widened(rows), wide, weight, density), x.dtype());
}

}  // namespace dtrain
