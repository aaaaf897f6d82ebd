// Activations of neural networks.
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor relu(const Tensor& x);

}  // namespace dtrain
