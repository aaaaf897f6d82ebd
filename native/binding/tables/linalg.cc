// Linear algebra of matrices. What gives several tensors gives them in PyTorch's order.
#include "ops/linalg.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("linalg");

DT_OP(cholesky, a, upper);
// The factor, and the orders of minors that are not positive.
DT_OP(choleskyEx, a, upper, checkErrors);
DT_OP(solveTriangular, a, b, upper, left, unitriangular);
DT_OP(choleskySolve, b, l, upper);
DT_OP(choleskyInverse, l, upper);
DT_OP(luFactor, a, pivot);
DT_OP(luFactorEx, a, pivot, checkErrors);
DT_OP(lu, a, pivot);
DT_OP(luUnpack, lu, pivots, unpackData, unpackPivots);
DT_OP(luSolve, lu, pivots, b, left, adjoint);
DT_OP(solve, a, b, left);
DT_OP(solveEx, a, b, left, checkErrors);
DT_OP(inv, a);
DT_OP(invEx, a, checkErrors);
DT_OP(det, a);
DT_OP(slogdet, a);
DT_OP(logdet, a);
DT_OP(ldlFactor, a);
DT_OP(ldlFactorEx, a, checkErrors);
DT_OP(ldlSolve, ldl, pivots, b);
DT_OP(geqrf, a);
DT_OP(householderProduct, a, tau);
DT_OP(ormqr, a, tau, c, left, transposed);
DT_OP(qr, a, mode);
DT_OP(eigh, a, upper);
DT_OP(eigvalsh, a, upper);
DT_OP(svd, a, fullMatrices);
DT_OP(svdvals, a);
DT_OP(pinv, a, atol, rtol, hermitian);
DT_OP(matrixRank, a, atol, rtol, hermitian);
DT_OP(lstsq, a, b, rcond, driver);

}  // namespace
}  // namespace dtrain::binding
