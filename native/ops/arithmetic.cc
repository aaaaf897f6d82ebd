// See arithmetic.h. `binary` finds the result's dtype, shape and device and calls the kernel; each op adds its
// gradient.
#include "ops/arithmetic.h"

#include "kernels/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/reduce.h"
#include "ops/unary.h"

namespace dtrain {

namespace {

// Whether an integer is one of a dtype's; uint8 counts -255 … -1 from 256.
bool fits(double v, DType dtype) {
  const double limit = std::ldexp(1, static_cast<int>(8 * itemSize(dtype)) - 1);
  return dtype == DType::uint8 ? std::abs(v) < 256 : v >= -limit && v < limit;
}

// Whether y has a zero; only the CPU is asked, where the answer is no wait.
bool dividesByZero(const Operand& y) {
  if (!y.isTensor()) return y.number == 0;
  if (!y.tensor.device().isCpu()) return false;
  const NoGrad guard;
  return sum(eq(y.tensor, 0), std::nullopt, false, std::nullopt).data<int64_t>()[0] != 0;
}

// The kernel of a division.
Arithmetic division(std::optional<Rounding> rounding) {
  if (!rounding) return Arithmetic::div;
  return *rounding == Rounding::trunc ? Arithmetic::divTrunc : Arithmetic::divFloor;
}

// What x and y are computed as. alpha is multiplied in that dtype, so it has to be one of its values.
DType commonType(Arithmetic op, const char* name, const Operand& x, const Operand& y, double alpha) {
  const DType dtype = resultType(x, y);
  if (op == Arithmetic::div) return isFloat(dtype) ? dtype : DType::float32;
  if (op == Arithmetic::divTrunc || op == Arithmetic::divFloor) {
    check(dtype != DType::boolean, Code::dtype, name, ": a rounded division is not defined for bool tensors");
    check(isFloat(dtype) || !dividesByZero(y), Code::argument, name, ": integer division by zero");
  }
  const auto isBool = [](const Operand& o) { return o.isTensor() ? o.tensor.dtype() == DType::boolean : o.boolean; };
  check(op != Arithmetic::sub || !(isBool(x) || isBool(y)), Code::dtype, name, ": not defined for bool tensors");
  check(isFloat(dtype) || isIntegral(alpha), Code::argument, name, ": alpha must be an integer for ", dtype,
        " tensors, got ", alpha);
  check(category(dtype) != 1 || fits(alpha, dtype), Code::argument, name, ": alpha ", alpha, " does not fit ", dtype);
  return dtype;
}

void run(Arithmetic op, const Operand& x, const Operand& y, double alpha, DType common, const Tensor& out) {
  const ArithmeticKernels& table = kernels<ArithmeticKernels>(out);
  if (op == Arithmetic::divTrunc && isHalf(common)) {  // PyTorch cuts the fraction off a quotient that it has rounded
    table.run(Arithmetic::div, x, y, 1, common, out);
    table.run(Arithmetic::divTrunc, out, 1, 1, common, out);
  } else {
    table.run(op, x, y, alpha, common, out);
  }
}

Tensor binary(Arithmetic op, const char* name, const Operand& x, const Operand& y, double alpha = 1) {
  const Dims sizes = broadcast(name, x, y);
  const DType common = commonType(op, name, x, y, alpha);
  const Device device = commonDevice(name, x, y);
  const Tensor out = empty(sizes, common, device);
  run(op, onDevice(x, device), onDevice(y, device), alpha, common, out);
  return out;
}

}  // namespace

// d add = dy, alpha dy
Tensor add(const Operand& x, const Operand& y, double alpha) {
  Tensor out = binary(Arithmetic::add, "add", x, y, alpha);
  if (recordingOperands(x, y))
    record(
        "AddBackward0", out, {x.tensor, y.tensor},
        [dx = GradOf(x), dy = GradOf(y), alpha](const Tensor& d) {
          return Grads{dx([&] { return d; }), dy([&] { return alpha == 1 ? d : mul(d, alpha); })};
        },
        Keeps::nothing);
  return out;
}

// d sub = dy, -alpha dy
Tensor sub(const Operand& x, const Operand& y, double alpha) {
  Tensor out = binary(Arithmetic::sub, "sub", x, y, alpha);
  if (recordingOperands(x, y))
    record(
        "SubBackward0", out, {x.tensor, y.tensor},
        [dx = GradOf(x), dy = GradOf(y), alpha](const Tensor& d) {
          return Grads{dx([&] { return d; }), dy([&] { return alpha == 1 ? neg(d) : mul(d, -alpha); })};
        },
        Keeps::nothing);
  return out;
}

// d mul = dy y, dy x
Tensor mul(const Operand& x, const Operand& y) {
  Tensor out = binary(Arithmetic::mul, "mul", x, y);
  if (recordingOperands(x, y))
    record("MulBackward0", out, {x.tensor, y.tensor},
           [dx = GradOf(x), dy = GradOf(y), x = SavedOperand(x, requiresGrad(y.tensor)),
            y = SavedOperand(y, requiresGrad(x.tensor))](const Tensor& d) {
             return Grads{dx([&] { return mul(d, y.get()); }), dy([&] { return mul(d, x.get()); })};
           });
  return out;
}

// d div = dy / y, -dy (x / y) / y; rounded, it is constant wherever it has a derivative
Tensor div(const Operand& x, const Operand& y, std::optional<Rounding> rounding) {
  Tensor out = binary(division(rounding), "div", x, y);
  if (!recordingOperands(x, y)) return out;
  if (rounding)
    record(
        "DivBackward0", out, {x.tensor, y.tensor},
        [dx = GradOf(x), dy = GradOf(y)](const Tensor& d) {
          const auto none = [&] { return full(d.sizes(), 0, d.dtype(), d.device()); };
          return Grads{dx(none), dy(none)};
        },
        Keeps::nothing);
  else
    record("DivBackward0", out, {x.tensor, y.tensor},
           [dx = GradOf(x), dy = GradOf(y), x = SavedOperand(x, requiresGrad(y.tensor)),
            y = SavedOperand(y, true)](const Tensor& d) {
             return Grads{dx([&] { return div(d, y.get()); }),
                          dy([&] { return mul(neg(d), div(div(x.get(), y.get()), y.get())); })};
           });
  return out;
}

namespace {

// x = op(x, y), rounded to x's dtype.
void inPlace(Arithmetic op, const char* name, const Tensor& x, const Operand& y, double alpha = 1) {
  const DType common = commonType(op, name, x, y, alpha);
  check(category(common) <= category(x.dtype()), Code::dtype, name, ": the result is ", common,
        ", which does not fit into a ", x.dtype(), " tensor in place");
  if (broadcast(name, x, y) != x.sizes())  // and then y is a tensor
    fail(Code::shape, name, ": shape ", y.tensor.sizes(), " does not broadcast to ", x.sizes(),
         " of the tensor changed in place");
  check(commonDevice(name, x, y) == x.device(), Code::argument, name, ": the tensor changed in place is on ",
        x.device(), ", the other one on ", y.isTensor() ? y.tensor.device() : Device{}, "; move one with .to(device)");
  prepareInPlace(name, x, y.tensor);
  const NoGrad guard;
  // Another view of the same memory would be read after it has been written.
  const bool overlaps =
      y.isTensor() && y.tensor.impl() != x.impl() && y.tensor.impl()->storage.get() == x.impl()->storage.get();
  const Operand right = overlaps ? Operand(clone(y.tensor)) : onDevice(y, x.device());
  run(op, x, right, alpha, common, x);
}

}  // namespace

void add_(const Tensor& x, const Operand& y, double alpha) { inPlace(Arithmetic::add, "add_", x, y, alpha); }
void sub_(const Tensor& x, const Operand& y, double alpha) { inPlace(Arithmetic::sub, "sub_", x, y, alpha); }
void mul_(const Tensor& x, const Operand& y) { inPlace(Arithmetic::mul, "mul_", x, y); }
void div_(const Tensor& x, const Operand& y, std::optional<Rounding> rounding) {
  inPlace(division(rounding), "div_", x, y);
}

}  // namespace dtrain
