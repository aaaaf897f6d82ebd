// Views copied, and what they show replaced in a copy of the whole.
#include "ops/copies.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("copies");

DT_OP(aliasCopy, x);
DT_OP(viewCopy, x, shape);
DT_OP(expandCopy, x, shape);
DT_OP(permuteCopy, x, dims);
DT_OP(transposeCopy, x, dim0, dim1);
DT_OP(tCopy, x);
DT_OP(squeezeCopy, x, dims);
DT_OP(unsqueezeCopy, x, dim);
DT_OP(sliceCopy, x, dim, start, end, step);
DT_OP(selectCopy, x, dim, index);
DT_OP(diagonalCopy, x, offset, dim1, dim2);
DT_OP(asStridedCopy, x, size, stride, storageOffset);
DT_OP(unfoldCopy, x, dimension, size, step);
DT_OP(unbindCopy, x, dim);
DT_OP(splitCopy, x, size, dim);
DT_OP(splitWithSizesCopy, x, sizes, dim);
DT_OP(selectScatter, x, src, dim, index);
DT_OP(sliceScatter, x, src, dim, start, end, step);
DT_OP(diagonalScatter, x, src, offset, dim1, dim2);
DT_OP(asStridedScatter, x, src, size, stride, storageOffset);

}  // namespace
}  // namespace dtrain::binding
