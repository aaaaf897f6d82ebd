// See unary.h: a function and its derivative in one row each.
#include "ops/unary.h"

#include <numbers>

#include "kernels/copy.h"
#include "kernels/unary.h"
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/record.h"

namespace dtrain {

namespace {

// What the derivative needs beside dy.
enum class Needs { nothing, output, input };

struct Function {
  const char* node;
  Unary kernel;
  DType (*dtype)(const char* op, const Tensor& x);  // of the result
  Needs needs;
  Tensor (*dx)(const Tensor& dy, const Tensor& needed);
};

// Of integers: float32.
DType floating(const char*, const Tensor& x) { return isFloat(x.dtype()) ? x.dtype() : DType::float32; }
// As `floating`, for what PyTorch does not have for halves.
DType wideFloating(const char* op, const Tensor& x) {
  check(!isHalf(x.dtype()), Code::dtype, op, ": not implemented for ", x.dtype(), "; convert with .float() first");
  return floating(op, x);
}
DType number(const char* op, const Tensor& x) {
  check(x.dtype() != DType::boolean, Code::dtype, op, ": not defined for bool tensors");
  return x.dtype();
}
DType any(const char*, const Tensor& x) { return x.dtype(); }

Tensor zeros(const Tensor& dy, const Tensor&) { return full(dy.sizes(), 0, dy.dtype(), dy.device()); }

Tensor apply(const Function& f, const char* op, const Tensor& x, bool inPlace) {
  const DType common = f.dtype(op, x);
  // In place it is a copy of x that leads back to where x came from.
  const Tensor from = inPlace && f.needs == Needs::input && recording(x) ? clone(x) : x;
  const Tensor y = destination(op, x, common, inPlace);
  kernels<UnaryKernels>(x).run(f.kernel, x, common, y);
  if (f.needs == Needs::input) return fromInput(f.node, y, from, f.dx);
  if (f.needs == Needs::output) return fromOutput(f.node, y, x, f.dx);
  return fromGradient(f.node, y, x, [dx = f.dx](const Tensor& dy) { return dx(dy, {}); });
}

}  // namespace

// A function, the name of its node, the dtype of its result, and its derivative: dx from dy and what it needs. The
// second makes its form in place too.
#define DT_SPECIAL_FUNCTION(name, node, dtype, needs, dx)                               \
  static constexpr Function name##Function{node, Unary::name, dtype, Needs::needs, dx}; \
  Tensor name(const Tensor& x) { return apply(name##Function, #name, x, false); }
#define DT_FUNCTION(name, node, dtype, needs, dx)   \
  DT_SPECIAL_FUNCTION(name, node, dtype, needs, dx) \
  void name##_(const Tensor& x) { apply(name##Function, #name "_", x, true); }

// d(-x) = -1
DT_FUNCTION(neg, "NegBackward0", number, nothing, [](auto& dy, auto&) { return neg(dy); })

// d exp(x) = exp(x)
DT_FUNCTION(exp, "ExpBackward0", floating, output, [](auto& dy, auto& y) { return mul(dy, y); })

// d log(x) = 1 / x
DT_FUNCTION(log, "LogBackward0", floating, input, [](auto& dy, auto& x) { return div(dy, x); })

// d abs(x) = sign(x)
DT_FUNCTION(abs, "AbsBackward0", number, input, [](auto& dy, auto& x) { return mul(dy, sign(x)); })

// d reciprocal(x) = -1 / x^2
DT_FUNCTION(reciprocal, "ReciprocalBackward0", floating, output,
            [](auto& dy, auto& y) { return mul(neg(dy), mul(y, y)); })

// d sqrt(x) = 1 / (2 sqrt(x))
DT_FUNCTION(sqrt, "SqrtBackward0", floating, output, [](auto& dy, auto& y) { return div(dy, mul(y, 2)); })

// d rsqrt(x) = -1 / (2 x sqrt(x))
DT_FUNCTION(rsqrt, "RsqrtBackward0", floating, output,
            [](auto& dy, auto& y) { return mul(mul(dy, -0.5), mul(y, mul(y, y))); })

// d sigmoid(x) = sigmoid(x) (1 - sigmoid(x))
DT_FUNCTION(sigmoid, "SigmoidBackward0", floating, output, [](auto& dy, auto& y) { return mul(dy, mul(y, sub(1, y))); })

// d tanh(x) = 1 - tanh(x)^2
DT_FUNCTION(tanh, "TanhBackward0", floating, output, [](auto& dy, auto& y) { return mul(dy, sub(1, mul(y, y))); })

// d sin(x) = cos(x)
DT_FUNCTION(sin, "SinBackward0", floating, input, [](auto& dy, auto& x) { return mul(dy, cos(x)); })

// d cos(x) = -sin(x)
DT_FUNCTION(cos, "CosBackward0", floating, input, [](auto& dy, auto& x) { return neg(mul(dy, sin(x))); })

// d log1p(x) = 1 / (1 + x)
DT_FUNCTION(log1p, "Log1PBackward0", floating, input, [](auto& dy, auto& x) { return div(dy, add(x, 1)); })

// d expm1(x) = exp(x)
DT_FUNCTION(expm1, "Expm1Backward0", floating, output, [](auto& dy, auto& y) { return mul(dy, add(y, 1)); })

// d log2(x) = 1 / (x ln 2)
DT_FUNCTION(log2, "Log2Backward0", floating, input,
            [](auto& dy, auto& x) { return div(dy, mul(x, std::numbers::ln2)); })

// d log10(x) = 1 / (x ln 10)
DT_FUNCTION(log10, "Log10Backward0", floating, input,
            [](auto& dy, auto& x) { return div(dy, mul(x, std::numbers::ln10)); })

// d exp2(x) = exp2(x) ln 2
DT_FUNCTION(exp2, "Exp2Backward0", floating, output,
            [](auto& dy, auto& y) { return mul(dy, mul(y, std::numbers::ln2)); })

// d erf(x) = 2 / sqrt(pi) exp(-x^2)
DT_FUNCTION(erf, "ErfBackward0", floating, input,
            [](auto& dy, auto& x) { return mul(dy, mul(exp(neg(mul(x, x))), 2 * std::numbers::inv_sqrtpi)); })

// d erfc(x) = -2 / sqrt(pi) exp(-x^2)
DT_FUNCTION(erfc, "ErfcBackward0", floating, input,
            [](auto& dy, auto& x) { return mul(dy, mul(exp(neg(mul(x, x))), -2 * std::numbers::inv_sqrtpi)); })

// d erfcx(x) = 2 x erfcx(x) - 2 / sqrt(pi)
DT_SPECIAL_FUNCTION(erfcx, "SpecialErfcxBackward0", wideFloating, input, [](auto& dy, auto& x) {
  return mul(dy, sub(mul(mul(x, erfcx(x)), 2), 2 * std::numbers::inv_sqrtpi));
})

// d ndtr(x) = exp(-x^2 / 2) / sqrt(2 pi)
DT_SPECIAL_FUNCTION(ndtr, "SpecialNdtrBackward0", floating, input, [](auto& dy, auto& x) {
  return mul(dy, mul(exp(mul(mul(x, x), -0.5)), std::numbers::inv_sqrtpi / std::numbers::sqrt2));
})

// d logNdtr(x) = sqrt(2 / pi) / erfcx(-x / sqrt 2)
DT_SPECIAL_FUNCTION(logNdtr, "SpecialLogNdtrBackward0", wideFloating, input, [](auto& dy, auto& x) {
  return mul(div(dy, erfcx(div(x, -std::numbers::sqrt2))), std::numbers::sqrt2 * std::numbers::inv_sqrtpi);
})

// Constant wherever they have a derivative.
DT_FUNCTION(sign, "SignBackward0", any, nothing, zeros)
DT_FUNCTION(floor, "FloorBackward0", number, nothing, zeros)
DT_FUNCTION(ceil, "CeilBackward0", number, nothing, zeros)
DT_FUNCTION(trunc, "TruncBackward0", number, nothing, zeros)

namespace {
Tensor rounded(const char* op, const Tensor& x, int decimals, bool inPlace) {
  static constexpr Function round{"RoundBackward0", Unary::round, number, Needs::nothing, zeros};
  if (decimals == 0) return apply(round, op, x, inPlace);
  requireFloat(op, x);
  const Tensor y = destination(op, x, x.dtype(), inPlace);
  {
    const NoGrad guard;
    const double power = std::pow(10, std::abs(decimals));
    const Tensor wide = isHalf(x.dtype()) ? cast(x, DType::float32) : x;
    const Tensor whole = apply(round, op, decimals > 0 ? mul(wide, power) : div(wide, power), false);
    kernels<CopyKernels>(y).copy(decimals > 0 ? div(whole, power) : mul(whole, power), y);
  }
  return fromGradient("RoundBackward0", y, x, [](const Tensor& dy) { return zeros(dy, {}); });
}
}  // namespace

Tensor round(const Tensor& x, int decimals) { return rounded("round", x, decimals, false); }
void round_(const Tensor& x, int decimals) { rounded("round_", x, decimals, true); }

namespace {
Tensor same(const Tensor& x, bool value) { return full(x.sizes(), value, DType::boolean, x.device()); }
constexpr double kInfinity = std::numeric_limits<double>::infinity();
}  // namespace

Tensor isnan(const Tensor& x) { return ne(x, x); }
Tensor isinf(const Tensor& x) {
  const NoGrad guard;
  return isFloat(x.dtype()) ? eq(abs(x), kInfinity) : same(x, false);
}
Tensor isfinite(const Tensor& x) {
  const NoGrad guard;
  return isFloat(x.dtype()) ? lt(abs(x), kInfinity) : same(x, true);
}

}  // namespace dtrain
