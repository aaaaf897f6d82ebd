// Losses over classes, and of pairs of elements.
#include "ops/loss.h"

#include "binding/table.h"
#include "ops/ctc.h"

namespace dtrain::binding {

namespace {

Group group("loss");

DT_OP(nllLoss, x, target, weight, reduction, ignoreIndex);
DT_OP(crossEntropy, x, target, weight, reduction, ignoreIndex, labelSmoothing);
DT_OP(mseLoss, x, target, reduction, weight);
DT_OP(l1Loss, x, target, reduction, weight);
DT_OP(ctcLoss, logProbs, targets, inputLengths, targetLengths, blank, reduction, zeroInfinity);
DT_OP(huberLoss, x, target, reduction, delta, weight);
DT_OP(smoothL1Loss, x, target, reduction, beta);
DT_OP(binaryCrossEntropy, x, target, weight, reduction);
DT_OP(binaryCrossEntropyWithLogits, x, target, weight, reduction, posWeight);

}  // namespace
}  // namespace dtrain::binding
