// Activations of neural networks; with an underscore in place, where they are recorded too: backward needs the result,
// or a copy of what was there. Floats only, but for relu and threshold.
#pragma once

#include "core/operand.h"

namespace dtrain {

Tensor relu(const Tensor& x);
void relu_(const Tensor& x);

// x, and below zero x times the slope, which is a number or a tensor that broadcasts to x.
Tensor leakyRelu(const Tensor& x, const Operand& slope);
void leakyRelu_(const Tensor& x, const Operand& slope);
// The same with a slope for each channel, dim 1, or one for all.
Tensor prelu(const Tensor& x, const Tensor& weight);

// x, and below zero alpha (exp(scale x) - 1).
Tensor elu(const Tensor& x, double alpha, double scale);
void elu_(const Tensor& x, double alpha, double scale);
Tensor selu(const Tensor& x);
void selu_(const Tensor& x);

// x where it is more than the limit, else the value.
Tensor threshold(const Tensor& x, double limit, double value);
void threshold_(const Tensor& x, double limit, double value);

enum class Approximate { none, tanh };
Tensor gelu(const Tensor& x, Approximate approximate);
Tensor silu(const Tensor& x);
void silu_(const Tensor& x);
Tensor hardsigmoid(const Tensor& x);
void hardsigmoid_(const Tensor& x);
Tensor hardswish(const Tensor& x);
void hardswish_(const Tensor& x);
Tensor mish(const Tensor& x);
void mish_(const Tensor& x);
// 0 within so much of zero; beyond it x, or x so much closer to zero.
Tensor hardshrink(const Tensor& x, double limit);
Tensor softshrink(const Tensor& x, double by);
Tensor softplus(const Tensor& x, double beta, double threshold);
Tensor logsigmoid(const Tensor& x);

}  // namespace dtrain
