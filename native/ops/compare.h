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

}  // namespace dtrain
