// Orders along a dimension.
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;

// Which of equal elements comes first: the first of them, or on the CPU the one that PyTorch's CPU finds first, for its
// topk, kthvalue and mode.
enum class Ties { inOrder, asTopk, asKthvalue, asMode };

struct SortKernels {
  // Where the elements of ranks from, …, to - 1 along dim stand: indices [outer, to - from, inner], int64, of x [outer,
  // n, inner], contiguous. NaN is the largest.
  void (&order)(const Tensor& x, int dim, bool descending, int64_t from, int64_t to, Ties ties, const Tensor& indices);
};

}  // namespace dtrain
