// Elements chosen by several tensors of positions, and by masks.
#pragma once

#include <vector>

#include "core/operand.h"

namespace dtrain {

// x[at[0], at[1], …] as in PyTorch: int64 positions, negative ones from the end, or bool masks; none takes all of a
// dim.
Tensor index(const Tensor& x, const std::vector<MaybeTensor>& at);
Tensor maskedSelect(const Tensor& x, const Tensor& mask);  // where the mask, broadcast, is true; 1-d
// x with values, broadcast, written there or added
Tensor indexPut(const Tensor& x, const std::vector<MaybeTensor>& at, const Tensor& values, bool accumulate);
void indexPut_(const Tensor& x, const std::vector<MaybeTensor>& at, const Tensor& values, bool accumulate);
Tensor nonzero(const Tensor& x);  // int64 [count, dims of x], in row-major order
// The first `size` rows of it, and as many rows of that number where there are fewer. The host need not wait.
Tensor nonzeroStatic(const Tensor& x, int64_t size, int64_t fillValue);

}  // namespace dtrain
