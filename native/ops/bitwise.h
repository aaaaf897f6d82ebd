// Bits of integers and bools, divisors of integers, and the neighbours of floats, which alone have a
// gradient.
#pragma once

#include "core/operand.h"

namespace dtrain {

Tensor bitwiseAnd(const Operand& x, const Operand& y);
Tensor bitwiseOr(const Operand& x, const Operand& y);
Tensor bitwiseXor(const Operand& x, const Operand& y);
Tensor bitwiseNot(const Tensor& x);
// Integers only; by how many places counts from 0 to those that there are, else all bits are shifted out.
Tensor bitwiseLeftShift(const Operand& x, const Operand& y);
Tensor bitwiseRightShift(const Operand& x, const Operand& y);
Tensor gcd(const Tensor& x, const Tensor& y);
Tensor lcm(const Tensor& x, const Tensor& y);

// The float next to x on the way to y.
Tensor nextafter(const Tensor& x, const Tensor& y);

void bitwiseAnd_(const Tensor& x, const Operand& y);
void bitwiseOr_(const Tensor& x, const Operand& y);
void bitwiseXor_(const Tensor& x, const Operand& y);
void bitwiseNot_(const Tensor& x);
void bitwiseLeftShift_(const Tensor& x, const Operand& y);
void bitwiseRightShift_(const Tensor& x, const Operand& y);
void gcd_(const Tensor& x, const Tensor& y);
void lcm_(const Tensor& x, const Tensor& y);
void nextafter_(const Tensor& x, const Tensor& y);

}  // namespace dtrain
