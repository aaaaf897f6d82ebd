// Views: new sizes and strides over the same storage. reshape and flatten copy when no view exists.
#pragma once

#include <optional>

#include "core/tensor.h"

namespace dtrain {

Tensor view(const Tensor& x, const Dims& sizes);  // one size may be -1
Tensor reshape(const Tensor& x, const Dims& sizes);
Tensor flatten(const Tensor& x, int64_t startDim, int64_t endDim);
Tensor permute(const Tensor& x, const Dims& dims);
Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1);
Tensor t(const Tensor& x);  // 2-d transpose, recorded under its own name as in PyTorch
bool expandable(const Dims& from, const Dims& to);
Tensor expand(const Tensor& x, const Dims& sizes);  // -1 keeps a size
Tensor slice(const Tensor& x, int64_t dim, int64_t start, int64_t end, int64_t step);
Tensor select(const Tensor& x, int64_t dim, int64_t index);
std::vector<Tensor> unbind(const Tensor& x, int64_t dim);          // every select along dim
Tensor squeeze(const Tensor& x, const std::optional<Dims>& dims);  // default: all
Tensor unsqueeze(const Tensor& x, int64_t dim);
Tensor diagonal(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2);  // of two dims, as the last one
Tensor detach(const Tensor& x);
Tensor ravel(const Tensor& x);
Tensor unflatten(const Tensor& x, int64_t dim, const Dims& sizes);  // one dim as several; one size may be -1
// Dims at other places, the others in their order around them.
Tensor movedim(const Tensor& x, const Dims& source, const Dims& destination);
// With dims of size 1, unless there are so many: [n] becomes [1, n], and [1, n, 1].
Tensor atleast1d(const Tensor& x);
Tensor atleast2d(const Tensor& x);
Tensor atleast3d(const Tensor& x);

// No views: zeros with the last dimension of x on the diagonal of dims dim1 and dim2 of the result.
Tensor diagEmbed(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2);
// A matrix of a vector, and the diagonal of a matrix, copied.
Tensor diag(const Tensor& x, int64_t diagonal);

}  // namespace dtrain
