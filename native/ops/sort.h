// Sorting along a dimension, and what it finds. NaN is larger than everything, and equal elements keep their order.
// Pairs are values and indices.
#pragma once

#include <optional>

#include "core/operand.h"

namespace dtrain {

std::pair<Tensor, Tensor> sort(const Tensor& x, int64_t dim, bool descending);
Tensor argsort(const Tensor& x, int64_t dim, bool descending);
std::pair<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim, bool largest);
std::pair<Tensor, Tensor> kthvalue(const Tensor& x, int64_t k, int64_t dim, bool keepdim);

// The lower of the two in the middle; NaN where there is one, or left out.
Tensor median(const Tensor& x);
Tensor nanmedian(const Tensor& x);
std::pair<Tensor, Tensor> medianDim(const Tensor& x, int64_t dim, bool keepdim);
std::pair<Tensor, Tensor> nanmedianDim(const Tensor& x, int64_t dim, bool keepdim);
// The smallest of the most frequent, where it is last
std::pair<Tensor, Tensor> mode(const Tensor& x, int64_t dim, bool keepdim);

enum class Between { linear, lower, higher, midpoint, nearest };
// q, a number or a tensor of at most one dimension, says how much of x is below; a dimension of q comes first. Without
// dim, of all elements.
Tensor quantile(const Tensor& x, const Operand& q, std::optional<int64_t> dim, bool keepdim, Between between);
Tensor nanquantile(const Tensor& x, const Operand& q, std::optional<int64_t> dim, bool keepdim, Between between);

}  // namespace dtrain
