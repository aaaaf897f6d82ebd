// Reductions; null dims means all.
#include "ops/reduce.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("reduce");

DT_OP(sum, x, dims, keepdim, dtype);
DT_OP(mean, x, dims, keepdim, dtype);
DT_OP(max, x);
// Values and indices.
DT_OP(maxDim, x, dim, keepdim);
DT_OP(argmax, x, dim, keepdim);

}  // namespace
}  // namespace dtrain::binding
