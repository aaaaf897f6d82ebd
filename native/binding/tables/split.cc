// Parts along a dimension, as views.
#include "ops/split.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("split");

DT_OP(split, x, size, dim);
DT_OP(chunk, x, chunks, dim);
DT_OP(splitWithSizes, x, sizes, dim);
DT_OP(tensorSplit, x, indices, dim);
DT_OP(tensorSplitSections, x, sections, dim);

}  // namespace
}  // namespace dtrain::binding
