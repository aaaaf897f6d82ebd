// See compare.h. They have no gradient.
#include "ops/compare.h"

#include "kernels/compare.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/reduce.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {
Tensor compare(Compare op, const Operand& x, const Operand& y) {
  const Dims sizes = broadcast(name(op), x, y);
  const Device device = commonDevice(name(op), x, y);
  const Tensor out = emptyAmong(sizes, {&x.tensor, &y.tensor}, DType::boolean, device);
  kernels<CompareKernels>(out).run(op, OnDevice(x, device), OnDevice(y, device), resultType(x, y), out);
  return out;
}
}  // namespace

Tensor eq(const Operand& x, const Operand& y) { return compare(Compare::eq, x, y); }
Tensor ne(const Operand& x, const Operand& y) { return compare(Compare::ne, x, y); }
Tensor lt(const Operand& x, const Operand& y) { return compare(Compare::lt, x, y); }
Tensor le(const Operand& x, const Operand& y) { return compare(Compare::le, x, y); }
Tensor gt(const Operand& x, const Operand& y) { return compare(Compare::gt, x, y); }
Tensor ge(const Operand& x, const Operand& y) { return compare(Compare::ge, x, y); }

Tensor logicalAnd(const Tensor& x, const Tensor& y) { return mul(cast(x, DType::boolean), cast(y, DType::boolean)); }
Tensor logicalOr(const Tensor& x, const Tensor& y) { return add(cast(x, DType::boolean), cast(y, DType::boolean)); }
Tensor logicalXor(const Tensor& x, const Tensor& y) { return ne(cast(x, DType::boolean), cast(y, DType::boolean)); }
Tensor logicalNot(const Tensor& x) { return eq(x, 0); }

void eq_(const Tensor& x, const Operand& y) {
  become("eq_", x, [&](auto& x) { return eq(x, y); });
}
void ne_(const Tensor& x, const Operand& y) {
  become("ne_", x, [&](auto& x) { return ne(x, y); });
}
void lt_(const Tensor& x, const Operand& y) {
  become("lt_", x, [&](auto& x) { return lt(x, y); });
}
void le_(const Tensor& x, const Operand& y) {
  become("le_", x, [&](auto& x) { return le(x, y); });
}
void gt_(const Tensor& x, const Operand& y) {
  become("gt_", x, [&](auto& x) { return gt(x, y); });
}
void ge_(const Tensor& x, const Operand& y) {
  become("ge_", x, [&](auto& x) { return ge(x, y); });
}
void logicalAnd_(const Tensor& x, const Tensor& y) {
  become("logicalAnd_", x, [&](auto& x) { return logicalAnd(x, y); });
}
void logicalOr_(const Tensor& x, const Tensor& y) {
  become("logicalOr_", x, [&](auto& x) { return logicalOr(x, y); });
}
void logicalXor_(const Tensor& x, const Tensor& y) {
  become("logicalXor_", x, [&](auto& x) { return logicalXor(x, y); });
}
void logicalNot_(const Tensor& x) { become("logicalNot_", x, logicalNot); }

Tensor isclose(const Tensor& x, const Tensor& y, double rtol, double atol, bool equalNan) {
  check(x.dtype() == y.dtype(), Code::dtype, "isclose: the tensors have different dtypes, ", x.dtype(), " and ",
        y.dtype(), "; convert one with .to(dtype)");
  check(rtol >= 0 && atol >= 0, Code::argument, "isclose: tolerances must not be negative, got rtol ", rtol,
        " and atol ", atol);
  const NoGrad guard;
  Tensor close = eq(x, y);
  if (equalNan && isFloat(x.dtype())) close = logicalOr(close, logicalAnd(isnan(x), isnan(y)));
  if (rtol == 0 && atol == 0) return close;
  const bool counts = !isFloat(x.dtype());
  const Tensor a = x.dtype() == DType::boolean ? cast(x, DType::int64) : x;
  const Tensor b = x.dtype() == DType::boolean ? cast(y, DType::int64) : y;
  const Tensor allowed = add(abs(mul(counts ? cast(y, DType::float32) : y, rtol)), atol);
  const Tensor apart = abs(sub(a, b));
  return logicalOr(close, logicalAnd(isfinite(apart), le(apart, allowed)));
}

Tensor isin(const Operand& x, const Operand& y, bool invert) {
  check(x.isTensor() || y.isTensor(), Code::argument, "isin: expected at least one tensor, got two numbers");
  for (const Operand& o : {x, y})
    check(!o.isTensor() || o.tensor.dtype() != DType::boolean, Code::dtype, "isin: not defined for bool tensors");
  const NoGrad guard;
  Tensor found;
  if (!y.isTensor()) found = eq(x, y);
  else if (!x.isTensor()) found = any(eq(y, x), std::nullopt, false);
  else {
    const Tensor of = reshape(y.tensor, {y.tensor.numel()});
    found = any(eq(unsqueeze(x.tensor, -1), of), Dims{-1}, false);
  }
  return invert ? logicalNot(found) : found;
}

}  // namespace dtrain
