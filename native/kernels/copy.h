// Copies, casts and constants.
#pragma once

namespace dtrain {

class Tensor;

struct CopyKernels {
  // out may have any strides
  void (&fill)(const Tensor& out, double value);
  void (&copy)(const Tensor& x, const Tensor& out);  // casts; any strides on both sides
};

}  // namespace dtrain
