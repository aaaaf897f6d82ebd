// Reductions. Dims may be negative; none means all.
#pragma once

#include <optional>

#include "core/tensor.h"

namespace dtrain {

// dtype: what to convert to first; by default integers and bool sum to int64
Tensor sum(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype);
Tensor mean(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype);
Tensor max(const Tensor& x);
std::pair<Tensor, Tensor> maxDim(const Tensor& x, int64_t dim, bool keepdim);  // values, indices
Tensor argmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim);

}  // namespace dtrain
