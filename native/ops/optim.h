// Optimizer steps over all parameters at once. Parameters without a gradient must be left out by the caller.
#pragma once

#include <vector>

#include "core/tensor.h"

namespace dtrain {

// buffers: momentum, one per parameter, or none; `fresh` says that they hold nothing yet
void sgd(const std::vector<Tensor>& params, const std::vector<Tensor>& buffers, bool fresh, double lr, double momentum,
         double dampening, double weightDecay, bool nesterov, bool maximize);

}  // namespace dtrain
