// What ops of two operands share: the shape, dtype and device of their result, and gradients back in those of an input.
#pragma once

#include "core/operand.h"
#include "ops/record.h"

namespace dtrain {

// The sizes of an op of x and y, by PyTorch's broadcasting.
Dims broadcast(const char* op, const Operand& x, const Operand& y);
Dims broadcast(const char* op, const Dims& x, const Dims& y);

// PyTorch's result type: tensors with dimensions, then 0-d tensors, then numbers; a weaker class only matters when its
// category (bool < integer < float) is higher.
DType resultType(const Operand& x, const Operand& y);

// Where the result is. A 0-d tensor of the CPU may meet tensors of any device, as in PyTorch.
Device commonDevice(const char* op, const Operand& x, const Operand& y);
Device commonDevice(const char* op, const std::vector<Tensor>& xs);  // undefined ones are numbers

// x on that device, if it is a tensor: x itself, which must outlive this, where it is there.
class OnDevice {
 public:
  OnDevice(const Operand& x, Device device);
  operator const Operand&() const { return moved_.isTensor() ? moved_ : given_; }  // NOLINT: implicit on purpose

 private:
  const Operand& given_;
  Operand moved_ = 0.0;
};

inline bool recordingOperands(const Operand& x, const Operand& y) { return recording(x.tensor, y.tensor); }

// How a gradient becomes one of an input, without keeping the input alive.
struct GradOf {
  explicit GradOf(const Operand& x);
  // dx() summed down to the input's sizes, in its dtype and on its device; undefined if the input needs none.
  template <class F>
  Tensor operator()(F&& dx) const {
    return wanted ? to(sumTo(dx(), sizes, dtype), device) : Tensor();
  }
  bool wanted;
  Dims sizes;
  DType dtype{};
  Device device;
};

// A tensor or number kept for backward, if the formula needs it.
struct SavedOperand {
  SavedOperand(const Operand& x, bool needed)
      : tensor(needed ? x.tensor : Tensor()), number(x.isTensor() ? std::nan("") : x.number) {}
  Operand get() const {
    Tensor x = tensor.get();
    return x.defined() ? Operand(x) : Operand(number);
  }
  Saved tensor;
  double number;  // NaN for a tensor
};
inline std::string inPython(const SavedOperand& x) {
  return x.tensor.defined() || std::isnan(x.number) ? inPython(x.tensor) : inPython(x.number);
}

}  // namespace dtrain
