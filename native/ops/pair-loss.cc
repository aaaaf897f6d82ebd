// Losses of pairs of elements, x and target. A kernel gives the loss of each pair, another one its slope, the
// derivative by x; all else is made of ops. The slope is recorded, with its own derivatives, so second derivatives
// work; the node of the loss is one, with PyTorch's name. Between input and result halves are as wide as what they are
// computed in, so they are rounded once, and a mean holds its small shares.
#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/loss.h"
#include "ops/reduce.h"
#include "ops/unary.h"

namespace dtrain {

namespace {

constexpr double kLeastDivisor = 1e-12;  // PyTorch's, of the derivatives of Entropy

struct Formula {
  const char* op;    // in errors
  const char* node;  // of the gradient
  PairLoss kind;
  double alpha = 1;
};

Tensor sumAll(const Tensor& x) { return sum(x, std::nullopt, false, std::nullopt); }

// The losses of pairs reduced by recorded ops.
Tensor reduced(const Tensor& each, Reduction reduction) {
  if (reduction == Reduction::none) return each;
  return reduction == Reduction::sum ? sumAll(each) : mean(each, std::nullopt, false, std::nullopt);
}

// What the pairs are computed as.
DType commonType(const Formula& f, const Tensor& x, const Tensor& target) {
  const DType dtype = resultType(x, target);
  if (!isFloat(dtype)) failDType(f.op, dtype);
  return dtype;
}

DType wide(DType dtype) { return typeOf(computeOf(dtype)); }

Tensor lossOfPairs(const Formula& f, const Tensor& x, const Tensor& target, DType dtype) {
  const Tensor out = empty(broadcast(f.op, x, target), dtype, x.device());
  kernels<LossKernels>(x).pair(f.kind, x, target, f.alpha, commonType(f, x, target), out);
  return out;
}

// x (1 - x), which is not 0
Tensor divisor(const Tensor& x) { return mul(add(x, kLeastDivisor), sub(1 + kLeastDivisor, x)); }

// The derivative of the slope by x.
Operand curvature(const Formula& f, const Tensor& x, const Tensor& target) {
  switch (f.kind) {
    case PairLoss::mse: return 2;
    case PairLoss::smoothL1:
    case PairLoss::huber: {  // 0 from alpha on
      const NoGrad guard;
      const Tensor d = sub(x, target), inside = cast(lt(abs(d), f.alpha), d.dtype());
      return f.kind == PairLoss::huber ? inside : div(inside, f.alpha);
    }
    case PairLoss::entropy: {  // (x^2 - 2 x t + t) / (x (1 - x))^2
      const Tensor root = divisor(x);
      return div(add(mul(x, sub(x, mul(target, 2))), target), mul(root, root));
    }
    case PairLoss::logitEntropy: {
      const Tensor p = sigmoid(x);
      return mul(p, sub(1, p));
    }
  }
  fail(Code::internal, f.op, ": no such loss");
}

// The derivative of the slope by target.
Operand slopeByTarget(const Formula& f, const Tensor& x, const Tensor& target) {
  if (f.kind == PairLoss::mse) return -2;
  if (f.kind == PairLoss::entropy) return div(-1, divisor(x));
  if (f.kind == PairLoss::logitEntropy) return -1;
  return neg(curvature(f, x, target).tensor);
}

Tensor slopeOf(const Formula& f, const Tensor& x, const Tensor& target) {
  const DType dtype = commonType(f, x, target);
  const Tensor out = empty(broadcast(f.op, x, target), wide(dtype), x.device());
  kernels<LossKernels>(x).slope(f.kind, x, target, f.alpha, dtype, out);
  if (recording(x, target))
    record(f.node, out, {x, target},
           [f, dx = GradOf(x), dt = GradOf(target), x = Saved(x), target = Saved(target)](const Tensor& g) {
             return Grads{dx([&] { return mul(g, curvature(f, x.get(), target.get())); }),
                          dt([&] { return mul(g, slopeByTarget(f, x.get(), target.get())); })};
           });
  return out;
}

struct Weights {
  Tensor weight, posWeight;  // either may be undefined; constants
};

// The derivative of the loss of each pair by x. posWeight counts -log sigmoid(x), what a true target costs, that many
// times.
Tensor byX(const Formula& f, const Tensor& x, const Tensor& target, const Tensor& posWeight) {
  const Tensor slope = slopeOf(f, x, target);
  if (!posWeight.defined()) return slope;
  return add(slope, mul(mul(sub(posWeight, 1), target), sub(sigmoid(widened(x)), 1)));
}

// The same by target, where that is not -byX.
Tensor byTarget(const Formula& f, const Tensor& x, const Tensor& posWeight) {
  if (f.kind == PairLoss::entropy) return sub(log(sub(1, x)), log(x));
  return neg(posWeight.defined() ? add(x, mul(sub(posWeight, 1), logsigmoid(x))) : x);
}

// `dtype` is that of the result.
Tensor pairLoss(const Formula& f, const Tensor& x, const Tensor& target, Reduction reduction, DType dtype,
                const Weights& weights = {}) {
  const auto& [weight, posWeight] = weights;
  Tensor y;
  int64_t count = 0;
  {
    const NoGrad guard;
    const bool final = reduction == Reduction::none && !weight.defined() && !posWeight.defined();
    y = lossOfPairs(f, x, target, final ? dtype : wide(dtype));
    if (posWeight.defined()) y = sub(y, mul(mul(sub(posWeight, 1), target), logsigmoid(widened(x))));
    if (weight.defined()) y = mul(y, weight);
    count = y.numel();
    y = cast(reduced(y, reduction), dtype);
  }
  if (recording(x, target))
    record(f.node, y, {x, target},
           [f, reduction, count, dx = GradOf(x), dt = GradOf(target), x = Saved(x), target = Saved(target),
            weight = Saved(weight), posWeight = Saved(posWeight)](const Tensor& dy) {
             note("reduction", static_cast<int>(reduction));
             note("self", x);
             note("target", target);
             if (f.kind == PairLoss::entropy || f.kind == PairLoss::logitEntropy) note("weight", weight);
             if (f.kind == PairLoss::logitEntropy) note("pos_weight", posWeight);
             if (f.kind == PairLoss::huber) note("delta", Float(f.alpha));
             if (f.kind == PairLoss::smoothL1) note("beta", Float(f.alpha));
             const Tensor share =
                 reduction == Reduction::mean ? div(cast(dy, wide(dy.dtype())), static_cast<double>(count)) : dy;
             const auto times = [&](const Tensor& slope) {
               return mul(weight.get().defined() ? mul(slope, weight.get()) : slope, share);
             };
             if (f.kind == PairLoss::entropy || f.kind == PairLoss::logitEntropy)
               return Grads{dx([&] { return times(byX(f, x.get(), target.get(), posWeight.get())); }),
                            dt([&] { return times(byTarget(f, widened(x.get()), posWeight.get())); })};
             const Tensor d = times(byX(f, x.get(), target.get(), {}));
             return Grads{dx([&] { return d; }), dt([&] { return neg(d); })};
           });
  return y;
}

// With a weight for each pair.
Tensor weighted(const char* op, const Tensor& x, const Tensor& weight, const Tensor& each) {
  requireSameDevice(op, x, weight);
  check(weight.sizes() == x.sizes(), Code::shape, op, ": expected a weight for each element of input ", x.sizes(),
        ", got ", weight.sizes());
  return mul(each, weight);
}

// The mean is over the weights.
Tensor weightedMean(const char* op, const Tensor& x, const Tensor& weight, Reduction reduction, const Tensor& each) {
  const Tensor y = weighted(op, x, weight, each);
  return reduction == Reduction::mean ? div(sumAll(y), sumAll(weight)) : reduced(y, reduction);
}

void checkSizes(const char* op, const Tensor& x, const Tensor& target) {
  requireSameDevice(op, x, target);
  check(x.sizes() == target.sizes(), Code::shape, op, ": expected a target of the shape of input, ", x.sizes(),
        ", got ", target.sizes());
}

// A weight of a cross entropy: a constant that broadcasts to the losses of all pairs.
void checkWeight(const char* op, const char* name, const Tensor& weight, const Tensor& x) {
  if (!weight.defined()) return;
  requireSameDevice(op, x, weight);
  Dims sizes;
  check(broadcastSizes(weight.sizes(), x.sizes(), &sizes) && sizes == x.sizes(), Code::shape, op, ": ", name, " ",
        weight.sizes(), " does not broadcast to input ", x.sizes());
  check(!requiresGrad(weight), Code::autograd, op, ": ", name, " has no gradient; detach() it");
}

// The element that is the furthest outside [0, 1], NaN before all others.
double furthest(const Tensor& x) {
  const NoGrad guard;
  const Tensor above = max(sub(x, 1)), below = max(neg(x));
  const double a = *cast(above, DType::float64).data<double>(), b = *cast(below, DType::float64).data<double>();
  return a >= b || std::isnan(a) ? a + 1 : -b;
}

}  // namespace

Tensor mseLoss(const Tensor& x, const Tensor& target, Reduction reduction, const MaybeTensor& weight) {
  const Formula f{"mseLoss", "MseLossBackward0", PairLoss::mse};
  requireSameDevice(f.op, x, target);
  const DType dtype = commonType(f, x, target);
  if (!weight.defined()) return pairLoss(f, x, target, reduction, dtype);
  return weightedMean(f.op, x, weight, reduction, pairLoss(f, x, target, Reduction::none, dtype));
}

Tensor l1Loss(const Tensor& x, const Tensor& target, Reduction reduction, const MaybeTensor& weight) {
  requireSameDevice("l1Loss", x, target);
  const Tensor each = abs(sub(x, target));
  return weight.defined() ? weightedMean("l1Loss", x, weight, reduction, each) : reduced(each, reduction);
}

Tensor huberLoss(const Tensor& x, const Tensor& target, Reduction reduction, double delta, const MaybeTensor& weight) {
  const Formula f{"huberLoss", "HuberLossBackward0", PairLoss::huber, delta};
  requireSameDevice(f.op, x, target);
  requireFloat(f.op, x);
  check(delta > 0, Code::argument, f.op, ": delta must be positive, got ", delta);
  if (!weight.defined()) return pairLoss(f, x, target, reduction, x.dtype());
  return reduced(weighted(f.op, x, weight, pairLoss(f, x, target, Reduction::none, x.dtype())), reduction);
}

Tensor smoothL1Loss(const Tensor& x, const Tensor& target, Reduction reduction, double beta) {
  const Formula f{"smoothL1Loss", "SmoothL1LossBackward0", PairLoss::smoothL1, beta};
  requireSameDevice(f.op, x, target);
  check(beta >= 0, Code::argument, f.op, ": beta must not be negative, got ", beta);
  if (beta == 0) return l1Loss(x, target, reduction, {});
  return pairLoss(f, x, target, reduction, commonType(f, x, target));
}

Tensor binaryCrossEntropy(const Tensor& x, const Tensor& target, const MaybeTensor& weight, Reduction reduction) {
  const Formula f{"binaryCrossEntropy", "BinaryCrossEntropyBackward0", PairLoss::entropy};
  checkSizes(f.op, x, target);
  requireFloat(f.op, x);
  check(target.dtype() == x.dtype(), Code::dtype, f.op, ": expected a target of the dtype of input, ", x.dtype(),
        ", got ", target.dtype());
  checkWeight(f.op, "weight", weight, x);
  const Tensor y = pairLoss(f, x, target, reduction, x.dtype(), {weight, {}});
  if (!x.device().isCpu() || x.numel() == 0) return y;
  const NoGrad guard;
  const Tensor total = sumAll(y);  // the loss of a pair outside is NaN
  if (std::isnan(*cast(total, DType::float64).data<double>())) {
    for (const auto& [name, values] : {std::pair("input", x), std::pair("target", target)}) {
      const double value = furthest(values);
      check(value >= 0 && value <= 1, Code::argument, f.op, ": all elements of ", name, " must be from 0 to 1, got ",
            value);
    }
  }
  return y;
}

Tensor binaryCrossEntropyWithLogits(const Tensor& x, const Tensor& target, const MaybeTensor& weight,
                                    Reduction reduction, const MaybeTensor& posWeight) {
  const Formula f{"binaryCrossEntropyWithLogits", "BinaryCrossEntropyWithLogitsBackward0", PairLoss::logitEntropy};
  checkSizes(f.op, x, target);
  requireFloat(f.op, x);
  requireFloat(f.op, target);
  checkWeight(f.op, "weight", weight, x);
  checkWeight(f.op, "posWeight", posWeight, x);
  return pairLoss(f, x, target, reduction, target.dtype(), {weight, posWeight});
}

}  // namespace dtrain
