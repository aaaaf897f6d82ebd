// Selecting and scattering.
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;

// op is whose name reports bear.
struct IndexKernels {
  // x [outer, n, inner] contiguous, index int64 [k], checked against n; out [outer, k, inner]
  void (&indexSelect)(const char* op, const Tensor& x, int dim, const Tensor& index, const Tensor& out);
  // dx += scattered dy; for halves dx is float32, so that a sum of many is rounded once. Floats only
  void (&indexAdd)(const char* op, const Tensor& dy, int dim, const Tensor& index, const Tensor& dx);
  // x = scattered y; where an index is given twice, one of the two
  void (&indexCopy)(const char* op, const Tensor& y, int dim, const Tensor& index, const Tensor& x);
  // flat = flat n + index, of equal sizes, int64, contiguous; a negative index counts from the end of dim, of size n
  void (&place)(const char* op, const Tensor& index, int dim, int64_t n, const Tensor& flat);
  // index [outer, k, inner]: out[o, j, i] = x[o, index[o, j, i], i], and its transpose, which adds into dx; -1 reads 0
  // and writes nothing
  void (&gather)(const char* op, const Tensor& x, int dim, const Tensor& index, const Tensor& out);
  void (&scatterAdd)(const char* op, const Tensor& dy, int dim, const Tensor& index, const Tensor& dx);
  // x[o, index[o, j, i], i] = y[o, j, i], the index checked against n; where it is given twice, one of the two
  void (&scatter)(const char* op, const Tensor& y, int dim, const Tensor& index, const Tensor& x);
};

}  // namespace dtrain
