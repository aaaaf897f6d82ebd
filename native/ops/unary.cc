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
#include "ops/select.h"

namespace dtrain {

namespace {

// What the derivative needs beside dy. `Once`: halves become float32 for it, and it is rounded once.
enum class Needs { nothing, output, input, outputOnce, inputOnce };

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
  const bool fromX = f.needs == Needs::input || f.needs == Needs::inputOnce;
  // In place it is a copy of x that leads back to where x came from.
  const Tensor from = inPlace && fromX && recording(x) ? clone(x) : x;
  const Tensor y = destination(op, x, common, inPlace);
  kernels<UnaryKernels>(x).run(f.kernel, x, common, y);
  if (f.needs == Needs::input) return fromInput(f.node, y, from, f.dx);
  if (f.needs == Needs::output) return fromOutput(f.node, y, x, f.dx);
  const auto once = [dx = f.dx](const Tensor& dy, const Tensor& needed) { return roundedOnce(dx, dy, needed); };
  if (f.needs == Needs::inputOnce) return fromInput(f.node, y, from, once);
  if (f.needs == Needs::outputOnce) return fromOutput(f.node, y, x, once);
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

// d tan(x) = 1 + tan(x)^2
DT_FUNCTION(tan, "TanBackward0", floating, outputOnce, [](auto& dy, auto& y) { return mul(dy, add(mul(y, y), 1)); })

// d asin(x) = 1 / sqrt(1 - x^2)
DT_FUNCTION(asin, "AsinBackward0", floating, inputOnce,
            [](auto& dy, auto& x) { return div(dy, sqrt(sub(1, mul(x, x)))); })

// d acos(x) = -1 / sqrt(1 - x^2)
DT_FUNCTION(acos, "AcosBackward0", floating, inputOnce,
            [](auto& dy, auto& x) { return neg(div(dy, sqrt(sub(1, mul(x, x))))); })

// d atan(x) = 1 / (1 + x^2)
DT_FUNCTION(atan, "AtanBackward0", floating, inputOnce, [](auto& dy, auto& x) { return div(dy, add(mul(x, x), 1)); })

// d sinh(x) = cosh(x)
DT_FUNCTION(sinh, "SinhBackward0", floating, inputOnce, [](auto& dy, auto& x) { return mul(dy, cosh(x)); })

// d cosh(x) = sinh(x)
DT_FUNCTION(cosh, "CoshBackward0", floating, inputOnce, [](auto& dy, auto& x) { return mul(dy, sinh(x)); })

// d asinh(x) = 1 / sqrt(x^2 + 1)
DT_FUNCTION(asinh, "AsinhBackward0", floating, inputOnce,
            [](auto& dy, auto& x) { return div(dy, sqrt(add(mul(x, x), 1))); })

// d acosh(x) = 1 / sqrt(x^2 - 1)
DT_FUNCTION(acosh, "AcoshBackward0", floating, inputOnce,
            [](auto& dy, auto& x) { return div(dy, sqrt(sub(mul(x, x), 1))); })

// d atanh(x) = 1 / (1 - x^2)
DT_FUNCTION(atanh, "AtanhBackward0", floating, inputOnce, [](auto& dy, auto& x) { return div(dy, sub(1, mul(x, x))); })

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

Tensor frac(const Tensor& x) {
  requireFloat("frac", x);
  return sub(x, trunc(x));
}
void frac_(const Tensor& x) { become("frac_", x, frac); }

Tensor deg2rad(const Tensor& x) { return mul(x, std::numbers::pi / 180); }
Tensor rad2deg(const Tensor& x) { return mul(x, 180 / std::numbers::pi); }
void deg2rad_(const Tensor& x) { become("deg2rad_", x, deg2rad); }
void rad2deg_(const Tensor& x) { become("rad2deg_", x, rad2deg); }

Tensor logit(const Tensor& x, std::optional<double> eps) {
  const DType dtype = floating("logit", x);
  const Tensor wide = cast(x, isHalf(dtype) ? DType::float32 : dtype);
  const Tensor inside = eps ? clamp(wide, *eps, 1 - *eps) : wide;
  return cast(log(div(inside, sub(1, inside))), dtype);
}
void logit_(const Tensor& x, std::optional<double> eps) {
  become("logit_", x, [&](auto& x) { return logit(x, eps); });
}

// d mantissa(x) = 1 / 2^exponent
std::pair<Tensor, Tensor> frexp(const Tensor& x) {
  requireFloat("frexp", x);
  const Tensor mantissa = emptyAmong(x, x.dtype()), exponent = emptyAmong(x, DType::int32);
  kernels<UnaryKernels>(x).run(Unary::mantissa, x, x.dtype(), mantissa);
  kernels<UnaryKernels>(x).run(Unary::exponent, x, x.dtype(), exponent);
  if (recording(x))
    record("FrexpBackward0", mantissa, x, [exponent = Saved(exponent)](const Tensor& dy) {
      note("exponent", exponent);
      return mul(dy, pow(2, neg(cast(exponent.get(), dy.dtype()))));
    });
  return {mantissa, exponent};
}

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
Tensor isposinf(const Tensor& x) { return isFloat(x.dtype()) ? eq(x, kInfinity) : same(x, false); }
Tensor isneginf(const Tensor& x) { return isFloat(x.dtype()) ? eq(x, -kInfinity) : same(x, false); }
Tensor signbit(const Tensor& x) {
  const NoGrad guard;
  return lt(isFloat(x.dtype()) ? copysign(1, x) : x, 0);
}

}  // namespace dtrain
