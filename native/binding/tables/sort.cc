// Sorting, and what it finds: values and indices.
#include "ops/sort.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("sort");

DT_OP(sort, x, dim, descending);
DT_OP(argsort, x, dim, descending);
DT_OP(topk, x, k, dim, largest);
DT_OP(kthvalue, x, k, dim, keepdim);
DT_OP(median, x);
DT_OP(nanmedian, x);
DT_OP(medianDim, x, dim, keepdim);
DT_OP(nanmedianDim, x, dim, keepdim);
DT_OP(mode, x, dim, keepdim);
DT_OP(quantile, x, q, dim, keepdim, between);
DT_OP(nanquantile, x, q, dim, keepdim, between);

}  // namespace
}  // namespace dtrain::binding
