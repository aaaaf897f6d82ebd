// See distance.h. All differences of all rows would be d times the size of the result, so they are made for some rows
// of x at a time, and made again for the gradient. Formulas are in ops, so second derivatives follow.
#include "ops/distance.h"

#include <cmath>

#include "kernels/copy.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/matmul.h"
#include "ops/matrices.h"
#include "ops/parts.h"
#include "ops/reduce.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// Differences at a time: what a cache of the CPU holds, and what keeps a GPU busy.
constexpr int64_t kDifferences = int64_t{1} << 17, kDifferencesOnGpus = int64_t{1} << 24;

// How many rows of x have at most so many differences from those of y.
int64_t rowsAtOnce(const Tensor& x, const Tensor& y) {
  const int64_t most = x.device().isCpu() ? kDifferences : kDifferencesOnGpus;
  const int64_t each = x.numel() / std::max<int64_t>(1, rowsOf(x)) * rowsOf(y);
  return most / std::max<int64_t>(1, each);
}

Tensor differences(const Tensor& x, const Tensor& y) { return sub(unsqueeze(x, -2), unsqueeze(y, -3)); }

// The derivative of the p-norm of differences: sign (|difference| / distance)^(p - 1). Where it has none it is 0, and
// of several that are largest each has all of it.
Tensor slope(const Tensor& difference, const Tensor& distance, double p) {
  const auto nonzero = [](const Tensor& v) { return maskedFill(v, eq(v, 0.0), 1.0); };
  if (p == 1) return sign(difference);
  if (p == 2) return div(difference, nonzero(distance));
  if (std::isinf(p)) return mul(sign(difference), eq(abs(difference), distance));
  return mul(sign(difference), pow(div(nonzero(abs(difference)), nonzero(distance)), p - 1));
}

// x [.., n, d] and y [.., m, d] with the same batch.
Tensor apart(const Tensor& x, const Tensor& y, double p) {
  if (x.size(x.dim() - 1) == 0) return matmul(x, turned(y));  // zeros; there is no largest of no elements
  std::vector<Tensor> parts;
  {
    const NoGrad guard;
    forParts(rowsOf(x), rowsAtOnce(x, y), [&](int64_t from, int64_t to) {
      parts.push_back(norm(differences(someRows(x, from, to), y), p, Dims{-1}, false, std::nullopt));
    });
    parts = {below(parts)};
  }
  const Tensor& out = parts[0];
  if (recording(x, y))
    record("CdistBackward0", out, {x, y},
           [p, gx = requiresGrad(x), gy = requiresGrad(y), x = Saved(x), y = Saved(y),
            out = Saved::output(out)](const Tensor& d) {
             note("p", p);
             note("result", out);
             note("x1", x);
             note("x2", y);
             const Tensor rows = x.get(), columns = y.get(), distances = out.get();
             const auto zeros = [](const Tensor& v) { return full(v.sizes(), 0, v.dtype(), v.device()); };
             if (p == 0) return Grads{zeros(rows), zeros(columns)};
             std::vector<Tensor> dx;
             Tensor dy;
             forParts(rowsOf(rows), rowsAtOnce(rows, columns), [&](int64_t from, int64_t to) {
               const auto some = [&](const Tensor& v) { return someRows(v, from, to); };
               const Tensor one = slope(differences(some(rows), columns), unsqueeze(some(distances), -1), p);
               const Tensor shares = mul(one, unsqueeze(some(d), -1));
               if (gx) dx.push_back(sum(shares, Dims{-2}, false, std::nullopt));
               const Tensor here = gy ? sum(shares, Dims{-3}, false, std::nullopt) : Tensor();
               dy = dy.defined() ? add(dy, here) : here;
             });
             return Grads{gx ? below(dx) : Tensor(), gy ? neg(dy) : Tensor()};
           });
  return out;
}

// d sqrt(|x|^2 - 2 x y + |y|^2) = (x - y) dy / out, summed over the rows of the other one
Tensor apartByProduct(const Tensor& x, const Tensor& y) {
  Tensor out;
  {
    const NoGrad guard;
    const auto squares = [](const Tensor& v) { return sum(square(v), Dims{-1}, true, std::nullopt); };
    const Tensor nx = squares(x), ny = squares(y);
    const auto ones = [](const Tensor& v) { return full(v.sizes(), 1, v.dtype(), v.device()); };
    const Tensor product = matmul(cat({mul(x, -2), nx, ones(nx)}, -1), turned(cat({y, ones(ny), ny}, -1)));
    out = sqrt(clamp(product, Operand(0.0), std::nullopt));
  }
  if (recording(x, y))
    record("EuclideanDistBackward0", out, {x, y},
           [gx = requiresGrad(x), gy = requiresGrad(y), x = Saved(x), y = Saved(y),
            out = Saved::output(out)](const Tensor& d) {
             note("result", out);
             note("x1", x);
             note("x2", y);
             const Tensor distances = out.get(), equal = eq(distances, 0.0);
             const Tensor ratio = div(maskedFill(d, equal, 0.0), maskedFill(distances, equal, 1.0));
             const auto pulled = [](const Tensor& v, const Tensor& other, const Tensor& by) {
               return sub(mul(v, sum(by, Dims{-1}, true, std::nullopt)), matmul(by, other));
             };
             return Grads{gx ? pulled(x.get(), y.get(), ratio) : Tensor(),
                          gy ? pulled(y.get(), x.get(), turned(ratio)) : Tensor()};
           });
  return out;
}

void checkPower(const char* op, double p) { check(p >= 0, Code::argument, op, ": p must not be negative, got ", p); }

}  // namespace

Tensor cdist(const Tensor& x, const Tensor& y, double p, bool byProduct) {
  check(x.dim() >= 2 && y.dim() >= 2 && x.sizes().back() == y.sizes().back(), Code::shape,
        "cdist: expected rows of one length, (…, n, d) and (…, m, d), got ", x.sizes(), " and ", y.sizes());
  requireFloat("cdist", x);
  check(x.dtype() == y.dtype(), Code::dtype, "cdist: dtypes differ: ", x.dtype(), " and ", y.dtype(),
        "; convert one with .to()");
  requireSameDevice("cdist", x, y);
  checkPower("cdist", p);
  if (isHalf(x.dtype())) return cast(cdist(widened(x), widened(y), p, byProduct), x.dtype());
  const Dims batch = broadcast("cdist", batchOf(x), batchOf(y));
  const auto spread = [&](const Tensor& v) { return expand(v, joined(batch, rowsOf(v), columnsOf(v))); };
  return p == 2 && byProduct ? apartByProduct(spread(x), spread(y)) : apart(spread(x), spread(y), p);
}

Tensor pdist(const Tensor& x, double p) {
  check(x.dim() == 2, Code::shape, "pdist: expected a matrix, got ", x.sizes());
  requireFloat("pdist", x);
  checkPower("pdist", p);
  const int64_t n = x.size(0);
  const Tensor above = empty({n * (n - 1) / 2}, DType::int64);
  int64_t* at = above.data<int64_t>();
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = i + 1; j < n; j++) *at++ = i * n + j;
  return indexSelect(reshape(cdist(x, x, p, false), {n * n}), 0, to(above, x.device()));
}

}  // namespace dtrain
