// Reductions. Dims may be negative; none means all.
#pragma once

#include <optional>

#include "core/tensor.h"
#include "kernels/reduce.h"

namespace dtrain {

// dtype: what to convert to first; by default integers and bool sum to int64
Tensor sum(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype);
Tensor mean(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype);
Tensor prod(const Tensor& x, std::optional<int64_t> dim, bool keepdim, std::optional<DType> dtype);

Tensor max(const Tensor& x);
Tensor min(const Tensor& x);
std::pair<Tensor, Tensor> maxDim(const Tensor& x, int64_t dim, bool keepdim);  // values, indices
std::pair<Tensor, Tensor> minDim(const Tensor& x, int64_t dim, bool keepdim);
Tensor argmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim);
Tensor argmin(const Tensor& x, std::optional<int64_t> dim, bool keepdim);
Tensor amax(const Tensor& x, const Dims& dims, bool keepdim);
Tensor amin(const Tensor& x, const Dims& dims, bool keepdim);

// Whether all elements, or any, are not 0: bool, and uint8 of uint8. No dims at all, unlike none, reduce nothing.
Tensor all(const Tensor& x, std::optional<Dims> dims, bool keepdim);
Tensor any(const Tensor& x, std::optional<Dims> dims, bool keepdim);

// sum (x - mean)^2 / max(0, n - correction), and its root
Tensor var(const Tensor& x, std::optional<Dims> dims, double correction, bool keepdim);
Tensor std(const Tensor& x, std::optional<Dims> dims, double correction, bool keepdim);
// (sum |x|^p)^(1/p); for p = 0 how many are not 0, for ±infinity the largest or smallest |x|
Tensor norm(const Tensor& x, double p, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype);

// The sum of these terms of elements, for what is made of it: nansum, countNonzero.
Tensor sumOf(Norm terms, const char* op, const Tensor& x, const std::optional<Dims>& dims, bool keepdim, DType dtype);

// For gradients: each element's share of what is equal to y among those that were reduced to it; all in keepdim form.
Tensor shareOf(const Tensor& x, const Tensor& y, const std::optional<Dims>& dims);

}  // namespace dtrain
