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

// Which of the parameters have a gradient.
std::vector<uint8_t> haveGradients(const std::vector<Tensor>& params);

// Adafactor and Muon, which are no formulas of one element, made of ops. `states` has the tensors of each parameter:
// Adafactor's variance or, of two dimensions or more, its factors by rows and by columns; Muon's momentum. The numbers
// are those that stand in the first lines of each.
void adafactorStep(const std::vector<Tensor>& params, const std::vector<std::vector<Tensor>>& states,
                   const std::vector<double>& scalars);
void muonStep(const std::vector<Tensor>& params, const std::vector<std::vector<Tensor>>& states,
              const std::vector<double>& scalars);

}  // namespace dtrain
