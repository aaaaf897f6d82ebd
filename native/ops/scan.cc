// Running results. Their gradients run the other way. That of a product, which must not divide by 0, is a recurrence
// out[i] = a[i] out[i - 1] + b[i], whose own gradient is one too: so it can be differentiated any number of times.
#include "ops/scan.h"

#include <cmath>
#include <limits>

#include "kernels/copy.h"
#include "kernels/scan.h"
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/scatter.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// Of integers and bool as int64.
Tensor scanned(Scan op, const Tensor& x, int d, bool reverse) {
  const NoGrad guard;
  Tensor y = empty(x.sizes(), isFloat(x.dtype()) ? x.dtype() : DType::int64, x.device());
  kernels<ScanKernels>(x).scan(op, x, d, reverse, y);
  return y;
}

// x[i - 1], or x[i + 1] in reverse, and `first` where there is none.
Tensor shifted(const Tensor& x, int d, bool reverse, double first) {
  const int64_t n = x.size(d);
  Dims one = x.sizes();
  one[d] = std::min<int64_t>(n, 1);
  const Tensor edge = full(one, first, x.dtype(), x.device());
  return reverse ? cat({slice(x, d, std::min<int64_t>(n, 1), n, 1), edge}, d)
                 : cat({edge, slice(x, d, 0, std::max<int64_t>(n - 1, 0), 1)}, d);
}

// The result, or x with its elements.
Tensor placed(const char* inPlace, const Tensor& x, const Tensor& result) {
  if (!inPlace) return result;
  const Tensor y = destination(inPlace, x, x.dtype(), true);
  kernels<CopyKernels>(x).copy(result, y);
  return y;
}

// d running sum = the running sum of dy from the other end
Tensor runningSum(const Tensor& x, int d, bool reverse, const char* inPlace) {
  const Tensor y = placed(inPlace, x, scanned(Scan::sum, x, d, reverse));
  return fromGradient("CumsumBackward0", y, x, [=](auto dy) {
    note("dim", d);
    return runningSum(dy, d, !reverse, nullptr);
  });
}

// d b = g, the recurrence of dy with the next a from the other end; d a[i] = g[i] y[i - 1]
Tensor recurrence(const Tensor& a, const Tensor& b, int d, bool reverse) {
  Tensor y = empty(b.sizes(), b.dtype(), b.device());
  {
    const NoGrad guard;
    kernels<ScanKernels>(b).recurrence(contiguous(a), contiguous(b), d, reverse, y);
  }
  if (recording(a, b))
    record("RecurrenceBackward0", y, {a, b}, [=, a = Saved(a), y = Saved::output(y)](const Tensor& dy) {
      const Tensor g = recurrence(shifted(a.get(), d, !reverse, 0), dy, d, !reverse);
      return Grads{mul(g, shifted(y.get(), d, reverse, 0)), g};
    });
  return y;
}

// d cumprod = the product of all before, times dy[i] + x[i + 1] (dy[i + 1] + x[i + 2] (…))
Tensor productGrad(const Tensor& dy, const Tensor& x, const Tensor& y, int d) {
  if (x.dim() == 0) return dy;
  return mul(shifted(y, d, false, 1), recurrence(shifted(x, d, true, 0), dy, d, true));
}

Tensor runningProduct(const Tensor& x, int d, const char* inPlace) {
  const Tensor from = inPlace && recording(x) ? clone(x) : x;  // which leads back to where x came from
  const Tensor y = placed(inPlace, x, scanned(Scan::prod, x, d, false));
  if (recording(from))
    record("CumprodBackward0", y, from, [=, x = Saved(from), y = Saved::output(y)](const Tensor& dy) {
      note("dim", d);
      note("result", y);
      note("self", x);
      if (!isHalf(dy.dtype())) return productGrad(dy, x.get(), y.get(), d);
      const Tensor wide = widened(x.get());
      return cast(productGrad(widened(dy), wide, runningProduct(wide, d, nullptr), d), dy.dtype());
    });
  return y;
}

Tensor converted(const Tensor& x, std::optional<DType> dtype) { return dtype ? cast(x, *dtype) : x; }

}  // namespace

Tensor cumsum(const Tensor& x, int64_t dim, std::optional<DType> dtype) {
  const Tensor y = runningSum(converted(x, dtype), wrapDim("cumsum", dim, x.dim()), false, nullptr);
  return converted(y, dtype);
}

Tensor cumprod(const Tensor& x, int64_t dim, std::optional<DType> dtype) {
  const Tensor y = runningProduct(converted(x, dtype), wrapDim("cumprod", dim, x.dim()), nullptr);
  return converted(y, dtype);
}

void cumsum_(const Tensor& x, int64_t dim) { runningSum(x, wrapDim("cumsum_", dim, x.dim()), false, "cumsum_"); }

void cumprod_(const Tensor& x, int64_t dim) { runningProduct(x, wrapDim("cumprod_", dim, x.dim()), "cumprod_"); }

// d logcumsumexp = exp(x[i] - y[i]) (dy[i] + exp(y[i] - y[i + 1]) (dy[i + 1] + …)); 0 as long as y is -inf
Tensor logcumsumexp(const Tensor& x, int64_t dim) {
  const int d = wrapDim("logcumsumexp", dim, x.dim());
  requireFloat("logcumsumexp", x);
  const Tensor y = scanned(Scan::logSumExp, x, d, false);
  return fromInput("LogcumsumexpBackward0", y, x, [d](auto dy, auto x) {
    note("dim", d);
    if (x.dim() == 0) return dy;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const Tensor wide = widened(x), y = logcumsumexp(wide, d), none = eq(y, -infinity);
    const auto ratio = [&](const Tensor& above, const Tensor& below) {
      return exp(where(none, -infinity, sub(above, where(none, 0, below))));
    };
    const Tensor later = recurrence(ratio(y, shifted(y, d, true, infinity)), widened(dy), d, true);
    return cast(mul(ratio(wide, y), later), x.dtype());
  });
}

namespace {

// d cummax = dy where the values came from
std::pair<Tensor, Tensor> runningExtreme(const char* op, const char* node, bool largest, const Tensor& x, int64_t dim) {
  const int d = wrapDim(op, dim, x.dim());
  if (x.dim() == 0) {
    const auto [values, indices] = runningExtreme(op, node, largest, reshape(x, {1}), 0);
    return {reshape(values, {}), reshape(indices, {})};
  }
  const Tensor values = empty(x.sizes(), x.dtype(), x.device()), indices = empty(x.sizes(), DType::int64, x.device());
  {
    const NoGrad guard;
    kernels<ScanKernels>(x).extreme(largest, x, d, values, indices);
  }
  if (recording(x))
    record(node, values, x, [d, index = Saved(indices), full = x.sizes()](const Tensor& dy) {
      note("dim", d);
      note("indices", index);
      note("self_sym_sizes", full);
      return addedAt(dy, d, index.get(), full);
    });
  return {values, indices};
}

}  // namespace

std::pair<Tensor, Tensor> cummax(const Tensor& x, int64_t dim) {
  return runningExtreme("cummax", "CummaxBackward0", true, x, dim);
}
std::pair<Tensor, Tensor> cummin(const Tensor& x, int64_t dim) {
  return runningExtreme("cummin", "CumminBackward0", false, x, dim);
}

}  // namespace dtrain
