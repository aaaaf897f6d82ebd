// Reductions. Kernels keep reduced dimensions as size 1; keepdim=false drops them from the sizes afterwards.
#include "ops/reduce.h"

#include <cmath>

#include "kernels/arithmetic.h"
#include "kernels/reduce.h"
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/scatter.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// What is reduced: sizes with 1 in the reduced dims, and the sizes of the result.
struct Reduced {
  Reduced(const char* op, const Tensor& x, const std::optional<Dims>& dims, bool keepdim) : kept(x.sizes()) {
    const bool all = !dims || dims->empty();  // an empty list means all, as in PyTorch
    bool reduced[kMaxDims] = {};
    if (all) std::fill_n(reduced, x.dim(), true);
    else
      for (int64_t dim : *dims) {
        const int d = wrapDim(op, dim, x.dim());
        check(!reduced[d], Code::argument, op, ": dim ", d, " appears twice in ", *dims);
        reduced[d] = true;
      }
    for (int i = 0; i < x.dim(); i++) {
      if (reduced[i]) kept[i] = 1;
      if (!reduced[i] || keepdim) sizes.push(kept[i]);
    }
  }
  Dims kept, sizes;
};

Tensor withSizes(const Tensor& y, const Dims& sizes) { return alias(y, sizes, contiguousStrides(sizes), 0); }

// The sizes, and which dimensions were reduced unless all were. One of size 1 is the same either way.
void noteReduced(const Dims& kept, const Dims& full) {
  if (!savedLog) return;
  note("self_sym_sizes", full);
  Dims dims;
  for (int i = 0; i < full.size(); i++)
    if (kept[i] != full[i]) dims.push(i);
  if (product(kept) != 1) note("dim", dims);
}

Tensor expandBack(const Tensor& dy, const Dims& kept, const Dims& full) { return expand(reshape(dy, kept), full); }

// dy / y, and 0 where y is 0
Tensor dividedUnlessZero(const Tensor& dy, const Tensor& y) { return div(mul(dy, ne(y, 0)), add(y, eq(y, 0))); }

}  // namespace

Tensor shareOf(const Tensor& x, const Tensor& y, const std::optional<Dims>& dims) {
  const NoGrad guard;
  const Tensor mask = cast(add(eq(x, y), mul(ne(x, x), ne(y, y))), y.dtype());
  return div(mask, sum(mask, dims, true, std::nullopt));
}

// d sum = dy everywhere
Tensor sum(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype) {
  if (dtype && *dtype != x.dtype()) return sum(cast(x, *dtype), dims, keepdim, dtype);
  const DType out = dtype.value_or(isFloat(x.dtype()) ? x.dtype() : DType::int64);
  const Reduced r("sum", x, dims, keepdim);
  Tensor y = empty(r.kept, isFloat(x.dtype()) ? x.dtype() : DType::int64, x.device());
  kernels<ReduceKernels>(x).reduce(Reduce::sum, x, y);
  y = withSizes(y, r.sizes);
  if (y.dtype() != out) return cast(y, out);
  if (recording(x))
    record(
        "SumBackward0", y, x,
        [kept = r.kept, full = x.sizes()](const Tensor& dy) {
          noteReduced(kept, full);
          return expandBack(dy, kept, full);
        },
        Keeps::nothing);
  return y;
}

// mean = sum / count
Tensor mean(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype) {
  if (dtype && *dtype != x.dtype()) return mean(cast(x, *dtype), dims, keepdim, dtype);
  check(isFloat(x.dtype()), Code::dtype, "mean: expected a floating dtype, got ", x.dtype(),
        "; convert with x.to('float32')");
  const Reduced r("mean", x, dims, keepdim);
  const double count = static_cast<double>(x.numel()) / static_cast<double>(std::max<int64_t>(product(r.kept), 1));
  Tensor y = empty(r.kept, x.dtype(), x.device());
  // A sum of float16 may be beyond its range where the mean is not.
  const Tensor total = isHalf(x.dtype()) ? empty(r.kept, DType::float32, x.device()) : y;
  kernels<ReduceKernels>(x).reduce(Reduce::sum, x, total);
  kernels<ArithmeticKernels>(x).run(Arithmetic::div, total, count, 1, total.dtype(), y);
  y = withSizes(y, r.sizes);
  if (recording(x))
    record(
        "MeanBackward0", y, x,
        [kept = r.kept, full = x.sizes(), count](const Tensor& dy) {
          noteReduced(kept, full);
          if (savedLog) note("self_sym_numel", product(full));
          return div(expandBack(dy, kept, full), count);
        },
        Keeps::nothing);
  return y;
}

namespace {

// Products of all others along a dimension: halves are multiplied in pairs, whose other products are found in the same
// way. So a zero is no special case, of any order.
Tensor productsOfOthers(const Tensor& x, int d) {
  const int64_t n = x.size(d), half = n / 2;
  if (n <= 1) return full(x.sizes(), 1, x.dtype(), x.device());
  const auto part = [d](const Tensor& t, int64_t from, int64_t to) { return slice(t, d, from, to, 1); };
  const Tensor a = part(x, 0, half), b = part(x, half, 2 * half);
  const Tensor others = productsOfOthers(cat({mul(a, b), part(x, 2 * half, n)}, d), d), of = part(others, 0, half);
  return cat({mul(of, b), mul(of, a), part(others, half, n - half)}, d);
}

}  // namespace

// d prod = dy times the product of all others
Tensor prod(const Tensor& x, std::optional<int64_t> dim, bool keepdim, std::optional<DType> dtype) {
  if (dtype && *dtype != x.dtype()) return prod(cast(x, *dtype), dim, keepdim, dtype);
  const DType result = dtype.value_or(isFloat(x.dtype()) ? x.dtype() : DType::int64);
  if (dim && x.dim() == 0) {
    wrapDim("prod", *dim, 0);
    dim.reset();
  }
  const Reduced r("prod", x, dim ? std::optional<Dims>({*dim}) : std::nullopt, keepdim);
  Tensor y = empty(r.kept, result, x.device());
  kernels<ReduceKernels>(x).reduce(Reduce::prod, x, y);
  y = withSizes(y, r.sizes);
  return fromInput(dim ? "ProdBackward1" : "ProdBackward0", y, x, [dim, kept = r.kept](auto dy, auto x) {
    if (dim) note("dim", dim);
    const Tensor wide = widened(x);
    const Tensor others = dim ? productsOfOthers(wide, wrapDim("prod", *dim, x.dim()))
                              : reshape(productsOfOthers(reshape(wide, {-1}), 0), x.sizes());
    return cast(mul(others, reshape(dy, kept)), x.dtype());
  });
}

namespace {

struct Extreme {
  Reduce op;
  const char *name, *nodeOfAll, *nodeOfDim;
};
constexpr Extreme kMax{Reduce::max, "max", "MaxBackward1", "MaxBackward0"},
    kMin{Reduce::min, "min", "MinBackward1", "MinBackward0"};

// d max = dy at the largest elements, shared evenly between equals
Tensor extreme(const Extreme& e, const Tensor& x) {
  check(x.numel() > 0, Code::shape, e.name, ": expected at least one element, got shape ", x.sizes());
  Tensor y = empty(Dims(x.dim(), 1), x.dtype(), x.device());
  kernels<ReduceKernels>(x).reduce(e.op, x, y);
  y = withSizes(y, {});
  if (recording(x))
    record(e.nodeOfAll, y, x, [x = Saved(x), y = Saved::output(y)](const Tensor& dy) {
      note("self", x);
      note("result", y);
      return mul(shareOf(x.get(), y.get(), std::nullopt), dy);
    });
  return y;
}

// Values and indices in keepdim form.
std::pair<Tensor, Tensor> located(const char* op, Reduce which, const Tensor& x, int dim, const Dims& kept) {
  check(x.size(dim) > 0, Code::index, op, ": dim ", dim, " of shape ", x.sizes(), " is empty");
  Tensor values = empty(kept, x.dtype(), x.device()), indices = empty(kept, DType::int64, x.device());
  kernels<ReduceKernels>(x).locate(which, x, dim, values, indices);
  return {values, indices};
}

// d max(dim) = dy at the index that was chosen
std::pair<Tensor, Tensor> extremeDim(const Extreme& e, const Tensor& x, int64_t dim, bool keepdim) {
  if (x.dim() == 0) return {extreme(e, x), full({}, 0, DType::int64, x.device())};
  const int d = wrapDim(e.name, dim, x.dim());
  const Reduced r(e.name, x, Dims{d}, keepdim);
  auto [values, indices] = located(e.name, e.op, x, d, r.kept);
  const Tensor y = withSizes(values, r.sizes);
  if (recording(x))
    record(e.nodeOfDim, y, x, [d, kept = r.kept, index = Saved(indices), full = x.sizes()](const Tensor& dy) {
      note("dim", d);
      note("indices", index);
      note("self_sym_sizes", full);
      return addedAt(reshape(dy, kept), d, index.get(), full);
    });
  return {y, withSizes(indices, r.sizes)};
}

Tensor placeOf(const char* op, Reduce which, const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  check(x.dtype() != DType::boolean, Code::dtype, op, ": not defined for bool tensors");
  const NoGrad guard;
  if (!dim) {
    check(x.numel() > 0, Code::shape, op, ": expected at least one element, got shape ", x.sizes());
    const Tensor index = located(op, which, reshape(x, {-1}), 0, {1}).second;
    return withSizes(index, keepdim ? Dims(x.dim(), 1) : Dims{});
  }
  if (x.dim() == 0) return full({}, 0, DType::int64, x.device());
  const int d = wrapDim(op, *dim, x.dim());
  const Reduced r(op, x, Dims{d}, keepdim);
  return withSizes(located(op, which, x, d, r.kept).second, r.sizes);
}

// d amax = dy shared evenly between the largest
Tensor extremeOver(const char* op, const char* node, Reduce which, const Tensor& x, const Dims& dims, bool keepdim) {
  const Reduced r(op, x, dims, keepdim);
  check(x.numel() > 0 || product(r.kept) == 0, Code::shape, op, ": nothing to reduce in shape ", x.sizes(),
        "; name dims that are not empty");
  Tensor y = empty(r.kept, x.dtype(), x.device());
  kernels<ReduceKernels>(x).reduce(which, x, y);
  y = withSizes(y, r.sizes);
  if (recording(x))
    record(node, y, x, [dims, kept = r.kept, x = Saved(x), y = Saved::output(y)](const Tensor& dy) {
      note("dim", dims);
      note("self", x);
      note("result", y);
      return mul(shareOf(x.get(), reshape(y.get(), kept), dims), reshape(dy, kept));
    });
  return y;
}

// A sum or a product of truth values is their disjunction or conjunction, and has the right value for none.
Tensor truth(const char* op, Reduce which, const Tensor& x, const std::optional<Dims>& dims, bool keepdim) {
  const NoGrad guard;
  const Tensor truths = cast(x, DType::boolean);
  Tensor y = truths;
  if (!dims || !dims->empty()) {
    const Reduced r(op, x, dims, keepdim);
    y = empty(r.kept, DType::boolean, x.device());
    kernels<ReduceKernels>(x).reduce(which, truths, y);
    y = withSizes(y, r.sizes);
  }
  return x.dtype() == DType::uint8 ? cast(y, DType::uint8) : y;
}

}  // namespace

Tensor max(const Tensor& x) { return extreme(kMax, x); }
Tensor min(const Tensor& x) { return extreme(kMin, x); }
std::pair<Tensor, Tensor> maxDim(const Tensor& x, int64_t dim, bool keepdim) {
  return extremeDim(kMax, x, dim, keepdim);
}
std::pair<Tensor, Tensor> minDim(const Tensor& x, int64_t dim, bool keepdim) {
  return extremeDim(kMin, x, dim, keepdim);
}
Tensor argmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return placeOf("argmax", Reduce::max, x, dim, keepdim);
}
Tensor argmin(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return placeOf("argmin", Reduce::min, x, dim, keepdim);
}
Tensor amax(const Tensor& x, const Dims& dims, bool keepdim) {
  return extremeOver("amax", "AmaxBackward0", Reduce::max, x, dims, keepdim);
}
Tensor amin(const Tensor& x, const Dims& dims, bool keepdim) {
  return extremeOver("amin", "AminBackward0", Reduce::min, x, dims, keepdim);
}
Tensor all(const Tensor& x, std::optional<Dims> dims, bool keepdim) {
  return truth("all", Reduce::prod, x, dims, keepdim);
}
Tensor any(const Tensor& x, std::optional<Dims> dims, bool keepdim) {
  return truth("any", Reduce::sum, x, dims, keepdim);
}

namespace {

struct Spread {
  Spread(const char* op, bool root, const Tensor& x, const std::optional<Dims>& dims, double correction, bool keepdim)
      : r(op, x, dims, keepdim) {
    check(isFloat(x.dtype()), Code::dtype, op, ": expected a floating dtype, got ", x.dtype(),
          "; convert with x.to('float32')");
    const double count = static_cast<double>(x.numel()) / static_cast<double>(std::max<int64_t>(product(r.kept), 1));
    degrees = std::max(0.0, count - correction);
    y = empty(r.kept, x.dtype(), x.device());
    kernels<ReduceKernels>(x).variance(x, correction, root, y);
    y = withSizes(y, r.sizes);
  }
  Reduced r;
  double degrees;  // of freedom
  Tensor y;
};

Tensor centred(const Tensor& x, const std::optional<Dims>& dims) {
  const Tensor wide = widened(x);
  return sub(wide, mean(wide, dims, true, std::nullopt));
}

}  // namespace

// d var = 2 (x - mean) / degrees
Tensor var(const Tensor& x, std::optional<Dims> dims, double correction, bool keepdim) {
  const Spread s("var", false, x, dims, correction, keepdim);
  return fromInput("VarBackward0", s.y, x, [dims, kept = s.r.kept, degrees = s.degrees](auto dy, auto x) {
    note("dim", dims);
    return cast(mul(mul(centred(x, dims), 2 / degrees), reshape(dy, kept)), x.dtype());
  });
}

// d std = (x - mean) / (degrees std), and 0 where that is 0
Tensor std(const Tensor& x, std::optional<Dims> dims, double correction, bool keepdim) {
  const Spread s("std", true, x, dims, correction, keepdim);
  if (recording(x))
    record("StdBackward0", s.y, x,
           [dims, kept = s.r.kept, degrees = s.degrees, x = Saved(x), y = Saved::output(s.y)](const Tensor& dy) {
             note("dim", dims);
             note("self", x);
             note("result", y);
             const Tensor wide = widened(reshape(y.get(), kept));
             const Tensor slope = dividedUnlessZero(widened(reshape(dy, kept)), mul(wide, degrees));
             return cast(mul(centred(x.get(), dims), slope), dy.dtype());
           });
  return s.y;
}

namespace {

Norm normOf(double p) {
  if (p == 0) return Norm::zero;
  if (p == 1) return Norm::one;
  if (p == 2) return Norm::two;
  return std::isinf(p) ? (p > 0 ? Norm::largest : Norm::smallest) : Norm::power;
}

// d |x|_p = sign(x) (|x| / y)^(p - 1), of which one without a derivative is 0; y and dy in keepdim form
Tensor normGrad(double p, const std::optional<Dims>& dims, const Tensor& x, const Tensor& y, const Tensor& dy) {
  switch (normOf(p)) {
    case Norm::zero: return full(x.sizes(), 0, x.dtype(), x.device());
    case Norm::one: return mul(sign(x), dy);
    case Norm::two: return mul(x, dividedUnlessZero(dy, y));
    case Norm::largest:
    case Norm::smallest: return mul(mul(shareOf(abs(x), y, dims), sign(x)), dy);
    case Norm::present:  // which is none
    case Norm::power: break;
  }
  const Tensor size = add(abs(x), eq(x, 0)), whole = add(y, eq(y, 0));  // 1 in place of 0
  return mul(mul(sign(x), pow(size, p - 1)), mul(mul(dy, ne(y, 0)), pow(whole, 1 - p)));
}

}  // namespace

Tensor sumOf(Norm terms, const char* op, const Tensor& x, const std::optional<Dims>& dims, bool keepdim, DType dtype) {
  const Reduced r(op, x, dims, keepdim);
  const Tensor y = empty(r.kept, dtype, x.device());
  kernels<ReduceKernels>(x).norm(terms, 0, x, y);
  return withSizes(y, r.sizes);
}

Tensor norm(const Tensor& x, double p, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype) {
  check(isFloat(x.dtype()), Code::dtype, "norm: expected a floating dtype, got ", x.dtype(),
        "; convert with x.to('float32')");
  if (dtype && *dtype != x.dtype()) return norm(cast(x, *dtype), p, dims, keepdim, dtype);
  const Reduced r("norm", x, dims, keepdim);
  check(x.numel() > 0 || product(r.kept) == 0 || (p >= 0 && std::isfinite(p)), Code::shape, "norm: there is no ", p,
        " norm of nothing, got shape ", x.sizes());
  Tensor y = empty(r.kept, x.dtype(), x.device());
  kernels<ReduceKernels>(x).norm(normOf(p), p, x, y);
  y = withSizes(y, r.sizes);
  if (recording(x))
    record("LinalgVectorNormBackward0", y, x,
           [p, dims, kept = r.kept, x = Saved(x), y = Saved::output(y)](const Tensor& dy) {
             note("ord", p);
             note("dim", dims);
             note("self", x);
             note("result", y);
             const Tensor whole = widened(reshape(y.get(), kept)), slope = widened(reshape(dy, kept));
             return cast(normGrad(p, dims, widened(x.get()), whole, slope), dy.dtype());
           });
  return y;
}

}  // namespace dtrain
