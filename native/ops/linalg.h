// Linear algebra of matrices [.., rows, columns] and batches of them, float32 and float64. What is called info is
// int32, one for each matrix: 0, or what LAPACK has against it; with checkErrors that is thrown instead, as
// Error{linalg}.
#pragma once

#include <optional>

#include "core/operand.h"

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

// The X with A X = B, for a Cholesky factor of A, and the inverse of A.
Tensor choleskySolve(const Tensor& b, const Tensor& l, bool upper);
Tensor choleskyInverse(const Tensor& l, bool upper);

// lu.cc
// L and U in one matrix, and int32 pivots, which count from 1; luFactorEx: and info.
std::pair<Tensor, Tensor> luFactor(const Tensor& a, bool pivot);
std::vector<Tensor> luFactorEx(const Tensor& a, bool pivot, bool checkErrors);
// P, L and U with A = P L U.
std::vector<Tensor> lu(const Tensor& a, bool pivot);
// The same of what luFactor gives; what is not unpacked is empty.
std::vector<Tensor> luUnpack(const Tensor& lu, const Tensor& pivots, bool unpackData, bool unpackPivots);
// The X with A X = B (left) or X A = B, or A^T in place of A (adjoint).
Tensor luSolve(const Tensor& lu, const Tensor& pivots, const Tensor& b, bool left, bool adjoint);
Tensor solve(const Tensor& a, const Tensor& b, bool left);
std::pair<Tensor, Tensor> solveEx(const Tensor& a, const Tensor& b, bool left, bool checkErrors);
Tensor inv(const Tensor& a);
std::pair<Tensor, Tensor> invEx(const Tensor& a, bool checkErrors);
Tensor det(const Tensor& a);
std::pair<Tensor, Tensor> slogdet(const Tensor& a);  // the sign, and the logarithm of the size
Tensor logdet(const Tensor& a);
// L and the blocks of D in one matrix, and pivots; and info; of the lower triangle of a symmetric A = L D L^T.
std::pair<Tensor, Tensor> ldlFactor(const Tensor& a);
std::vector<Tensor> ldlFactorEx(const Tensor& a, bool checkErrors);
Tensor ldlSolve(const Tensor& ldl, const Tensor& pivots, const Tensor& b);

// qr.cc
// R and the vectors of reflections in one matrix, and their factors.
std::pair<Tensor, Tensor> geqrf(const Tensor& a);
// The product Q of reflections: as many columns as a has; and the product of it, or its transpose, and c.
Tensor householderProduct(const Tensor& a, const Tensor& tau);
Tensor ormqr(const Tensor& a, const Tensor& tau, const Tensor& c, bool left, bool transposed);
enum class QrMode { reduced, complete, r };  // Q has as many columns as there are, or as rows; there is none
std::pair<Tensor, Tensor> qr(const Tensor& a, QrMode mode);

// svd.cc
// Eigenvalues, going up, and eigenvectors of symmetric matrices, of which one triangle is read.
std::pair<Tensor, Tensor> eigh(const Tensor& a, bool upper);
Tensor eigvalsh(const Tensor& a, bool upper);
// U, S and V^T with A = U S V^T, with all columns and rows or those of S; the singular values S alone.
std::vector<Tensor> svd(const Tensor& a, bool fullMatrices);
Tensor svdvals(const Tensor& a);
// What is at most max(atol, rtol * the largest) counts as 0; rtol is by default the larger size times eps, or 0 if
// atol is more than 0. Both are numbers, or tensors of the batch.
Tensor pinv(const Tensor& a, const std::optional<Operand>& atol, const std::optional<Operand>& rtol, bool hermitian);
Tensor matrixRank(const Tensor& a, const std::optional<Operand>& atol, const std::optional<Operand>& rtol,
                  bool hermitian);
// The X that makes A X - B smallest, the sums of the squares of what is left, the rank, and the singular values; the
// last three are empty where the driver does not know them.
enum class LstsqDriver { gels, gelsy, gelsd, gelss };
std::vector<Tensor> lstsq(const Tensor& a, const Tensor& b, std::optional<double> rcond, LstsqDriver driver);

}  // namespace dtrain
