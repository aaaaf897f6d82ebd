// Random tensors. A null generator is the default one of the device; another one must be of the tensor's device.
#pragma once

#include "core/generator.h"
#include "core/tensor.h"

namespace dtrain {

Tensor rand(const Dims& sizes, DType dtype, Device device, Generator* g);
Tensor randn(const Dims& sizes, DType dtype, Device device, Generator* g);
Tensor randint(int64_t low, int64_t high, const Dims& sizes, DType dtype, Device device, Generator* g);
Tensor randperm(int64_t n, DType dtype, Device device, Generator* g);
void uniform_(const Tensor& x, double from, double to, Generator* g);
void normal_(const Tensor& x, double mean, double std, Generator* g);
Tensor random64(Generator* g);  // int64 scalar in [0, 2^63), on the CPU

}  // namespace dtrain
