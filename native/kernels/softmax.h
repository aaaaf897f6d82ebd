// Softmax and its logarithm.
#pragma once

namespace dtrain {

class Tensor;

struct SoftmaxKernels {
  // contiguous, along dim: y = exp(x - max) / sum exp(x - max);  dx = y (dy - sum dy y)
  void (&softmax)(const Tensor& x, int dim, const Tensor& y);
  void (&softmaxGrad)(const Tensor& dy, const Tensor& y, int dim, const Tensor& dx);
  // y = x - max - log sum exp(x - max);  dx = dy - exp(y) sum dy
  void (&logSoftmax)(const Tensor& x, int dim, const Tensor& y);
  void (&logSoftmaxGrad)(const Tensor& dy, const Tensor& y, int dim, const Tensor& dx);
};

}  // namespace dtrain
