// Tensors from nothing.
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor full(const Dims& sizes, double value, DType dtype, Device device = {});
// Uninitialised and dense, with dimensions in the order in which x walks its memory, as torch.empty_like: so that
// random draws go to the elements that PyTorch gives them to
Tensor emptyLike(const Tensor& x, DType dtype);
// start, start + step, … < end
Tensor arange(double start, double end, double step, DType dtype, Device device = {});
// `steps` numbers from start to end, both included; and the powers of base with those exponents
Tensor linspace(double start, double end, int64_t steps, DType dtype, Device device = {});
Tensor logspace(double start, double end, int64_t steps, double base, DType dtype, Device device = {});

}  // namespace dtrain
