// Pooling, NCHW.
#include "ops/pool.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("pool");

DT_OP(maxPool2d, x, kernelSize, stride, padding, dilation, ceilMode);
DT_OP(maxPool2dWithIndices, x, kernelSize, stride, padding, dilation, ceilMode);

}  // namespace
}  // namespace dtrain::binding
