// Selecting along a dimension by an index tensor, and joining tensors.
#pragma once

#include <vector>

#include "core/operand.h"

namespace dtrain {

Tensor indexSelect(const Tensor& x, int64_t dim, const Tensor& index);  // index int64 [k]
// out[.., j, ..] = x[.., index[.., j, ..], ..]; index int64, no larger than x outside dim
Tensor gather(const Tensor& x, int64_t dim, const Tensor& index);
// x with out[.., index[.., j, ..], ..] = y[.., j, ..], a number or a tensor that is at least as large as the index
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Operand& y);
void scatter_(const Tensor& x, int64_t dim, const Tensor& index, const Operand& y);
// The transpose of gather, into zeros, for an index that is contiguous and has x's sizes outside dim; -1 is no place.
Tensor scatterAdd(const Tensor& dy, int dim, const Tensor& index, const Dims& sizes);
// x[at[0], at[1], …] as in PyTorch: int64 positions, negative ones from the end, or bool masks; none takes all of a
// dim.
Tensor index(const Tensor& x, const std::vector<MaybeTensor>& at);
Tensor maskedSelect(const Tensor& x, const Tensor& mask);  // where the mask, broadcast, is true; 1-d
void indexPut_(const Tensor& x, const std::vector<MaybeTensor>& at, const Tensor& values, bool accumulate);
Tensor nonzero(const Tensor& x);  // int64 [count, dims of x], in row-major order
Tensor cat(const std::vector<Tensor>& xs, int64_t dim);

}  // namespace dtrain
