// Activations: of one operand, of x and a number or a tensor (leakyRelu: the slope below
// zero; the shrinking ones: how much), of x and two numbers (elu: alpha, and the factor of x in
// the exponent; softplus: beta and threshold). And what the gradient of relu is made of: dy and the output.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_ACTIVATION(X)                    \
  X(relu, Relu, numbers, hot)               \
  X(gelu, Gelu, floats, rare)               \
  X(geluTanh, GeluTanh, floats, rare)       \
  X(silu, Silu, floats, rare)               \
  X(selu, Selu, floats, rare)               \
  X(logsigmoid, LogSigmoid, floats, rare)   \
  X(hardsigmoid, Hardsigmoid, floats, rare) \
  X(hardswish, Hardswish, floats, rare)     \
  X(mish, Mish, floats, rare)
#define DT_ACTIVATION_GRAD(X) X(reluGrad, ReluGrad, floats, hot)

#define DT_ACTIVATION_OF_TWO(X)           \
  X(leakyRelu, LeakyRelu, floats, rare)   \
  X(hardshrink, Hardshrink, floats, rare) \
  X(softshrink, Softshrink, floats, rare)
#define DT_ACTIVATION_OF_THREE(X) \
  X(elu, Elu, floats, rare)       \
  X(softplus, Softplus, floats, rare)

DT_ELEMENTWISE(Activation, DT_ACTIVATION)
DT_ELEMENTWISE(ActivationGrad, DT_ACTIVATION_GRAD)
DT_ELEMENTWISE(ActivationOfTwo, DT_ACTIVATION_OF_TWO)
DT_ELEMENTWISE(ActivationOfThree, DT_ACTIVATION_OF_THREE)

struct ActivationKernels {
  void (&run)(Activation op, const Tensor& x, DType common, const Tensor& out);
  void (&grad)(ActivationGrad op, const Tensor& dy, const Tensor& y, DType common, const Tensor& dx);
  void (&ofTwo)(ActivationOfTwo op, const Tensor& x, const Operand& y, DType common, const Tensor& out);
  void (&ofThree)(ActivationOfThree op, const Tensor& x, double y, double z, DType common, const Tensor& out);
};

}  // namespace dtrain
