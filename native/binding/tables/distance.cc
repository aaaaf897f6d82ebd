// Distances of rows.
#include "ops/distance.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("distance");

DT_OP(cdist, x, y, p, byProduct);
DT_OP(pdist, x, p);

}  // namespace
}  // namespace dtrain::binding
