// One optimizer step: checks, and one call of the kernel for each dtype and device among the parameters.
#include "ops/optim.h"

#include "ops/copy.h"
#include "ops/record.h"

namespace dtrain {

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
    requireFloat(row.name, param);
    check(param.isContiguous(), Code::argument, row.name, ": expected contiguous parameters, got strides ",
          param.strides(), " for shape ", param.sizes());
    const Tensor grad = autogradMeta(param).slot->grad;
    check(grad.defined() && grad.sizes() == param.sizes() && grad.dtype() == param.dtype(), Code::internal, row.name,
          ": a parameter of shape ", param.sizes(), " has no matching gradient");
    requireSameDevice(row.name, param, grad);
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

}  // namespace dtrain
