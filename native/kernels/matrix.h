// Matrices in tensors. How a 2-d tensor looks to a BLAS: row major, or the transpose of a row-major matrix, with a
// leading dimension.
#pragma once

#include "core/tensor.h"

namespace dtrain {

// The i-th matrix of a batch [batch, m, n].
inline Tensor matrixOf(const Tensor& x, int64_t i) {
  return alias(x, {x.size(1), x.size(2)}, {x.stride(1), x.stride(2)}, x.impl()->offset + i * x.stride(0));
}

struct MatrixLayout {
  explicit MatrixLayout(const Tensor& x) {
    const auto rowMajor = [](int64_t rows, int64_t cols, int64_t rowStride, int64_t colStride) {
      return (colStride == 1 || cols == 1) && (rowStride >= std::max<int64_t>(cols, 1) || rows == 1);
    };
    const bool plain = rowMajor(x.size(0), x.size(1), x.stride(0), x.stride(1));
    transposed = !plain;
    usable = plain || rowMajor(x.size(1), x.size(0), x.stride(1), x.stride(0));
    const int64_t stride = transposed ? x.stride(1) : x.stride(0);
    ld = std::max<int64_t>({1, stride, transposed ? x.size(0) : x.size(1)});
    usable = usable && ld <= INT32_MAX;  // a BLAS counts in int
  }
  bool usable;  // false: copy it first
  bool transposed;
  int64_t ld;
};

}  // namespace dtrain
