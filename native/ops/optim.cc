// Checks that parameters, gradients and buffers belong together, and one kernel for all parameters of a device and
// dtype.
#include "ops/optim.h"

#include "kernels/optim.h"
#include "ops/copy.h"
#include "ops/record.h"

namespace dtrain {

void sgd(const std::vector<Tensor>& params, const std::vector<Tensor>& buffers, bool fresh, double lr, double momentum,
         double dampening, double weightDecay, bool nesterov, bool maximize) {
  check(buffers.empty() || buffers.size() == params.size(), Code::internal, "sgd: ", params.size(), " parameters but ",
        buffers.size(), " buffers");
  if (params.empty()) return;
  const NoGrad guard;
  std::vector<Tensor> grads;
  for (const Tensor& param : params) {
    requireFloat("sgd", param);
    check(param.isContiguous(), Code::argument, "sgd: expected contiguous parameters, got strides ", param.strides(),
          " for shape ", param.sizes());
    const Tensor grad = autogradMeta(param).slot->grad;
    check(grad.defined() && grad.sizes() == param.sizes() && grad.dtype() == param.dtype(), Code::internal,
          "sgd: a parameter of shape ", param.sizes(), " has no matching gradient");
    requireSameDevice("sgd", param, grad);
    grads.push_back(contiguous(grad));
    const size_t i = grads.size() - 1;
    requireSameDevice("sgd", param, buffers.empty() ? Tensor() : buffers[i]);
    check(buffers.empty() ||
              (buffers[i].sizes() == param.sizes() && buffers[i].dtype() == param.dtype() && buffers[i].isContiguous()),
          Code::argument, "sgd: the momentum of a parameter of shape ", param.sizes(), " and dtype ", param.dtype(),
          " does not match it");
    param.bumpVersion();
  }
  // A kernel takes parameters of one device and dtype.
  std::vector<bool> taken(params.size(), false);
  for (size_t first = 0; first < params.size(); first++) {
    if (taken[first]) continue;
    std::vector<Tensor> some, theirGrads, theirBuffers;
    for (size_t i = first; i < params.size(); i++) {
      if (params[i].dtype() != params[first].dtype() || params[i].device() != params[first].device()) continue;
      taken[i] = true;
      some.push_back(params[i]);
      theirGrads.push_back(grads[i]);
      if (!buffers.empty()) theirBuffers.push_back(buffers[i]);
    }
    kernels<OptimKernels>(some[0]).sgd(some, theirGrads, theirBuffers,
                                       {lr, momentum, dampening, weightDecay, nesterov, maximize, fresh});
  }
}

}  // namespace dtrain
