// What ops take where a tensor is not the only choice: a tensor or a number, a tensor or nothing.
#pragma once

#include <cmath>
#include <utility>

#include "core/tensor.h"

namespace dtrain {

// Either side of an elementwise op. A number is a weak scalar: it never becomes a tensor, and it promotes the other
// side only across kinds (an integral number leaves int64 alone, 0.5 makes it float32). true and false are the weakest.
struct Operand {
  Operand(Tensor x) : tensor(std::move(x)) {}  // NOLINT: implicit on purpose
  Operand(double value) : number(value) {}
  static Operand ofBool(bool value) {
    Operand operand(value ? 1.0 : 0.0);
    operand.boolean = true;
    return operand;
  }
  bool isTensor() const { return tensor.defined(); }
  Tensor tensor;
  double number = 0;
  bool boolean = false;  // the number is true or false
};

// A tensor that may be left out, and is undefined then.
struct MaybeTensor : Tensor {
  MaybeTensor() = default;
  MaybeTensor(Tensor x) : Tensor(std::move(x)) {}  // NOLINT: implicit on purpose
};

// Whether a number can be an int64. One beyond its range counts as a float, as 1e30 does in Python.
inline bool isIntegral(double v) { return v >= -0x1p63 && v < 0x1p63 && v == std::floor(v); }

}  // namespace dtrain
