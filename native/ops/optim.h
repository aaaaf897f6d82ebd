// Optimizer steps over all parameters at once. Parameters without a gradient must be left out by the caller.
#pragma once

#include <vector>

#include "core/tensor.h"
#include "kernels/optim.h"

namespace dtrain {

// The list of kernels/optim.h says how many states and scalars each kind has. A state is a list with a tensor per
// parameter.
void optimStep(Optimizer kind, const std::vector<Tensor>& params, const std::vector<std::vector<Tensor>>& states,
               const std::vector<double>& scalars);

}  // namespace dtrain
