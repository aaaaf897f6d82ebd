// Running results along a dimension.
#include "ops/scan.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("scan");

DT_OP(cumsum, x, dim, dtype);
DT_OP(cumprod, x, dim, dtype);
DT_OP(cumsum_, x, dim);
DT_OP(cumprod_, x, dim);
DT_OP(logcumsumexp, x, dim);
// Values and indices.
DT_OP(cummax, x, dim);
DT_OP(cummin, x, dim);

}  // namespace
}  // namespace dtrain::binding
