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

// The one that is no NaN where the other one is.
Tensor fmax(const Tensor& x, const Tensor& y);
Tensor fmin(const Tensor& x, const Tensor& y);

Tensor atan2(const Tensor& x, const Tensor& y);         // the angle of the point (y, x)
Tensor hypot(const Tensor& x, const Tensor& y);         // sqrt(x^2 + y^2)
Tensor copysign(const Operand& x, const Operand& y);    // the size of x with the sign of y
Tensor logaddexp(const Tensor& x, const Tensor& y);     // log(exp(x) + exp(y))
Tensor logaddexp2(const Tensor& x, const Tensor& y);    // with base 2
Tensor ldexp(const Tensor& x, const Tensor& y);         // x 2^y
Tensor floatPower(const Operand& x, const Operand& y);  // pow in float64
void atan2_(const Tensor& x, const Tensor& y);
void hypot_(const Tensor& x, const Tensor& y);
void copysign_(const Tensor& x, const Operand& y);
void ldexp_(const Tensor& x, const Tensor& y);
void floatPower_(const Tensor& x, const Operand& y);

// x + value a b, x + value a / b, and x + weight (end - x).
Tensor addcmul(const Tensor& x, const Tensor& a, const Tensor& b, double value);
Tensor addcdiv(const Tensor& x, const Tensor& a, const Tensor& b, double value);
Tensor lerp(const Tensor& x, const Tensor& end, const Operand& weight);
void addcmul_(const Tensor& x, const Tensor& a, const Tensor& b, double value);
void addcdiv_(const Tensor& x, const Tensor& a, const Tensor& b, double value);
void lerp_(const Tensor& x, const Tensor& end, const Operand& weight);

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
