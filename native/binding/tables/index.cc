// Selecting by tensors of indices.
#include "ops/index.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("index");

DT_OP(indexSelect, x, dim, index);

}  // namespace
}  // namespace dtrain::binding
