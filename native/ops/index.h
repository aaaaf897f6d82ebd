// Selecting along a dimension by an index tensor, and joining tensors.
#pragma once

#include <vector>

#include "core/tensor.h"

namespace dtrain {

Tensor indexSelect(const Tensor& x, int64_t dim, const Tensor& index);  // index int64 [k]
// out[.., j, ..] = x[.., index[.., j, ..], ..]; index int64, contiguous, x's sizes outside dim
Tensor gather(const Tensor& x, int dim, const Tensor& index);
Tensor scatterAdd(const Tensor& dy, int dim, const Tensor& index, const Dims& sizes);  // its transpose, into zeros
Tensor cat(const std::vector<Tensor>& xs, int64_t dim);

}  // namespace dtrain
