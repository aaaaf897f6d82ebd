// Whole tensors in the type that is computed in, for what has no kernel of its own for float16, say.
#pragma once

#include "kernels/copy.h"
#include "kernels/matrix.h"
#include "kernels/table.h"

namespace dtrain::cpu {

// Of x's sizes, without elements yet.
inline Tensor wideLike(const Tensor& x) { return empty(x.sizes(), typeOf(computeOf(x.dtype()))); }

// x's elements, of a matrix with the same dimension fastest; what is undefined or of that type already stays as it is.
inline Tensor widened(const Tensor& x) {
  if (!x.defined() || isCompute(x.dtype())) return x;
  Tensor wide = wideLike(x);
  if (x.dim() == 2 && MatrixLayout(x).transposed) wide = alias(wide, x.sizes(), {1, x.size(0)}, 0);
  kernels<CopyKernels>(x).copy(x, wide);
  return wide;
}

}  // namespace dtrain::cpu
