// Joining tensors.
#include "binding/table.h"
#include "ops/index.h"

namespace dtrain::binding {

namespace {

Group group("join");

DT_OP(cat, xs, dim);

}  // namespace
}  // namespace dtrain::binding
