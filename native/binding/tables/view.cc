// Views of the same storage; reshape and flatten copy when no view exists.
#include "ops/view.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("view");

DT_OP(view, x, shape);
DT_OP(reshape, x, shape);
DT_OP(flatten, x, startDim, endDim);
DT_OP(permute, x, dims);
DT_OP(transpose, x, dim0, dim1);
DT_OP(t, x);
DT_OP(expand, x, shape);
DT_OP(slice, x, dim, start, end, step);
DT_OP(select, x, dim, index);
DT_OP(unbind, x, dim);
DT_OP(squeeze, x, dims);
DT_OP(unsqueeze, x, dim);
DT_OP(diagonal, x, offset, dim1, dim2);
DT_OP(diagEmbed, x, offset, dim1, dim2);
DT_OP(diag, x, diagonal);
DT_OP(detach, x);
DT_OP(ravel, x);
DT_OP(unflatten, x, dim, sizes);
DT_OP(movedim, x, source, destination);
DT_OP(atleast1d, x);
DT_OP(atleast2d, x);
DT_OP(atleast3d, x);

}  // namespace
}  // namespace dtrain::binding
