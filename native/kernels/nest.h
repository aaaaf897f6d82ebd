// The loop nest over strided operands, found on the host for every backend: dimensions of size 1 dropped, the others
// ordered by decreasing stride of operand 0 (so that the innermost loop walks it with its smallest stride), neighbours
// merged where all operands allow it. Contiguous operands become one loop.
#pragma once

#include <cstdlib>

#include "core/tensor.h"

namespace dtrain {

// Byte strides of the N operands of a nest, by dimension. 0 repeats an element.
template <int N>
using Strides = int64_t[N][kMaxDims];

// Plain data without padding: a CUDA kernel takes it by value, made by `Nest<N> nest{}`, which leaves no stray bytes.
template <int N>
struct Nest {
  int64_t dims = 0;
  int64_t sizes[kMaxDims];
  Strides<N> strides;

  int64_t stride(int operand) const { return dims == 0 ? 0 : strides[operand][dims - 1]; }  // of the innermost loop

  void build(const Dims& shape, const Strides<N>& from) {
    int order[kMaxDims], n = 0;
    for (int i = 0; i < shape.size(); i++) {
      if (shape[i] == 1) continue;
      int at = n++;  // insertion sort, stable
      for (; at > 0 && std::abs(from[0][order[at - 1]]) < std::abs(from[0][i]); at--) order[at] = order[at - 1];
      order[at] = i;
    }
    for (int k = 0; k < n; k++) {
      const int i = order[k];
      bool fits = dims > 0;
      for (int o = 0; o < N && fits; o++) fits = strides[o][dims - 1] == from[o][i] * shape[i];
      if (!fits) sizes[dims++] = 1;
      sizes[dims - 1] *= shape[i];
      for (int o = 0; o < N; o++) strides[o][dims - 1] = from[o][i];
    }
  }
};

// The byte strides that repeat x over `shape`, to which it must be broadcastable.
inline void repeat(const Tensor& x, const Dims& shape, int64_t* strides) {
  const int lead = shape.size() - x.dim();
  for (int i = 0; i < shape.size(); i++) {
    const bool repeated = i < lead || (x.size(i - lead) == 1 && shape[i] != 1);
    strides[i] = repeated ? 0 : x.stride(i - lead) * itemSize(x.dtype());
  }
}

// A reduction of x to `out`, which has size 1 where x is reduced: the outputs, and what one of them is made of.
struct ReductionNest {
  ReductionNest(const Tensor& x, const Tensor& out) {
    Dims keptShape, reducedShape;
    Strides<2> keptStrides;
    Strides<1> reducedStrides;
    for (int i = 0; i < x.dim(); i++) {
      const int64_t stride = x.stride(i) * itemSize(x.dtype());
      if (out.size(i) == 1) {
        reducedStrides[0][reducedShape.size()] = stride;
        reducedShape.push(x.size(i));
      } else {
        keptStrides[0][keptShape.size()] = stride;
        keptStrides[1][keptShape.size()] = out.stride(i) * itemSize(out.dtype());
        keptShape.push(x.size(i));
      }
    }
    kept.build(keptShape, keptStrides);
    reduced.build(reducedShape, reducedStrides);
    columns = kept.dims > 0 && reduced.dims > 0 && std::abs(kept.stride(0)) < std::abs(reduced.stride(0));
  }
  Nest<2> kept{};     // x, out
  Nest<1> reduced{};  // x
  bool columns;       // memory is read in order by going along the outputs, not along what makes one of them
};

}  // namespace dtrain
