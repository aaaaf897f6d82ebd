// Tensors made of numbers.
#pragma once

namespace dtrain {

class Tensor;

struct CreationKernels {
  void (&arange)(const Tensor& out, double start, double step);
};

}  // namespace dtrain
