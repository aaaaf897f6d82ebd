// The gradient of what reads a part of a tensor: zeros, with dy at the place that `view` shows. Its own gradient is the
// view again.
#pragma once

#include "kernels/copy.h"
#include "ops/creation.h"
#include "ops/record.h"

namespace dtrain {

template <class View>
Tensor embed(const char* name, const Tensor& dy, const Dims& sizes, View view) {
  Tensor dx = full(sizes, 0, dy.dtype(), dy.device());
  kernels<CopyKernels>(dx).copy(dy, view(dx));
  return fromGradient(name, dx, dy, view);
}

}  // namespace dtrain
