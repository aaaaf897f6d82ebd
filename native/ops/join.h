// Several tensors joined along a dimension, or brought to one shape.
#pragma once

#include <vector>

#include "core/tensor.h"

namespace dtrain {

Tensor hstack(const std::vector<Tensor>& xs);       // along dim 1, vectors along dim 0
Tensor vstack(const std::vector<Tensor>& xs);       // along dim 0, vectors as rows
Tensor dstack(const std::vector<Tensor>& xs);       // along dim 2
Tensor columnStack(const std::vector<Tensor>& xs);  // along dim 1, vectors as columns

// Views.
std::vector<Tensor> broadcastTensors(const std::vector<Tensor>& xs);
// Of vectors, each along a dimension of its own; xy: the first two dimensions swapped.
enum class GridIndexing { ij, xy };
std::vector<Tensor> meshgrid(const std::vector<Tensor>& xs, GridIndexing indexing);
// x summed up to sizes that broadcast to its own.
Tensor sumToSize(const Tensor& x, const Dims& sizes);

}  // namespace dtrain
