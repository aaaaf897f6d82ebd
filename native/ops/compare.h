// Comparisons with broadcasting and PyTorch's type promotion; the result is bool.
#pragma once

#include "core/operand.h"

namespace dtrain {

Tensor eq(const Operand& x, const Operand& y);
Tensor ne(const Operand& x, const Operand& y);
Tensor lt(const Operand& x, const Operand& y);
Tensor le(const Operand& x, const Operand& y);
Tensor gt(const Operand& x, const Operand& y);
Tensor ge(const Operand& x, const Operand& y);

// Of what is not 0, as bool.
Tensor logicalAnd(const Tensor& x, const Tensor& y);
Tensor logicalOr(const Tensor& x, const Tensor& y);
Tensor logicalXor(const Tensor& x, const Tensor& y);
Tensor logicalNot(const Tensor& x);

// In place the result becomes 0 or 1 in the dtype of x, and has no gradient.
void eq_(const Tensor& x, const Operand& y);
void ne_(const Tensor& x, const Operand& y);
void lt_(const Tensor& x, const Operand& y);
void le_(const Tensor& x, const Operand& y);
void gt_(const Tensor& x, const Operand& y);
void ge_(const Tensor& x, const Operand& y);
void logicalAnd_(const Tensor& x, const Tensor& y);
void logicalOr_(const Tensor& x, const Tensor& y);
void logicalXor_(const Tensor& x, const Tensor& y);
void logicalNot_(const Tensor& x);

// Whether |x - y| <= atol + rtol |y|, or both are equal, or equalNan and both are NaN.
Tensor isclose(const Tensor& x, const Tensor& y, double rtol, double atol, bool equalNan);

// Whether an element of x is one of those of y; `invert`: whether it is none.
Tensor isin(const Operand& x, const Operand& y, bool invert);

}  // namespace dtrain
