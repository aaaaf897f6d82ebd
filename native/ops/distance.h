// How far apart rows of matrices are, in float dtypes. The distance of equal rows has a gradient, which is 0.
#pragma once

#include "core/tensor.h"

namespace dtrain {

// The p-norm of x[.., i, :] - y[.., j, :]: [.., n, d] and [.., m, d] to [.., n, m]. `byProduct`: for p = 2 as
// |x|^2 - 2 x y + |y|^2, one matrix product, which is faster for many rows and less exact for those that are near.
Tensor cdist(const Tensor& x, const Tensor& y, double p, bool byProduct);
// Of each pair of rows of [n, d]: [n (n - 1) / 2], those of the first row first.
Tensor pdist(const Tensor& x, double p);

}  // namespace dtrain
