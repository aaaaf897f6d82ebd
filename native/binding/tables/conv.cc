// Convolution, channels before the image.
#include "ops/conv.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("conv");

DT_OP(convolution, x, weight, bias, stride, padding, dilation, transposed, outputPadding, groups);

}  // namespace
}  // namespace dtrain::binding
