// Choosing between tensors, element by element, with broadcasting.
#pragma once

#include <optional>

#include "core/operand.h"

namespace dtrain {

// x where the condition, a bool tensor, is true, else y. Of two numbers: float32, or bool if both are.
Tensor where(const Tensor& condition, const Operand& x, const Operand& y);

// x with `value`, a number or a tensor without dimensions, where the mask is true; the dtype stays x's.
Tensor maskedFill(const Tensor& x, const Tensor& mask, const Operand& value);
void maskedFill_(const Tensor& x, const Tensor& mask, const Operand& value);

// x with 0 (or that number) for NaN, and the largest and smallest numbers of its dtype for infinities.
Tensor nanToNum(const Tensor& x, std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf);
void nanToNum_(const Tensor& x, std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf);

// 0 below 0, 1 above, and `values` at 0.
Tensor heaviside(const Tensor& x, const Tensor& values);
void heaviside_(const Tensor& x, const Tensor& values);

// x [.., rows, columns] with 0 above, or below, the diagonal that is `diagonal` columns right of the main one.
Tensor tril(const Tensor& x, int64_t diagonal);
Tensor triu(const Tensor& x, int64_t diagonal);
void tril_(const Tensor& x, int64_t diagonal);
void triu_(const Tensor& x, int64_t diagonal);

// x between two bounds, of which one may be left out.
Tensor clamp(const Tensor& x, const std::optional<Operand>& low, const std::optional<Operand>& high);
void clamp_(const Tensor& x, const std::optional<Operand>& low, const std::optional<Operand>& high);

// x between two numbers, with no gradient at them.
Tensor hardtanh(const Tensor& x, double low, double high);
void hardtanh_(const Tensor& x, double low, double high);

}  // namespace dtrain
