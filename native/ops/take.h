// Elements by their place in the whole of a tensor, or in the order of a mask.
#pragma once

#include <optional>

#include "core/tensor.h"

namespace dtrain {

// x[index] of x in row-major order, in the shape of the index; negative ones count from the end.
Tensor take(const Tensor& x, const Tensor& index);
// x with as many elements of y written there, or added.
Tensor put(const Tensor& x, const Tensor& index, const Tensor& y, bool accumulate);
void put_(const Tensor& x, const Tensor& index, const Tensor& y, bool accumulate);
// gather for an index that is broadcast with x outside dim and may count from the end; without dim, of all elements by
// places that may not.
Tensor takeAlongDim(const Tensor& x, const Tensor& index, std::optional<int64_t> dim);

// x with the elements of y, in their order, where the mask, broadcast, is true.
Tensor maskedScatter(const Tensor& x, const Tensor& mask, const Tensor& y);
void maskedScatter_(const Tensor& x, const Tensor& mask, const Tensor& y);

}  // namespace dtrain
