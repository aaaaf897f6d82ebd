// Matrix products.
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor matmul(const Tensor& x, const Tensor& y);  // 1-d, 2-d and batched, as torch.matmul
Tensor addmm(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha);
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias);  // x W^T + b; bias may be undefined

}  // namespace dtrain
