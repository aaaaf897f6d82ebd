// Activations, and what their gradients are made of: of one operand, or of dy and the output.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_ACTIVATION(X) X(relu, Relu, numbers, hot)
#define DT_ACTIVATION_GRAD(X) X(reluGrad, ReluGrad, floats, hot)

DT_ELEMENTWISE(Activation, DT_ACTIVATION)
DT_ELEMENTWISE(ActivationGrad, DT_ACTIVATION_GRAD)

struct ActivationKernels {
  void (&run)(Activation op, const Tensor& x, DType common, const Tensor& out);
  void (&grad)(ActivationGrad op, const Tensor& dy, const Tensor& y, DType common, const Tensor& dx);
};

}  // namespace dtrain
