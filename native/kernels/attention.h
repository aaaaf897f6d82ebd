// Attention of the CPU: softmax(scale q k^T + mask) v, without the matrix of scores. Other devices take parts of it by
// their products (ops/attention.cc).
#pragma once

namespace dtrain {

class Tensor;

// What is looked at, beside the tensors: all keys, those up to the query's own place, or what the mask says, which is
// bool (true: may be looked at) or is added to the scores; its last dimensions are [L, S], with any strides.
struct AttentionHow {
  const Tensor& mask;  // may be undefined
  bool causal;
  double scale;
};

struct AttentionKernels {
  // q [.., L, E], k [.., S, E], v [.., S, V], y [.., L, V] of the same sizes before; float or double. Rows are
  // neighbours in memory and none reaches into the next, and nothing is empty. logs [.., L] is the logarithm of each
  // query's sum of exp(score), contiguous; infinity where nothing may be looked at, and y is 0 there.
  void (&attend)(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionHow& how, const Tensor& y,
                 const Tensor& logs);
  // With p = exp(scale q k^T + mask - logs) and s = p (dy v^T - sum dy y):
  //   dq = scale s k    dk = scale s^T q    dv = p^T dy
  void (&attendGrad)(const Tensor& dy, const Tensor& q, const Tensor& k, const Tensor& v, const AttentionHow& how,
                     const Tensor& y, const Tensor& logs, const Tensor& dq, const Tensor& dk, const Tensor& dv);
};

}  // namespace dtrain
