// Optimizer steps.
#pragma once

#include <vector>

namespace dtrain {

class Tensor;

struct Sgd {
  double lr, momentum, dampening, weightDecay;
  bool nesterov, maximize, fresh;  // fresh: the momentum buffer holds nothing yet
};

struct OptimKernels {
  // all contiguous and of one dtype; buffers may be empty (no momentum)
  void (&sgd)(const std::vector<Tensor>& params, const std::vector<Tensor>& grads, const std::vector<Tensor>& buffers,
              const Sgd& p);
};

}  // namespace dtrain
