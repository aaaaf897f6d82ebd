// See activation.h. Only the gradient of relu has a kernel of its own; the others are made of ops.
#include "ops/activation.h"

#include <numbers>

#include "kernels/activation.h"
#include "kernels/select.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// dy where y > 0, else 0; linear in dy, so its gradient is itself
Tensor reluGrad(const Tensor& dy, const Tensor& y) {
  Tensor dx = emptyAmong(y, y.dtype());
  kernels<ActivationKernels>(y).grad(ActivationGrad::reluGrad, dy, y, y.dtype(), dx);
  if (recording(dy))
    record("ThresholdBackwardBackward0", dx, dy, [y = Saved(y)](const Tensor& d) { return reluGrad(d, y.get()); });
  return dx;
}

Tensor relu(const char* op, const Tensor& x, bool inPlace) {
  check(x.dtype() != DType::boolean, Code::dtype, op, ": not defined for bool tensors");
  const Tensor y = destination(op, x, x.dtype(), inPlace);
  kernels<ActivationKernels>(x).run(Activation::relu, x, x.dtype(), y);
  return fromOutput("ReluBackward0", y, x, reluGrad);
}

}  // namespace

// d relu(x) = 1 where x > 0, else 0
Tensor relu(const Tensor& x) { return relu("relu", x, false); }
void relu_(const Tensor& x) { relu("relu_", x, true); }

namespace {

Tensor leaky(const char* op, const char* node, const Tensor& x, const Operand& slope, bool inPlace) {
  requireFloat(op, x);
  check(!inPlace || !requiresGrad(slope.tensor), Code::autograd, op,
        ": the slope requires a gradient, which needs the tensor as it was; use the out-of-place op");
  check(!inPlace || slope.isTensor() || slope.number >= 0, Code::argument, op, ": the slope must not be negative, got ",
        slope.number, ": the result would not tell on which side of zero x was");
  check(!slope.isTensor() || slope.tensor.dtype() == x.dtype(), Code::dtype, op, ": expected a slope of dtype ",
        x.dtype(), ", got ", slope.isTensor() ? slope.tensor.dtype() : x.dtype());
  requireSameDevice(op, x, slope.tensor);
  const Tensor y = destination(op, x, x.dtype(), inPlace);
  kernels<ActivationKernels>(x).ofTwo(ActivationOfTwo::leakyRelu, x, slope, x.dtype(), y);
  if (recording(x, slope.tensor))
    record(node, y, {x, slope.tensor},
           [dx = GradOf(x), dSlope = GradOf(slope), kept = inPlace ? Saved::output(y) : Saved(x),
            slope = SavedOperand(slope, true), isPrelu = node[0] == 'P', inPlace](const Tensor& d) {
             note(inPlace ? "result" : "self", kept);
             note(isPrelu ? "weight" : "negative_slope", slope);
             const Tensor x = kept.get();
             return Grads{dx([&] { return where(gt(x, 0), d, mul(d, slope.get())); }),
                          dSlope([&] { return where(gt(x, 0), 0, mul(d, x)); })};
           });
  return y;
}

}  // namespace

// d leakyRelu = 1, x times 0 where x > 0, else the slope, x
Tensor leakyRelu(const Tensor& x, const Operand& slope) {
  return leaky("leakyRelu", "LeakyReluBackward0", x, slope, false);
}
void leakyRelu_(const Tensor& x, const Operand& slope) { leaky("leakyRelu_", "LeakyReluBackward0", x, slope, true); }

Tensor prelu(const Tensor& x, const Tensor& weight) {
  const int64_t channels = x.dim() > 1 ? x.size(1) : 1;
  check(weight.dim() <= 1 && (weight.numel() == 1 || weight.numel() == channels), Code::shape,
        "prelu: expected a weight of shape [1] or [", channels, "], one for each channel, got ", weight.sizes());
  Dims sizes(std::max(x.dim(), 1), 1);
  if (x.dim() > 1) sizes[1] = weight.numel();
  return leaky("prelu", "PreluKernelBackward0", x, reshape(weight, x.dim() > 0 ? sizes : Dims()), false);
}

namespace {

Tensor elu(const char* op, const Tensor& x, double alpha, double scale, bool inPlace) {
  requireFloat(op, x);
  check(!inPlace || alpha >= 0, Code::argument, op, ": alpha must not be negative, got ", alpha,
        ": the result would not tell on which side of zero x was");
  const Tensor y = destination(op, x, x.dtype(), inPlace);
  kernels<ActivationKernels>(x).ofThree(ActivationOfThree::elu, x, alpha, scale, x.dtype(), y);
  if (alpha >= 0)
    return fromOutput("EluBackward0", y, x, [alpha, scale](const Tensor& dy, const Tensor& y) {
      note("alpha", Float(alpha));
      note("input_scale", scale);
      return where(gt(y, 0), dy, mul(dy, mul(add(y, alpha), scale)));
    });
  return fromInput("EluBackward0", y, x, [alpha, scale](const Tensor& dy, const Tensor& x) {
    note("alpha", Float(alpha));
    note("input_scale", scale);
    return where(gt(x, 0), dy, mul(dy, mul(exp(mul(clamp(x, {}, 0), scale)), alpha * scale)));
  });
}

Tensor selu(const char* op, const Tensor& x, bool inPlace) {
  requireFloat(op, x);
  const Tensor y = destination(op, x, x.dtype(), inPlace);
  kernels<ActivationKernels>(x).run(Activation::selu, x, x.dtype(), y);
  return fromOutput("EluBackward0", y, x, [](const Tensor& dy, const Tensor& y) {
    constexpr double alpha = 1.6732632423543772848, scale = 1.0507009873554804935;
    return mul(dy, where(gt(y, 0), scale, add(y, alpha * scale)));
  });
}

// One whose gradient needs x, in place a copy of it.
template <class Gradient>
Tensor smooth(Activation kernel, const char* op, const char* node, const Tensor& x, bool inPlace, Gradient gradient) {
  requireFloat(op, x);
  const Tensor from = inPlace && recording(x) ? clone(x) : x;
  const Tensor y = destination(op, x, x.dtype(), inPlace);
  kernels<ActivationKernels>(x).run(kernel, x, x.dtype(), y);
  return fromInput(node, y, from,
                   [gradient](const Tensor& dy, const Tensor& x) { return roundedOnce(gradient, dy, x); });
}

Tensor silu(const char* op, const Tensor& x, bool inPlace) {
  return smooth(Activation::silu, op, "SiluBackward0", x, inPlace, [](const Tensor& dy, const Tensor& x) {
    const Tensor s = sigmoid(x);
    return mul(dy, mul(s, add(mul(x, sub(1, s)), 1)));
  });
}

Tensor hardsigmoid(const char* op, const Tensor& x, bool inPlace) {
  return smooth(Activation::hardsigmoid, op, "HardsigmoidBackward0", x, inPlace, [](const Tensor& dy, const Tensor& x) {
    return where(logicalAnd(gt(x, -3), lt(x, 3)), mul(dy, 1.0 / 6), 0);
  });
}

Tensor hardswish(const char* op, const Tensor& x, bool inPlace) {
  return smooth(Activation::hardswish, op, "HardswishBackward0", x, inPlace, [](const Tensor& dy, const Tensor& x) {
    const Tensor inner = mul(dy, add(mul(x, 1.0 / 3), 0.5));
    return where(le(x, -3), 0, where(lt(x, 3), inner, dy));
  });
}

Tensor mish(const char* op, const Tensor& x, bool inPlace) {
  return smooth(Activation::mish, op, "MishBackward0", x, inPlace, [](const Tensor& dy, const Tensor& x) {
    const Tensor t = tanh(softplus(x, 1, 20));
    return mul(dy, add(t, mul(mul(x, sigmoid(x)), sub(1, mul(t, t)))));
  });
}

Tensor shrink(ActivationOfTwo kernel, const char* op, const char* node, const Tensor& x, double by) {
  requireFloat(op, x);
  const Tensor y = empty(x.sizes(), x.dtype(), x.device());
  kernels<ActivationKernels>(x).ofTwo(kernel, x, by, x.dtype(), y);
  return fromInput(node, y, x, [by](const Tensor& dy, const Tensor& x) {
    note("lambd", by);
    return where(logicalAnd(ge(x, -by), le(x, by)), 0, dy);
  });
}

// d threshold(x) = 1 where x is more than it, else 0
Tensor threshold(const char* op, const Tensor& x, double limit, double value, bool inPlace) {
  check(x.dtype() != DType::boolean, Code::dtype, op, ": not defined for bool tensors");
  const Tensor replaced = le(x, limit);
  const Tensor y = destination(op, x, x.dtype(), inPlace);
  kernels<SelectKernels>(x).run(Select::where, replaced, value, x, x.dtype(), y);
  if (recording(x))
    record("ThresholdBackward0", y, x,
           [replaced = Saved(replaced)](const Tensor& dy) { return where(replaced.get(), 0, dy); });
  return y;
}
}  // namespace

Tensor threshold(const Tensor& x, double limit, double value) { return threshold("threshold", x, limit, value, false); }
void threshold_(const Tensor& x, double limit, double value) { threshold("threshold_", x, limit, value, true); }

// d elu(x) = 1 where x > 0, else scale (elu(x) + alpha)
Tensor elu(const Tensor& x, double alpha, double scale) { return elu("elu", x, alpha, scale, false); }
void elu_(const Tensor& x, double alpha, double scale) { elu("elu_", x, alpha, scale, true); }

Tensor selu(const Tensor& x) { return selu("selu", x, false); }
void selu_(const Tensor& x) { selu("selu_", x, true); }

// d silu(x) = s (1 + x (1 - s)), s = sigmoid(x)
Tensor silu(const Tensor& x) { return silu("silu", x, false); }
void silu_(const Tensor& x) { silu("silu_", x, true); }

// d hardsigmoid(x) = 1 / 6 between -3 and 3, else 0
Tensor hardsigmoid(const Tensor& x) { return hardsigmoid("hardsigmoid", x, false); }
void hardsigmoid_(const Tensor& x) { hardsigmoid("hardsigmoid_", x, true); }

// d hardswish(x) = x / 3 + 1 / 2 between -3 and 3, 0 below, 1 above
Tensor hardswish(const Tensor& x) { return hardswish("hardswish", x, false); }
void hardswish_(const Tensor& x) { hardswish("hardswish_", x, true); }

// d mish(x) = t + x sigmoid(x) (1 - t^2), t = tanh(softplus(x))
Tensor mish(const Tensor& x) { return mish("mish", x, false); }
void mish_(const Tensor& x) { mish("mish_", x, true); }

// d shrink(x) = 0 within `by` of zero, else 1
Tensor hardshrink(const Tensor& x, double limit) {
  return shrink(ActivationOfTwo::hardshrink, "hardshrink", "HardshrinkBackward0", x, limit);
}
Tensor softshrink(const Tensor& x, double by) {
  check(by >= 0, Code::argument, "softshrink: lambd must not be negative, got ", by);
  return shrink(ActivationOfTwo::softshrink, "softshrink", "SoftshrinkBackward0", x, by);
}

// gelu(x) = x c, with c = (1 + erf(x / sqrt(2))) / 2, and d c = exp(-x^2 / 2) / sqrt(2 pi); or about that, with
// c = (1 + tanh(u)) / 2 and u = sqrt(2 / pi) (x + 0.044715 x^3)
Tensor gelu(const Tensor& x, Approximate approximate) {
  requireFloat("gelu", x);
  const bool exact = approximate == Approximate::none;
  const Tensor y = emptyAmong(x, x.dtype());
  kernels<ActivationKernels>(x).run(exact ? Activation::gelu : Activation::geluTanh, x, x.dtype(), y);
  return fromInput("GeluBackward0", y, x, [exact](const Tensor& dy, const Tensor& x) {
    note("approximate", exact ? "none" : "tanh");
    const auto formula = [exact](const Tensor& dy, const Tensor& x) {
      constexpr double root = std::numbers::sqrt2 * std::numbers::inv_sqrtpi, cubic = 0.044715;  // root of 2 / pi
      const Tensor square = mul(x, x);
      if (exact) {
        const Tensor c = mul(add(erf(mul(x, 1 / std::numbers::sqrt2)), 1), 0.5);
        return mul(dy, add(c, mul(x, mul(exp(mul(square, -0.5)), root / 2))));
      }
      const Tensor t = tanh(mul(mul(x, add(mul(square, cubic), 1)), root));
      const Tensor du = mul(add(mul(square, 3 * cubic), 1), root);
      return mul(dy, mul(add(add(t, 1), mul(mul(x, sub(1, mul(t, t))), du)), 0.5));
    };
    return roundedOnce(formula, dy, x);
  });
}

// d softplus(x) = sigmoid(beta x), or 1 beyond the threshold
Tensor softplus(const Tensor& x, double beta, double threshold) {
  requireFloat("softplus", x);
  const Tensor y = emptyAmong(x, x.dtype());
  kernels<ActivationKernels>(x).ofThree(ActivationOfThree::softplus, x, beta, threshold, x.dtype(), y);
  return fromInput("SoftplusBackward0", y, x, [beta, threshold](const Tensor& dy, const Tensor& x) {
    note("beta", beta);
    note("threshold", threshold);
    const Tensor scaled = mul(x, beta);
    return mul(dy, where(gt(scaled, threshold), 1, sigmoid(scaled)));
  });
}

// d logsigmoid(x) = sigmoid(-x)
Tensor logsigmoid(const Tensor& x) {
  requireFloat("logsigmoid", x);
  const Tensor y = emptyAmong(x, x.dtype());
  kernels<ActivationKernels>(x).run(Activation::logsigmoid, x, x.dtype(), y);
  return fromInput("LogSigmoidBackward0", y, x,
                   [](const Tensor& dy, const Tensor& x) { return mul(dy, sigmoid(neg(x))); });
}

}  // namespace dtrain
