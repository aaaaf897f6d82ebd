// Losses over classes: x [N, C, …] or [C], target int64 [N, …] or [], weight [C].
#pragma once

#include "core/operand.h"
#include "kernels/loss.h"

namespace dtrain {

Tensor nllLoss(const Tensor& x, const Tensor& target, const MaybeTensor& weight, Reduction reduction,
               int64_t ignoreIndex);
// A target of x's sizes holds the probabilities of the classes.
Tensor crossEntropy(const Tensor& x, const Tensor& target, const MaybeTensor& weight, Reduction reduction,
                    int64_t ignoreIndex, double labelSmoothing);

}  // namespace dtrain
