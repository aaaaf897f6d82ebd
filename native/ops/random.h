// Random tensors. A null generator is the default one of the device; another one must be of the tensor's device.
#pragma once

#include <optional>

#include "core/generator.h"
#include "core/operand.h"

namespace dtrain {

Tensor rand(const Dims& sizes, DType dtype, Device device, Generator* g);
Tensor randn(const Dims& sizes, DType dtype, Device device, Generator* g);
Tensor randint(int64_t low, int64_t high, const Dims& sizes, DType dtype, Device device, Generator* g);
Tensor randperm(int64_t n, DType dtype, Device device, Generator* g);
void random_(const Tensor& x, std::optional<int64_t> low, std::optional<int64_t> high, Generator* g);
void uniform_(const Tensor& x, double from, double to, Generator* g);
void normal_(const Tensor& x, double mean, double std, Generator* g);
// 1 with probability p, else 0; p is for all elements, or a float tensor with one for each
void bernoulli_(const Tensor& x, const Operand& p, Generator* g);
Tensor bernoulli(const Tensor& p, Generator* g);  // of the dtype of p
// Mean and std are numbers or tensors, which broadcast; of one dtype.
Tensor normal(const Operand& mean, const Operand& std, Generator* g);
void exponential_(const Tensor& x, double lambda, Generator* g);
void geometric_(const Tensor& x, double p, Generator* g);
void cauchy_(const Tensor& x, double median, double sigma, Generator* g);
void logNormal_(const Tensor& x, double mean, double std, Generator* g);
Tensor poisson(const Tensor& rates, Generator* g);
// count indices for each row of weights [n] or [rows, n], drawn in proportion to them; int64 [count] or [rows, count]
Tensor multinomial(const Tensor& weights, int64_t count, bool replacement, Generator* g);
Tensor random64(Generator* g);  // int64 scalar in [0, 2^63), on the CPU

}  // namespace dtrain
