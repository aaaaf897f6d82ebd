// Joining tensors, and bringing them to one shape.
#include "ops/join.h"

#include "binding/table.h"
#include "ops/index.h"

namespace dtrain::binding {

namespace {

Group group("join");

DT_OP(cat, xs, dim);
DT_OP(hstack, xs);
DT_OP(vstack, xs);
DT_OP(dstack, xs);
DT_OP(columnStack, xs);
DT_OP(broadcastTensors, xs);
DT_OP(meshgrid, xs, indexing);
DT_OP(sumToSize, x, shape);

}  // namespace
}  // namespace dtrain::binding
