// Functions of one tensor, and the same in place, with an underscore. In place they are recorded too: what backward
// needs of the old value is kept as a copy.
#pragma once

#include <optional>

#include "core/tensor.h"

namespace dtrain {

Tensor neg(const Tensor& x);
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);
Tensor abs(const Tensor& x);
Tensor sign(const Tensor& x);
Tensor floor(const Tensor& x);
Tensor ceil(const Tensor& x);
Tensor trunc(const Tensor& x);
Tensor reciprocal(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor rsqrt(const Tensor& x);
Tensor sigmoid(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor sin(const Tensor& x);
Tensor cos(const Tensor& x);
Tensor log1p(const Tensor& x);
Tensor expm1(const Tensor& x);
Tensor log2(const Tensor& x);
Tensor log10(const Tensor& x);
Tensor exp2(const Tensor& x);
Tensor erf(const Tensor& x);
Tensor erfc(const Tensor& x);
Tensor tan(const Tensor& x);
Tensor asin(const Tensor& x);
Tensor acos(const Tensor& x);
Tensor atan(const Tensor& x);
Tensor sinh(const Tensor& x);
Tensor cosh(const Tensor& x);
Tensor asinh(const Tensor& x);
Tensor acosh(const Tensor& x);
Tensor atanh(const Tensor& x);

void neg_(const Tensor& x);
void exp_(const Tensor& x);
void log_(const Tensor& x);
void abs_(const Tensor& x);
void sign_(const Tensor& x);
void floor_(const Tensor& x);
void ceil_(const Tensor& x);
void trunc_(const Tensor& x);
void reciprocal_(const Tensor& x);
void sqrt_(const Tensor& x);
void rsqrt_(const Tensor& x);
void sigmoid_(const Tensor& x);
void tanh_(const Tensor& x);
void sin_(const Tensor& x);
void cos_(const Tensor& x);
void log1p_(const Tensor& x);
void expm1_(const Tensor& x);
void log2_(const Tensor& x);
void log10_(const Tensor& x);
void exp2_(const Tensor& x);
void erf_(const Tensor& x);
void erfc_(const Tensor& x);
void tan_(const Tensor& x);
void asin_(const Tensor& x);
void acos_(const Tensor& x);
void atan_(const Tensor& x);
void sinh_(const Tensor& x);
void cosh_(const Tensor& x);
void asinh_(const Tensor& x);
void acosh_(const Tensor& x);
void atanh_(const Tensor& x);

// exp(x^2) erfc(x); how likely a normal number is below x, and the logarithm of that.
Tensor erfcx(const Tensor& x);
Tensor ndtr(const Tensor& x);
Tensor logNdtr(const Tensor& x);

// To that many decimals, halves to the even neighbour; negative ones are digits before the point.
Tensor round(const Tensor& x, int decimals = 0);
void round_(const Tensor& x, int decimals = 0);

// x without its whole part.
Tensor frac(const Tensor& x);
void frac_(const Tensor& x);

Tensor deg2rad(const Tensor& x);
Tensor rad2deg(const Tensor& x);
void deg2rad_(const Tensor& x);
void rad2deg_(const Tensor& x);

// log(x / (1 - x)); with eps, x is kept that far from 0 and 1.
Tensor logit(const Tensor& x, std::optional<double> eps);
void logit_(const Tensor& x, std::optional<double> eps);

// The mantissa, from 0.5 to 1, and the exponent of 2, an int32, whose product is x.
std::pair<Tensor, Tensor> frexp(const Tensor& x);

// As bool; only floats are ever NaN or infinite.
Tensor isnan(const Tensor& x);
Tensor isinf(const Tensor& x);
Tensor isfinite(const Tensor& x);
Tensor isposinf(const Tensor& x);
Tensor isneginf(const Tensor& x);
Tensor signbit(const Tensor& x);  // of -0 true

}  // namespace dtrain
