// Windows of images as columns, and back.
#include "ops/fold.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("fold");

DT_OP(im2col, x, kernelSize, dilation, padding, stride);
DT_OP(col2im, x, outputSize, kernelSize, dilation, padding, stride);

}  // namespace
}  // namespace dtrain::binding
