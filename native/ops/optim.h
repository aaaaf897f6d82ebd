// Optimizer steps over all parameters at once. Parameters without a gradient must be left out by the caller.
#pragma once

#include <vector>

#include "core/tensor.h"
#include "kernels/optim.h"

namespace dtrain {

// buffers: momentum, one per parameter, or none
void sgd(const std::vector<Tensor>& params, const std::vector<Tensor>& buffers, const Sgd& p);

}  // namespace dtrain
