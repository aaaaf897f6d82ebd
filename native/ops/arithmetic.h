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

// What is left over by a division rounded down, and by one whose fraction is cut off; integers refuse to be divided by
// 0 on the CPU.
Tensor remainder(const Operand& x, const Operand& y);
Tensor fmod(const Operand& x, const Operand& y);

Tensor pow(const Operand& x, const Operand& y);
Tensor square(const Tensor& x);

// The larger or smaller of both, NaN where one of them is. Equals share the gradient.
Tensor maximum(const Operand& x, const Operand& y);
Tensor minimum(const Operand& x, const Operand& y);

// Into a tensor that is there, for data that autograd does not watch.
void addOut(const Operand& x, const Operand& y, double alpha, const Tensor& out);
void subOut(const Operand& x, const Operand& y, double alpha, const Tensor& out);
void mulOut(const Operand& x, const Operand& y, const Tensor& out);
void divOut(const Operand& x, const Operand& y, std::optional<Rounding> rounding, const Tensor& out);

void add_(const Tensor& x, const Operand& y, double alpha = 1);
void sub_(const Tensor& x, const Operand& y, double alpha = 1);
void mul_(const Tensor& x, const Operand& y);
void div_(const Tensor& x, const Operand& y, std::optional<Rounding> rounding = {});
void remainder_(const Tensor& x, const Operand& y);
void fmod_(const Tensor& x, const Operand& y);
void pow_(const Tensor& x, const Operand& y);
void square_(const Tensor& x);

}  // namespace dtrain
