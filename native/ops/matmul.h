// Matrix products.
#pragma once

#include "core/operand.h"

namespace dtrain {

Tensor matmul(const Tensor& x, const Tensor& y);  // 1-d, 2-d and batched, as torch.matmul
Tensor bmm(const Tensor& x, const Tensor& y);     // [batch, m, k] x [batch, k, n]
Tensor addmm(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha);
Tensor baddbmm(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha);  // of batches
Tensor linear(const Tensor& x, const Tensor& weight, const MaybeTensor& bias);                     // x W^T + b

}  // namespace dtrain
