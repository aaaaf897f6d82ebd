// Arithmetic with broadcasting and PyTorch's type promotion. In-place forms end in an underscore.
#pragma once

#include "core/operand.h"

namespace dtrain {

Tensor add(const Operand& x, const Operand& y, double alpha = 1);  // x + alpha y
Tensor sub(const Operand& x, const Operand& y, double alpha = 1);
Tensor mul(const Operand& x, const Operand& y);
Tensor div(const Operand& x, const Operand& y);  // true division: integers give float32

void add_(const Tensor& x, const Operand& y, double alpha = 1);
void sub_(const Tensor& x, const Operand& y, double alpha = 1);
void mul_(const Tensor& x, const Operand& y);
void div_(const Tensor& x, const Operand& y);

}  // namespace dtrain
