// Orders along a dimension, and places in such an order.
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
  // How many elements of its row, which is ascending, are less than a value, or with `right` at most that: out, int64,
  // in the order of the values, of which each of the rows of sorted [rows, n] has as many. All contiguous, of one dtype
  void (&search)(const Tensor& sorted, const Tensor& values, bool right, const Tensor& out);
};

}  // namespace dtrain
