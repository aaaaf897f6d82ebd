// Softmax, and its logarithm, which keeps the digits of small probabilities; `dtype` casts first.
#pragma once

#include <optional>

#include "core/tensor.h"

namespace dtrain {

Tensor softmax(const Tensor& x, int64_t dim, std::optional<DType> dtype);
Tensor logSoftmax(const Tensor& x, int64_t dim, std::optional<DType> dtype);

}  // namespace dtrain
