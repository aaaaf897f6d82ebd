// Special functions; integers give float32. See kernels/special.h.
#pragma once

#include <optional>

#include "core/operand.h"

namespace dtrain {

Tensor erfinv(const Tensor& x);
Tensor lgamma(const Tensor& x);
Tensor digamma(const Tensor& x);
Tensor i0(const Tensor& x);
Tensor sinc(const Tensor& x);
Tensor polygamma(int64_t n, const Tensor& x);      // the n-th derivative of digamma
Tensor mvlgamma(const Tensor& x, int64_t p);       // log of the multivariate gamma function of p dimensions
Tensor xlogy(const Operand& x, const Operand& y);  // x log(y), 0 where x is
// The regularised incomplete gamma functions of x, from 0 to y and from y on.
Tensor igamma(const Tensor& x, const Tensor& y);
Tensor igammac(const Tensor& x, const Tensor& y);

void erfinv_(const Tensor& x);
void lgamma_(const Tensor& x);
void digamma_(const Tensor& x);
void i0_(const Tensor& x);
void sinc_(const Tensor& x);
void polygamma_(const Tensor& x, int64_t n);
void mvlgamma_(const Tensor& x, int64_t p);
void xlogy_(const Tensor& x, const Operand& y);
void igamma_(const Tensor& x, const Tensor& y);
void igammac_(const Tensor& x, const Tensor& y);

}  // namespace dtrain
