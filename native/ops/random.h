// Random tensors; g is the default generator where the caller has none.
#pragma once

#include "core/generator.h"
#include "core/tensor.h"

namespace dtrain {

Tensor rand(const Dims& sizes, DType dtype, Generator& g);
Tensor randn(const Dims& sizes, DType dtype, Generator& g);
Tensor randint(int64_t low, int64_t high, const Dims& sizes, DType dtype, Generator& g);
Tensor randperm(int64_t n, Generator& g);
void uniform_(const Tensor& x, double from, double to, Generator& g);
void normal_(const Tensor& x, double mean, double std, Generator& g);
Tensor random64(Generator& g);  // int64 scalar in [0, 2^63)

}  // namespace dtrain
