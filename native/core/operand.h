// What an elementwise op takes on either side: a tensor or a plain number. A number is a weak scalar: it never becomes
// a tensor, and it promotes the other side only across kinds (an integral number leaves int64 alone, 0.5 makes it
// float32).
#pragma once

#include <cmath>

#include "core/tensor.h"

namespace dtrain {

struct Operand {
  Operand(const Tensor& x) : tensor(x) {}  // NOLINT: implicit on purpose
  Operand(double value) : number(value) {}
  bool isTensor() const { return tensor.defined(); }
  Tensor tensor;
  double number = 0;
};

// Whether a number can be an int64. One beyond its range counts as a float, as 1e30 does in Python.
inline bool isIntegral(double v) { return v >= -0x1p63 && v < 0x1p63 && v == std::floor(v); }

}  // namespace dtrain
