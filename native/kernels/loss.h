// Losses over classes, and of pairs of elements (x, target), with their gradients. The functors of a pair are in
// math/loss.h, that of the loss, `Mse`, and that of its derivative by x, `MseSlope`. alpha is beta of smoothL1 and
// delta of huber.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_PAIR_LOSS(X)               \
  X(mse, Mse, floats, rare)           \
  X(smoothL1, SmoothL1, floats, rare) \
  X(huber, Huber, floats, rare)       \
  X(entropy, Entropy, floats, rare)   \
  X(logitEntropy, LogitEntropy, floats, rare)

DT_ELEMENTWISE(PairLoss, DT_PAIR_LOSS)

enum class Reduction { none, mean, sum };

struct LossKernels {
  // op names the caller in errors; x [N, C, S], target int64 [N, S], weight [C] or undefined; out [N, S] (none) or 0-d;
  // totalWeight 0-d, of the type that x is computed in: a half cannot count samples
  void (&nllLoss)(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight, Reduction r,
                  int64_t ignoreIndex, const Tensor& out, const Tensor& totalWeight);
  void (&nllLossGrad)(const char* op, const Tensor& dy, const Tensor& target, const Tensor& weight, Reduction r,
                      int64_t ignoreIndex, const Tensor& totalWeight, const Tensor& dx);
  void (&pair)(PairLoss loss, const Operand& x, const Operand& target, double alpha, DType common, const Tensor& out);
  void (&slope)(PairLoss loss, const Operand& x, const Operand& target, double alpha, DType common, const Tensor& out);
};

}  // namespace dtrain
