// Running results along a dimension.
#pragma once

#include <optional>

#include "core/tensor.h"

namespace dtrain {

// dtype: what to convert to first; by default integers and bool become int64
Tensor cumsum(const Tensor& x, int64_t dim, std::optional<DType> dtype);
Tensor cumprod(const Tensor& x, int64_t dim, std::optional<DType> dtype);
void cumsum_(const Tensor& x, int64_t dim);
void cumprod_(const Tensor& x, int64_t dim);
// log(exp(x[0]) + … + exp(x[i])) of floats
Tensor logcumsumexp(const Tensor& x, int64_t dim);
// The largest or smallest so far, and where it was last: values, indices.
std::pair<Tensor, Tensor> cummax(const Tensor& x, int64_t dim);
std::pair<Tensor, Tensor> cummin(const Tensor& x, int64_t dim);

}  // namespace dtrain
