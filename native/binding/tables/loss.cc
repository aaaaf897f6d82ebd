// Losses over classes.
#include "ops/loss.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("loss");

DT_OP(nllLoss, x, target, weight, reduction, ignoreIndex);
DT_OP(crossEntropy, x, target, weight, reduction, ignoreIndex, labelSmoothing);

}  // namespace
}  // namespace dtrain::binding
