// Selecting and scattering.
#pragma once

namespace dtrain {

class Tensor;

struct IndexKernels {
  // x [outer, n, inner] contiguous, index int64 [k], checked against n; out [outer, k, inner]
  void (&indexSelect)(const Tensor& x, int dim, const Tensor& index, const Tensor& out);
  // dx += scattered dy, of floats; for halves dx is float32, so that a sum of many is rounded once
  void (&indexAdd)(const Tensor& dy, int dim, const Tensor& index, const Tensor& dx);
  // index [outer, k, inner]: out[o, j, i] = x[o, index[o, j, i], i], and its transpose, which adds into dx; -1 reads 0
  // and writes nothing
  void (&gather)(const Tensor& x, int dim, const Tensor& index, const Tensor& out);
  void (&scatterAdd)(const Tensor& dy, int dim, const Tensor& index, const Tensor& dx);
};

}  // namespace dtrain
