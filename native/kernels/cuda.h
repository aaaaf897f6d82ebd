// The CUDA kernels by name; backend.h says what each computes. All tensors of a call are on one device, where the work
// is queued on the current stream: a kernel has been asked for when its function returns, not computed.
#pragma once

#include "kernels/backend.h"

namespace dtrain::cuda {

DT_KERNELS(DT_DECLARE_KERNEL)

// c = alpha a b + beta c for batches [batch, m, k], [batch, k, n] and [batch, m, n] of any strides, without a library.
void bmmTiled(const Tensor& a, const Tensor& b, const Tensor& c, double alpha, double beta);

}  // namespace dtrain::cuda
