// Arithmetic with broadcasting and PyTorch's type promotion. In-place forms end in an underscore.
#pragma once

#include <optional>

#include "core/operand.h"

namespace dtrain {

Tensor add(const Operand& x, const Operand& y, double alpha = 1);  // x + alpha y
Tensor sub(const Operand& x, const Operand& y, double alpha = 1);
Tensor mul(const Operand& x, const Operand& y);
enum class Rounding { trunc, floor };
// True division: integers give float32. Rounded it keeps their dtype, has no gradient, and refuses to divide by 0 on
// the CPU.
Tensor div(const Operand& x, const Operand& y, std::optional<Rounding> rounding = {});

void add_(const Tensor& x, const Operand& y, double alpha = 1);
void sub_(const Tensor& x, const Operand& y, double alpha = 1);
void mul_(const Tensor& x, const Operand& y);
void div_(const Tensor& x, const Operand& y, std::optional<Rounding> rounding = {});

}  // namespace dtrain
