// See activation.h.
#include "ops/activation.h"

#include "kernels/activation.h"
#include "ops/record.h"

namespace dtrain {

namespace {

Tensor run(Activation op, const Tensor& x) {
  Tensor y = empty(x.sizes(), x.dtype(), x.device());
  kernels<ActivationKernels>(x).run(op, x, x.dtype(), y);
  return y;
}

// dy where y > 0, else 0; linear in dy, so its gradient is itself
Tensor reluGrad(const Tensor& dy, const Tensor& y) {
  Tensor dx = empty(y.sizes(), y.dtype(), y.device());
  kernels<ActivationKernels>(y).grad(ActivationGrad::reluGrad, dy, y, y.dtype(), dx);
  if (recording(dy))
    record("ThresholdBackwardBackward0", dx, dy, [y = Saved(y)](const Tensor& d) { return reluGrad(d, y.get()); });
  return dx;
}

}  // namespace

// d relu(x) = 1 where x > 0, else 0
Tensor relu(const Tensor& x) {
  check(x.dtype() != DType::boolean, Code::dtype, "relu: not defined for bool tensors");
  return fromOutput("ReluBackward0", run(Activation::relu, x), x, reluGrad);
}

}  // namespace dtrain
