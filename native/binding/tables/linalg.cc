// Factors of matrices and triangular systems.
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

}  // namespace
}  // namespace dtrain::binding
