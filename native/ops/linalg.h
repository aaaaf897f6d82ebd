// Linear algebra of matrices and batches of them, float32 and float64.
#pragma once

#include "core/tensor.h"

namespace dtrain {

// The factor L of symmetric positive-definite matrices [.., n, n], of which one triangle is read: L L^T lower, or its
// transpose upper. Error{linalg} says which matrix is none.
Tensor cholesky(const Tensor& a, bool upper);
// The same, and int32 [..] instead of the error: 0, or the order of the first leading minor that is not positive.
// With checkErrors it is thrown too.
std::pair<Tensor, Tensor> choleskyEx(const Tensor& a, bool upper, bool checkErrors);

// The X with A X = B (left) or X A = B, for one triangle of A, with ones on its diagonal if `unitriangular`. Batch
// dimensions broadcast.
Tensor solveTriangular(const Tensor& a, const Tensor& b, bool upper, bool left, bool unitriangular);

// The X with A X = B, for a Cholesky factor of A.
Tensor choleskySolve(const Tensor& b, const Tensor& l, bool upper);

}  // namespace dtrain
