// Views that may show an element several times, and tensors whose shape changes in place.
#pragma once

#include <optional>

#include "core/tensor.h"

namespace dtrain {

// Any sizes and strides over x's memory, from `storageOffset` elements behind its start, by default where x begins.
Tensor asStrided(const Tensor& x, const Dims& size, const Dims& stride, std::optional<int64_t> storageOffset);
// Windows of `size` elements of a dim, each `step` behind the one before, as the last dim of the result.
Tensor unfold(const Tensor& x, int64_t dimension, int64_t size, int64_t step);

// The tensor itself becomes the view.
void asStrided_(const Tensor& x, const Dims& size, const Dims& stride, std::optional<int64_t> storageOffset);
void squeeze_(const Tensor& x, const std::optional<Dims>& dims);
void unsqueeze_(const Tensor& x, int64_t dim);
void transpose_(const Tensor& x, int64_t dim0, int64_t dim1);
void t_(const Tensor& x);

// Other sizes; elements keep their places in memory. Where there are not enough, x moves to memory of its own, with
// what is new as it happens to be.
void resize_(const Tensor& x, const Dims& sizes);

}  // namespace dtrain
