// Matrix products on a CUDA device without a library, for integers and for what cuBLASLt
// refuses.
#pragma once

#include "core/tensor.h"

namespace dtrain::cuda {

// c = alpha a b + beta c for batches [batch, m, k], [batch, k, n] and [batch, m, n] of any strides, of all dtypes but
// bool.
void bmmTiled(const Tensor& a, const Tensor& b, const Tensor& c, double alpha, double beta);

}  // namespace dtrain::cuda
