// One optimizer step: checks, and one call of the kernel for each dtype and device among the parameters. Those that are
// no formula of one element are ops, which round as PyTorch's do.
#include "ops/optim.h"

#include <cmath>
#include <limits>

#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/matmul.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

void checkCounts(const char* name, const std::vector<Tensor>& params, const std::vector<std::vector<Tensor>>& states,
                 const std::vector<double>& scalars, size_t wanted) {
  check(scalars.size() == wanted, Code::argument, name, ": expected ", wanted, " numbers, got ", scalars.size());
  check(states.size() == params.size(), Code::argument, name, ": ", params.size(), " parameters but states of ",
        states.size());
}

Tensor gradientOf(const char* name, const Tensor& param) {
  requireFloat(name, param);
  const Tensor grad = autogradMeta(param).slot->grad;
  check(grad.defined() && grad.sizes() == param.sizes() && grad.dtype() == param.dtype(), Code::internal, name,
        ": a parameter of shape ", param.sizes(), " has no matching gradient");
  requireSameDevice(name, param, grad);
  return grad;
}

// The length of x as a vector.
Tensor length(const Tensor& x) { return norm(x, 2, {}, false, {}); }

double lengthOf(const Tensor& x) {
  const Tensor host = to(length(x), Device{});
  return loadNumber(host.bytes(), host.dtype());
}

// How far 1 is from the next element of that dtype.
double epsilon(DType dtype) {
  switch (dtype) {
    case DType::float64: return std::numeric_limits<double>::epsilon();
    case DType::float32: return std::numeric_limits<float>::epsilon();
    default: return std::ldexp(1, dtype == DType::float16 ? -10 : -7);
  }
}

// The mean of the squares along a dimension, which stays.
Tensor meanOfSquares(const Tensor& x, int64_t dim) {
  const Tensor squares = square(norm(x, 2, Dims{dim}, true, {}));
  div_(squares, static_cast<double>(x.sizes()[x.sizes().size() + dim]));
  return squares;
}

// The nearest orthogonal matrix, about, by Newton's and Schulz's iteration in bfloat16: X = a X + (b G + c G^2) X with
// G = X X^T. It takes the shorter side of the matrix for rows.
Tensor orthogonal(const Tensor& x, double a, double b, double c, double eps, int steps) {
  const bool tall = x.sizes()[0] > x.sizes()[1];
  Tensor y = cast(tall ? t(x) : x, DType::bfloat16);
  y = div(y, clamp(length(y), Operand(eps), {}));
  for (int i = 0; i < steps; i++) {
    const Tensor gram = matmul(y, t(y));
    y = addmm(y, addmm(gram, gram, gram, b, c), y, a, 1);
  }
  return tall ? t(y) : y;
}

}  // namespace

void optimStep(Optimizer kind, const std::vector<Tensor>& params, const std::vector<std::vector<Tensor>>& states,
               const std::vector<double>& scalars) {
  const OptimizerRow& row = kOptimizers[static_cast<int>(kind)];
  const auto given = static_cast<int>(states.size());
  check(given >= row.leastStates && given <= row.mostStates, Code::argument, row.name, ": expected ", row.leastStates,
        " to ", row.mostStates, " states, got ", given);
  check(scalars.size() == static_cast<size_t>(row.scalars), Code::argument, row.name, ": expected ", row.scalars,
        " numbers, got ", scalars.size());
  for (const auto& state : states)
    check(state.size() == params.size(), Code::argument, row.name, ": ", params.size(), " parameters but ",
          state.size(), " tensors of a state");
  const NoGrad guard;
  std::vector<Tensor> grads;
  for (size_t i = 0; i < params.size(); i++) {
    const Tensor& param = params[i];
    const Tensor grad = gradientOf(row.name, param);
    check(param.isContiguous(), Code::argument, row.name, ": expected contiguous parameters, got strides ",
          param.strides(), " for shape ", param.sizes());
    for (const auto& state : states) {
      requireSameDevice(row.name, param, state[i]);
      check(state[i].sizes() == param.sizes() && state[i].dtype() == param.dtype() && state[i].isContiguous(),
            Code::argument, row.name, ": the state of a parameter of shape ", param.sizes(), " and dtype ",
            param.dtype(), " does not match it");
    }
    grads.push_back(contiguous(grad));
    param.bumpVersion();
  }
  std::vector<bool> taken(params.size(), false);
  for (size_t first = 0; first < params.size(); first++) {
    if (taken[first]) continue;
    std::vector<std::vector<Tensor>> lists(2 + states.size());
    for (size_t i = first; i < params.size(); i++) {
      if (params[i].dtype() != params[first].dtype() || params[i].device() != params[first].device()) continue;
      taken[i] = true;
      lists[0].push_back(params[i]);
      lists[1].push_back(grads[i]);
      for (size_t s = 0; s < states.size(); s++) lists[2 + s].push_back(states[s][i]);
    }
    kernels<OptimKernels>(params[first]).update(kind, lists, scalars);
  }
}

std::vector<uint8_t> haveGradients(const std::vector<Tensor>& params) {
  std::vector<uint8_t> have;
  have.reserve(params.size());
  for (const Tensor& param : params)
    have.push_back(param.impl()->autograd && param.impl()->autograd->slot->grad.defined());
  return have;
}

void adafactorStep(const std::vector<Tensor>& params, const std::vector<std::vector<Tensor>>& states,
                   const std::vector<double>& scalars) {
  checkCounts("adafactor", params, states, scalars, 7);
  const double take = scalars[0], rate = scalars[1], eps2 = scalars[3], most = scalars[4], keep = scalars[5];
  const bool ownEps = std::isnan(scalars[2]), maximize = scalars[6] != 0;
  const NoGrad guard;
  for (size_t i = 0; i < params.size(); i++) {
    const Tensor& param = params[i];
    const std::vector<Tensor>& state = states[i];
    const Tensor given = gradientOf("adafactor", param), grad = maximize ? neg(given) : given;
    const double eps1 = ownEps ? epsilon(param.dtype()) : scalars[2];
    const double root = std::sqrt(static_cast<double>(param.numel()));
    const double size = std::max(eps2, lengthOf(param) / root) * rate;
    if (keep != 1) mul_(param, keep);
    Tensor variance;
    if (grad.sizes().size() > 1) {
      check(state.size() == 2, Code::argument, "adafactor: a parameter of shape ", param.sizes(), " has two factors");
      lerp_(state[0], meanOfSquares(grad, -1), take);
      lerp_(state[1], meanOfSquares(grad, -2), take);
      variance = mul(state[0], state[1]);
      div_(variance, clamp(mean(state[0], Dims{-2}, true, {}), Operand(eps1), {}));
    } else {
      check(state.size() == 1, Code::argument, "adafactor: a parameter of shape ", param.sizes(), " has one variance");
      lerp_(state[0], mul(grad, grad), take);
      variance = state[0];
    }
    const Tensor update = rsqrt(clamp(variance, Operand(eps1 * eps1), {}));
    mul_(update, grad);
    add_(param, update, -size / std::max(1.0, lengthOf(update) / (root * most)));
  }
}

void muonStep(const std::vector<Tensor>& params, const std::vector<std::vector<Tensor>>& states,
              const std::vector<double>& scalars) {
  checkCounts("muon", params, states, scalars, 10);
  const double lr = scalars[0], keep = scalars[1], momentum = scalars[2], eps = scalars[7];
  const bool nesterov = scalars[3] != 0, likeAdamW = scalars[9] != 0;
  const NoGrad guard;
  for (size_t i = 0; i < params.size(); i++) {
    const Tensor &param = params[i], grad = gradientOf("muon", param);
    check(param.sizes().size() == 2 && states[i].size() == 1, Code::argument,
          "muon: expected matrices with a momentum, got shape ", param.sizes(), " with ", states[i].size());
    const Tensor& average = states[i][0];
    lerp_(average, grad, 1 - momentum);
    const Tensor update = orthogonal(nesterov ? lerp(grad, average, momentum) : average, scalars[4], scalars[5],
                                     scalars[6], eps, static_cast<int>(scalars[8]));
    const auto rows = static_cast<double>(param.sizes()[0]), columns = static_cast<double>(param.sizes()[1]);
    const double adjusted =
        likeAdamW ? 0.2 * std::sqrt(std::max(rows, columns)) : std::sqrt(std::max(1.0, rows / columns));
    mul_(param, keep);
    add_(param, update, -lr * adjusted);
  }
}

}  // namespace dtrain
