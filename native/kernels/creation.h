// Tensors made of numbers.
#pragma once

namespace dtrain {

class Tensor;

struct CreationKernels {
  void (&arange)(const Tensor& out, double start, double step);
  // From both ends, so that the last element is `end` itself; base 0: the elements, else the powers of base.
  void (&linspace)(const Tensor& out, double start, double end, double base);
};

}  // namespace dtrain
