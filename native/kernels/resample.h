// Elements of a dimension as weighted sums of others.
#pragma once

namespace dtrain {

class Tensor;

struct ResampleKernels {
  // out[o, i, j] = sum over t of weight[t] x[o, index[t], j], t from start[i] to start[i + 1]; x [outer, n, inner] and
  // weight float32 or float64, start and index int64 and in range
  void (&resample)(const Tensor& x, const Tensor& start, const Tensor& index, const Tensor& weight, const Tensor& out);
};

}  // namespace dtrain
