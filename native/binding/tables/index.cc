// Selecting by tensors of indices.
#include "ops/index.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("index");

DT_OP(indexSelect, x, dim, index);
DT_OP(gather, x, dim, index);
DT_OP(scatter, x, dim, index, y);
DT_OP(scatter_, x, dim, index, y);
DT_OP(index, x, at);
DT_OP(maskedSelect, x, mask);
DT_OP(indexPut_, x, at, values, accumulate);
DT_OP(nonzero, x);

}  // namespace
}  // namespace dtrain::binding
