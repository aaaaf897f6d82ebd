// Losses over classes, in loss.cc: x [N, C, …] or [C], target int64 [N, …] or [], weight [C]. Losses of pairs of
// elements, in pair-loss.cc: x and target broadcast to each other or, for the cross entropies, have the same sizes, to
// which their weights broadcast.
#pragma once

#include "core/operand.h"
#include "kernels/loss.h"

namespace dtrain {

Tensor nllLoss(const Tensor& x, const Tensor& target, const MaybeTensor& weight, Reduction reduction,
               int64_t ignoreIndex);
// A target of x's sizes holds the probabilities of the classes.
Tensor crossEntropy(const Tensor& x, const Tensor& target, const MaybeTensor& weight, Reduction reduction,
                    int64_t ignoreIndex, double labelSmoothing);

// weight has the sizes of x. The means of mseLoss and l1Loss divide by the sum of the weights, that of huberLoss does
// not, as in PyTorch. l1Loss is made of ops, as there, and takes integers.
Tensor mseLoss(const Tensor& x, const Tensor& target, Reduction reduction, const MaybeTensor& weight);
Tensor l1Loss(const Tensor& x, const Tensor& target, Reduction reduction, const MaybeTensor& weight);
Tensor huberLoss(const Tensor& x, const Tensor& target, Reduction reduction, double delta, const MaybeTensor& weight);
Tensor smoothL1Loss(const Tensor& x, const Tensor& target, Reduction reduction, double beta);
// x are probabilities. On the CPU one outside [0, 1] is an error; devices that compute later give NaN.
Tensor binaryCrossEntropy(const Tensor& x, const Tensor& target, const MaybeTensor& weight, Reduction reduction);
// x are scores, of which the probability is sigmoid(x). posWeight weighs what a true target costs.
Tensor binaryCrossEntropyWithLogits(const Tensor& x, const Tensor& target, const MaybeTensor& weight,
                                    Reduction reduction, const MaybeTensor& posWeight);

}  // namespace dtrain
