// Views that may show an element several times, and views in place.
#include "ops/strided.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("strided");

DT_OP(asStrided, x, size, stride, storageOffset);
DT_OP(unfold, x, dimension, size, step);
DT_OP(asStrided_, x, size, stride, storageOffset);
DT_OP(squeeze_, x, dims);
DT_OP(unsqueeze_, x, dim);
DT_OP(transpose_, x, dim0, dim1);
DT_OP(t_, x);
DT_OP(resize_, x, shape);

}  // namespace
}  // namespace dtrain::binding
