// Losses over classes, and their gradients.
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;

enum class Reduction { none, mean, sum };

struct LossKernels {
  // op names the caller in errors; x [N, C, S], target int64 [N, S], weight [C] or undefined; out [N, S] (none) or 0-d;
  // totalWeight 0-d, of the type that x is computed in: a half cannot count samples
  void (&nllLoss)(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight, Reduction r,
                  int64_t ignoreIndex, const Tensor& out, const Tensor& totalWeight);
  void (&nllLossGrad)(const char* op, const Tensor& dy, const Tensor& target, const Tensor& weight, Reduction r,
                      int64_t ignoreIndex, const Tensor& totalWeight, const Tensor& dx);
};

}  // namespace dtrain
