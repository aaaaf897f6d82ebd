// Views copied, and tensors with other elements in place of those that a view shows.
#pragma once

#include <optional>
#include <vector>

#include "core/tensor.h"

namespace dtrain {

Tensor aliasCopy(const Tensor& x);
Tensor viewCopy(const Tensor& x, const Dims& sizes);
Tensor expandCopy(const Tensor& x, const Dims& sizes);
Tensor permuteCopy(const Tensor& x, const Dims& dims);
Tensor transposeCopy(const Tensor& x, int64_t dim0, int64_t dim1);
Tensor tCopy(const Tensor& x);
Tensor squeezeCopy(const Tensor& x, const std::optional<Dims>& dims);
Tensor unsqueezeCopy(const Tensor& x, int64_t dim);
Tensor sliceCopy(const Tensor& x, int64_t dim, int64_t start, int64_t end, int64_t step);
Tensor selectCopy(const Tensor& x, int64_t dim, int64_t index);
Tensor diagonalCopy(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2);
Tensor asStridedCopy(const Tensor& x, const Dims& size, const Dims& stride, std::optional<int64_t> storageOffset);
Tensor unfoldCopy(const Tensor& x, int64_t dimension, int64_t size, int64_t step);
std::vector<Tensor> unbindCopy(const Tensor& x, int64_t dim);
std::vector<Tensor> splitCopy(const Tensor& x, int64_t size, int64_t dim);
std::vector<Tensor> splitWithSizesCopy(const Tensor& x, const std::vector<int64_t>& sizes, int64_t dim);

// x with the elements of src, cast to its dtype, where the view of that name is.
Tensor selectScatter(const Tensor& x, const Tensor& src, int64_t dim, int64_t index);
Tensor sliceScatter(const Tensor& x, const Tensor& src, int64_t dim, int64_t start, int64_t end, int64_t step);
Tensor diagonalScatter(const Tensor& x, const Tensor& src, int64_t offset, int64_t dim1, int64_t dim2);
Tensor asStridedScatter(const Tensor& x, const Tensor& src, const Dims& size, const Dims& stride,
                        std::optional<int64_t> storageOffset);

}  // namespace dtrain
