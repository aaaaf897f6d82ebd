// Special functions.
#include "ops/special.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("special");

DT_OP(erfinv, x);
DT_OP(lgamma, x);
DT_OP(digamma, x);
DT_OP(i0, x);
DT_OP(sinc, x);
DT_OP(polygamma, n, x);
DT_OP(mvlgamma, x, p);
DT_OP(xlogy, x, y);
DT_OP(igamma, x, y);
DT_OP(igammac, x, y);
DT_OP(erfinv_, x);
DT_OP(lgamma_, x);
DT_OP(digamma_, x);
DT_OP(i0_, x);
DT_OP(sinc_, x);
DT_OP(polygamma_, x, n);
DT_OP(mvlgamma_, x, p);
DT_OP(xlogy_, x, y);
DT_OP(igamma_, x, y);
DT_OP(igammac_, x, y);

}  // namespace
}  // namespace dtrain::binding
