// Convolution of float32 and bfloat16 by oneDNN; arguments as in conv.h.
#pragma once

#include "core/tensor.h"
#include "kernels/conv.h"

namespace dtrain::cpu::onednn {

void conv(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Tensor& y);
void convGradInput(const Tensor& dy, const Tensor& w, const ConvWindow& p, const Tensor& dx);
void convGradWeight(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Tensor& dw);

}  // namespace dtrain::cpu::onednn
