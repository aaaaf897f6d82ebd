// See unary.h: a function and its derivative, one below the other.
#include "ops/unary.h"

#include "kernels/unary.h"
#include "ops/arithmetic.h"
#include "ops/record.h"

namespace dtrain {

namespace {

Tensor run(Unary op, const Tensor& x, DType common) {
  Tensor y = empty(x.sizes(), common, x.device());
  kernels<UnaryKernels>(x).run(op, x, common, y);
  return y;
}
// Of integers: float32.
Tensor floating(Unary op, const Tensor& x) { return run(op, x, isFloat(x.dtype()) ? x.dtype() : DType::float32); }

}  // namespace

// d(-x) = -1
Tensor neg(const Tensor& x) {
  check(x.dtype() != DType::boolean, Code::dtype, "neg: not defined for bool tensors");
  return fromGradient("NegBackward0", run(Unary::neg, x, x.dtype()), x, [](auto dy) { return neg(dy); });
}

// d exp(x) = exp(x)
Tensor exp(const Tensor& x) {
  return fromOutput("ExpBackward0", floating(Unary::exp, x), x, [](auto dy, auto y) { return mul(dy, y); });
}

// d log(x) = 1 / x
Tensor log(const Tensor& x) {
  return fromInput("LogBackward0", floating(Unary::log, x), x, [](auto dy, auto x) { return div(dy, x); });
}

}  // namespace dtrain
