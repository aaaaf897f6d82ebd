// Convolution, NCHW.
#include "ops/conv.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("conv");

DT_OP(conv2d, x, weight, bias, stride, padding, dilation, groups);

}  // namespace
}  // namespace dtrain::binding
