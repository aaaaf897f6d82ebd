// Pooling of sequences, images and volumes.
#include "ops/pool.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("pool");

DT_OP(maxPool, x, kernelSize, stride, padding, dilation, ceilMode);
DT_OP(maxPoolWithIndices, x, kernelSize, stride, padding, dilation, ceilMode);
DT_OP(adaptiveMaxPool, x, outputSize);
DT_OP(fractionalMaxPool, x, kernelSize, outputSize, samples);
DT_OP(maxUnpool, x, indices, outputSize);
DT_OP(avgPool, x, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);
DT_OP(adaptiveAvgPool, x, outputSize);

}  // namespace
}  // namespace dtrain::binding
