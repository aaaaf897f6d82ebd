// Softmax and its logarithm.
#pragma once

namespace dtrain {

class Tensor;

struct SoftmaxKernels {
  // contiguous, along dim: y = x - max - log sum exp(x - max);  dx = dy - exp(y) sum dy
  void (&logSoftmax)(const Tensor& x, int dim, const Tensor& y);
  void (&logSoftmaxGrad)(const Tensor& dy, const Tensor& y, int dim, const Tensor& dx);
};

}  // namespace dtrain
