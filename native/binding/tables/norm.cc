// Normalization by statistics of batches, of channels, of groups and of elements.
#include "ops/norm.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("norm");

DT_OP(batchNorm, x, runningMean, runningVar, weight, bias, training, momentum, eps);
DT_OP(instanceNorm, x, runningMean, runningVar, weight, bias, useInputStats, momentum, eps);
DT_OP(layerNorm, x, sizes, weight, bias, eps);
DT_OP(groupNorm, x, groups, weight, bias, eps);
DT_OP(nativeBatchNorm, x, weight, bias, runningMean, runningVar, training, momentum, eps);
DT_OP(nativeLayerNorm, x, sizes, weight, bias, eps);
DT_OP(nativeGroupNorm, x, weight, bias, n, c, positions, groups, eps);
DT_OP(rmsNorm, x, sizes, weight, eps);

}  // namespace
}  // namespace dtrain::binding
