// Factors of matrices and triangular systems, of float32 and float64.
#pragma once

namespace dtrain {

class Tensor;

struct LinalgKernels {
  // The lower triangle of each matrix of a [batch, n, n] becomes L, with L L^T the symmetric matrix whose lower
  // triangle it was; what is above is left alone. order [batch] (int32) is 0, or says which leading minor of a matrix
  // is the first that is not positive: L is not all there then.
  void (&cholesky)(const Tensor& a, const Tensor& order);
  // Each row of b [batch, rows, n] becomes the x with A x = row, where A is that triangle of a [batch, n, n], with ones
  // on its diagonal if `unit`. Both are contiguous.
  void (&solveTriangular)(const Tensor& a, bool upper, bool unit, const Tensor& b);
};

}  // namespace dtrain
