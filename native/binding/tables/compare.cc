// Elementwise comparisons, to bool.
#include "ops/compare.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("compare");

DT_OP(eq, x, y);
DT_OP(ne, x, y);
DT_OP(lt, x, y);
DT_OP(le, x, y);
DT_OP(gt, x, y);
DT_OP(ge, x, y);
DT_OP(logicalAnd, x, y);
DT_OP(logicalOr, x, y);
DT_OP(logicalXor, x, y);
DT_OP(logicalNot, x);
DT_OP(isclose, x, y, rtol, atol, equalNan);
DT_OP(isin, x, y, invert);
DT_OP(eq_, x, y);
DT_OP(ne_, x, y);
DT_OP(lt_, x, y);
DT_OP(le_, x, y);
DT_OP(gt_, x, y);
DT_OP(ge_, x, y);
DT_OP(logicalAnd_, x, y);
DT_OP(logicalOr_, x, y);
DT_OP(logicalXor_, x, y);
DT_OP(logicalNot_, x);

}  // namespace
}  // namespace dtrain::binding
