// Reductions; null dims means all.
#include "ops/reduce.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("reduce");

DT_OP(sum, x, dims, keepdim, dtype);
DT_OP(mean, x, dims, keepdim, dtype);
DT_OP(prod, x, dim, keepdim, dtype);
DT_OP(max, x);
DT_OP(min, x);
// Values and indices.
DT_OP(maxDim, x, dim, keepdim);
DT_OP(minDim, x, dim, keepdim);
DT_OP(argmax, x, dim, keepdim);
DT_OP(argmin, x, dim, keepdim);
DT_OP(amax, x, dims, keepdim);
DT_OP(amin, x, dims, keepdim);
DT_OP(all, x, dims, keepdim);
DT_OP(any, x, dims, keepdim);
DT_OP(var, x, dims, correction, keepdim);
DT_OP(std, x, dims, correction, keepdim);
DT_OP(norm, x, p, dims, keepdim, dtype);

}  // namespace
}  // namespace dtrain::binding
