// Parts of a tensor along a dimension, as views.
#pragma once

#include <vector>

#include "core/tensor.h"

namespace dtrain {

// Of `size` each, the last one smaller.
std::vector<Tensor> split(const Tensor& x, int64_t size, int64_t dim);
std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t dim);  // at most so many of equal sizes
std::vector<Tensor> splitWithSizes(const Tensor& x, const std::vector<int64_t>& sizes, int64_t dim);
// Up to each of these positions from the one before, and the rest; as slices are cut in Python.
std::vector<Tensor> tensorSplit(const Tensor& x, const std::vector<int64_t>& indices, int64_t dim);
// So many, of which the first are longer by one where it does not divide.
std::vector<Tensor> tensorSplitSections(const Tensor& x, int64_t sections, int64_t dim);

}  // namespace dtrain
