// See special.h: a function and its derivative.
#include "ops/special.h"

#include <numbers>

#include "kernels/special.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/select.h"
#include "ops/unary.h"

namespace dtrain {

namespace {

DType floating(DType dtype) { return isFloat(dtype) ? dtype : DType::float32; }

// y = f(x), with dx as a formula of dy and x, rounded once.
template <class Dx>
Tensor ofOne(Special op, const char* node, const Tensor& x, Dx dx) {
  const DType dtype = floating(x.dtype());
  const Tensor y = emptyAmong(x, dtype);
  kernels<SpecialKernels>(x).run(op, x, dtype, y);
  return fromInput(node, y, x, [dx](const Tensor& dy, const Tensor& x) { return roundedOnce(dx, dy, x); });
}

Tensor ofTwo(SpecialOfTwo op, const Operand& x, const Operand& y) {
  const Dims sizes = broadcast(name(op), x, y);
  const DType dtype = floating(resultType(x, y));
  const Device device = commonDevice(name(op), x, y);
  const Tensor out = emptyAmong(sizes, {&x.tensor, &y.tensor}, dtype, device);
  kernels<SpecialKernels>(out).ofTwo(op, OnDevice(x, device), OnDevice(y, device), dtype, out);
  return out;
}

}  // namespace

// d erfinv(x) = sqrt(pi) / 2 exp(erfinv(x)^2)
Tensor erfinv(const Tensor& x) {
  return ofOne(Special::erfinv, "ErfinvBackward0", x, [](auto& dy, auto& x) {
    const Tensor y = erfinv(x);
    return mul(dy, mul(exp(mul(y, y)), 0.5 / std::numbers::inv_sqrtpi));
  });
}

// d lgamma(x) = digamma(x)
Tensor lgamma(const Tensor& x) {
  return ofOne(Special::lgamma, "LgammaBackward0", x, [](auto& dy, auto& x) { return mul(dy, digamma(x)); });
}

// d digamma(x) = polygamma(1, x)
Tensor digamma(const Tensor& x) {
  return ofOne(Special::digamma, "DigammaBackward0", x, [](auto& dy, auto& x) { return mul(dy, polygamma(1, x)); });
}

namespace {
// d i1(x) = i0(x) - i1(x) / x, which is 1 / 2 at 0
Tensor i1(const Tensor& x) {
  return ofOne(Special::i1, "SpecialI1Backward0", x, [](auto& dy, auto& x) {
    const Tensor apart = where(eq(x, 0), 1, x);
    return mul(dy, where(eq(x, 0), 0.5, sub(i0(x), div(i1(x), apart))));
  });
}
}  // namespace

// d i0(x) = i1(x)
Tensor i0(const Tensor& x) {
  return ofOne(Special::i0, "I0Backward0", x, [](auto& dy, auto& x) { return mul(dy, i1(x)); });
}

// d sinc(x) = (cos(pi x) - sinc(x)) / x, which is 0 at 0
Tensor sinc(const Tensor& x) {
  return ofOne(Special::sinc, "SincBackward0", x, [](auto& dy, auto& x) {
    const Tensor apart = where(eq(x, 0), 1, x);
    return mul(dy, where(eq(x, 0), 0, div(sub(cos(mul(x, std::numbers::pi)), sinc(x)), apart)));
  });
}

// d polygamma(n, x) = polygamma(n + 1, x)
Tensor polygamma(int64_t n, const Tensor& x) {
  check(n >= 0, Code::argument, "polygamma: n must not be negative, got ", n);
  const Tensor y = ofTwo(SpecialOfTwo::polygamma, x, static_cast<double>(n));
  return fromInput("PolygammaBackward0", y, x, [n](const Tensor& dy, const Tensor& x) {
    return roundedOnce([n](auto& dy, auto& x) { return mul(dy, polygamma(n + 1, x)); }, dy, x);
  });
}

// log(pi) p (p - 1) / 4 and lgamma(x), lgamma(x - 1 / 2), …, p of them
// A sum has p terms, each an op of its own.
constexpr int64_t kMostTerms = 1 << 16;

Tensor mvlgamma(const Tensor& x, int64_t p) {
  check(p >= 1 && p <= kMostTerms, Code::argument, "mvlgamma: p must be from 1 to ", kMostTerms, ", got ", p);
  check(x.dtype() != DType::boolean, Code::dtype, "mvlgamma: not defined for bool tensors");
  const DType dtype = floating(x.dtype());
  const Tensor wide = cast(x, isHalf(dtype) ? DType::float32 : dtype);
  Tensor sum = add(lgamma(wide), static_cast<double>(p * (p - 1)) / 4 * std::log(std::numbers::pi));
  for (int64_t j = 1; j < p; j++) sum = add(sum, lgamma(sub(wide, static_cast<double>(j) / 2)));
  return cast(sum, dtype);
}

// d xlogy = dy log(y), which is 0 where x is and y has no logarithm; dy x / y
Tensor xlogy(const Operand& x, const Operand& y) {
  const Tensor out = ofTwo(SpecialOfTwo::xlogy, x, y);
  if (recordingOperands(x, y))
    record("XlogyBackward0", out, {x.tensor, y.tensor},
           [dx = GradOf(x), dy = GradOf(y), x = SavedOperand(x, true), y = SavedOperand(y, true)](const Tensor& d) {
             note("self", x);
             note("other", y);
             const Operand a = x.get(), b = y.get();
             const auto slope = [&] {
               if (!b.isTensor())
                 return where(mul(eq(a, 0), Operand::ofBool(b.number <= 0)), 0, mul(d, std::log(b.number)));
               return where(mul(eq(a, 0), le(b, 0)), 0, mul(d, log(b.tensor)));
             };
             return Grads{dx(slope), dy([&] { return mul(d, div(a, b)); })};
           });
  return out;
}

namespace {
// d = dy exp(-y) y^(x - 1) / gamma(x), or its negative; there is no formula for dx
Tensor incompleteGamma(SpecialOfTwo op, const char* node, const Tensor& x, const Tensor& y, double sign) {
  if (!isFloat(resultType(x, y))) failDType(name(op), resultType(x, y));
  const Tensor out = ofTwo(op, x, y);
  if (recording(x, y))
    record(node, out, {x, y}, [dx = GradOf(x), dy = GradOf(y), x = Saved(x), y = Saved(y), op, sign](const Tensor& d) {
      note("self", x);
      note("other", y);
      check(!dx.wanted, Code::unsupported, name(op),
            ": there is no gradient for the first argument; detach() it, as PyTorch has none either");
      // The exponent is a small difference of large numbers.
      return Grads{{}, dy([&] {
                     const Tensor a = cast(x.get(), DType::float64), b = cast(y.get(), DType::float64);
                     return mul(mul(cast(d, DType::float64), sign), exp(sub(sub(xlogy(sub(a, 1), b), b), lgamma(a))));
                   })};
    });
  return out;
}
}  // namespace

Tensor igamma(const Tensor& x, const Tensor& y) {
  return incompleteGamma(SpecialOfTwo::igamma, "IgammaBackward0", x, y, 1);
}
Tensor igammac(const Tensor& x, const Tensor& y) {
  return incompleteGamma(SpecialOfTwo::igammac, "IgammacBackward0", x, y, -1);
}

void erfinv_(const Tensor& x) { become("erfinv_", x, erfinv); }
void lgamma_(const Tensor& x) { become("lgamma_", x, lgamma); }
void digamma_(const Tensor& x) { become("digamma_", x, digamma); }
void i0_(const Tensor& x) { become("i0_", x, i0); }
void sinc_(const Tensor& x) { become("sinc_", x, sinc); }
void polygamma_(const Tensor& x, int64_t n) {
  become("polygamma_", x, [&](auto& x) { return polygamma(n, x); });
}
void mvlgamma_(const Tensor& x, int64_t p) {
  become("mvlgamma_", x, [&](auto& x) { return mvlgamma(x, p); });
}
void xlogy_(const Tensor& x, const Operand& y) {
  become("xlogy_", x, [&](auto& x) { return xlogy(x, y); });
}
void igamma_(const Tensor& x, const Tensor& y) {
  become("igamma_", x, [&](auto& x) { return igamma(x, y); });
}
void igammac_(const Tensor& x, const Tensor& y) {
  become("igammac_", x, [&](auto& x) { return igammac(x, y); });
}

}  // namespace dtrain
