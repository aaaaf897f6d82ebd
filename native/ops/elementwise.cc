// Elementwise ops. `binary` broadcasts, promotes and allocates; each op adds its gradient.
#include "ops/elementwise.h"

#include "kernels/copy.h"
#include "kernels/elementwise.h"
#include "ops/copy.h"
#include "ops/record.h"

namespace dtrain {

namespace {

Dims broadcast(const char* op, const Dims& a, const Dims& b) {
  Dims out;
  if (broadcastSizes(a, b, &out)) return out;
  const auto sizeAt = [&](const Dims& sizes, int i) {  // i counts from the right
    return i < sizes.size() ? sizes[sizes.size() - 1 - i] : int64_t{1};
  };
  int bad = std::min(a.size(), b.size()) - 1;
  while (sizeAt(a, bad) == sizeAt(b, bad) || sizeAt(a, bad) == 1 || sizeAt(b, bad) == 1) bad--;
  fail(Code::shape, op, ": shapes do not broadcast: ", a, " and ", b, " (", sizeAt(a, bad), " != ", sizeAt(b, bad),
       " in dim ", out.size() - 1 - bad, ")");
}

// PyTorch's result type: tensors with dimensions, then 0-d tensors, then numbers; a weaker class only matters when its
// kind (bool < integer < float) is higher.
int kind(DType d) { return d == DType::boolean ? 0 : isFloat(d) ? 2 : 1; }

DType withNumber(DType dtype, double number) {
  return kind(dtype) == 2 || (kind(dtype) == 1 && isIntegral(number)) ? dtype
         : isIntegral(number)                                         ? DType::int64
                                                                      : DType::float32;
}

DType resultType(const Operand& x, const Operand& y) {
  if (!x.isTensor()) return withNumber(y.tensor.dtype(), x.number);
  if (!y.isTensor()) return withNumber(x.tensor.dtype(), y.number);
  const DType a = x.tensor.dtype(), b = y.tensor.dtype();
  const bool aWeak = x.tensor.dim() == 0 && y.tensor.dim() > 0, bWeak = y.tensor.dim() == 0 && x.tensor.dim() > 0;
  if (aWeak) return kind(a) > kind(b) ? a : b;
  if (bWeak) return kind(b) > kind(a) ? b : a;
  return promote(a, b);
}

Operand converted(const Operand& x, DType dtype) { return x.isTensor() ? Operand(cast(x.tensor, dtype)) : x; }

// Where the result is. A 0-d tensor of the CPU may meet tensors of any device, as in PyTorch.
Device commonDevice(const char* op, const Operand& x, const Operand& y) {
  if (!x.isTensor()) return y.tensor.device();
  if (!y.isTensor()) return x.tensor.device();
  const auto guest = [](const Tensor& t) { return t.dim() == 0 && t.device().isCpu(); };
  if (guest(y.tensor)) return x.tensor.device();
  if (guest(x.tensor)) return y.tensor.device();
  requireSameDevice(op, x.tensor, y.tensor);
  return x.tensor.device();
}

Operand onDevice(const Operand& x, Device device) { return x.isTensor() ? Operand(to(x.tensor, device)) : x; }

// alpha is multiplied in the dtype of the result, so it has to be one of its values; uint8 counts -255 … -1 from 256.
void checkAlpha(const char* op, double alpha, DType dtype) {
  check(isFloat(dtype) || isIntegral(alpha), Code::argument, op, ": alpha must be an integer for ", dtype,
        " tensors, got ", alpha);
  check(dtype != DType::uint8 || std::abs(alpha) < 256, Code::argument, op, ": alpha ", alpha, " does not fit ", dtype);
}

bool isBool(const Operand& x) { return x.isTensor() && x.tensor.dtype() == DType::boolean; }

Tensor binary(Binary op, const Operand& x, const Operand& y, double alpha = 1) {
  check(x.isTensor() || y.isTensor(), Code::argument, name(op), ": expected at least one tensor, got two numbers");
  DType dtype = resultType(x, y);
  if (op == Binary::div && !isFloat(dtype)) dtype = DType::float32;
  check(op != Binary::sub || !(isBool(x) || isBool(y)), Code::dtype, "sub: not defined for bool tensors");
  checkAlpha(name(op), alpha, dtype);
  const Dims sizes = !x.isTensor()   ? y.tensor.sizes()
                     : !y.isTensor() ? x.tensor.sizes()
                                     : broadcast(name(op), x.tensor.sizes(), y.tensor.sizes());
  const Device device = commonDevice(name(op), x, y);
  const NoGrad guard;  // casts here are not ops of the graph: each gradient is cast back by sumTo
  Tensor out = empty(sizes, isComparison(op) ? DType::boolean : dtype, device);
  kernels<BinaryKernels>(out).binary(op, onDevice(converted(x, dtype), device), onDevice(converted(y, dtype), device),
                                     alpha, out);
  return out;
}

bool recordingOperands(const Operand& x, const Operand& y) { return recording(x.tensor, y.tensor); }

// What sumTo needs to know of an input, without keeping the input alive.
struct Shape {
  explicit Shape(const Operand& x) : wanted(requiresGrad(x.tensor)) {
    if (wanted) {
      sizes = x.tensor.sizes();
      dtype = x.tensor.dtype();
      device = x.tensor.device();
    }
  }
  template <class F>
  Tensor grad(F&& dx) const {
    return wanted ? to(sumTo(dx(), sizes, dtype), device) : Tensor();
  }
  bool wanted;
  Dims sizes;
  DType dtype{};
  Device device;
};

// A tensor or number kept for backward, if the formula needs it.
struct SavedOperand {
  SavedOperand(const Operand& x, bool needed) : tensor(needed ? x.tensor : Tensor()), number(x.number) {}
  Operand get() const {
    Tensor x = tensor.get();
    return x.defined() ? Operand(x) : Operand(number);
  }
  Saved tensor;
  double number;
};

}  // namespace

// d add = dy, alpha dy
Tensor add(const Operand& x, const Operand& y, double alpha) {
  Tensor out = binary(Binary::add, x, y, alpha);
  if (recordingOperands(x, y))
    record(
        "AddBackward0", out, {x.tensor, y.tensor},
        [sx = Shape(x), sy = Shape(y), alpha](const Tensor& d) {
          return Grads{sx.grad([&] { return d; }), sy.grad([&] { return alpha == 1 ? d : mul(d, alpha); })};
        },
        Keeps::nothing);
  return out;
}

// d sub = dy, -alpha dy
Tensor sub(const Operand& x, const Operand& y, double alpha) {
  Tensor out = binary(Binary::sub, x, y, alpha);
  if (recordingOperands(x, y))
    record(
        "SubBackward0", out, {x.tensor, y.tensor},
        [sx = Shape(x), sy = Shape(y), alpha](const Tensor& d) {
          return Grads{sx.grad([&] { return d; }), sy.grad([&] { return alpha == 1 ? neg(d) : mul(d, -alpha); })};
        },
        Keeps::nothing);
  return out;
}

// d mul = dy y, dy x
Tensor mul(const Operand& x, const Operand& y) {
  Tensor out = binary(Binary::mul, x, y);
  if (recordingOperands(x, y))
    record("MulBackward0", out, {x.tensor, y.tensor},
           [sx = Shape(x), sy = Shape(y), x = SavedOperand(x, requiresGrad(y.tensor)),
            y = SavedOperand(y, requiresGrad(x.tensor))](const Tensor& d) {
             return Grads{sx.grad([&] { return mul(d, y.get()); }), sy.grad([&] { return mul(d, x.get()); })};
           });
  return out;
}

// d div = dy / y, -dy (x / y) / y
Tensor div(const Operand& x, const Operand& y) {
  Tensor out = binary(Binary::div, x, y);
  if (recordingOperands(x, y))
    record("DivBackward0", out, {x.tensor, y.tensor},
           [sx = Shape(x), sy = Shape(y), x = SavedOperand(x, requiresGrad(y.tensor)),
            y = SavedOperand(y, true)](const Tensor& d) {
             return Grads{sx.grad([&] { return div(d, y.get()); }),
                          sy.grad([&] { return mul(neg(d), div(div(x.get(), y.get()), y.get())); })};
           });
  return out;
}

Tensor eq(const Operand& x, const Operand& y) { return binary(Binary::eq, x, y); }
Tensor ne(const Operand& x, const Operand& y) { return binary(Binary::ne, x, y); }
Tensor lt(const Operand& x, const Operand& y) { return binary(Binary::lt, x, y); }
Tensor le(const Operand& x, const Operand& y) { return binary(Binary::le, x, y); }
Tensor gt(const Operand& x, const Operand& y) { return binary(Binary::gt, x, y); }
Tensor ge(const Operand& x, const Operand& y) { return binary(Binary::ge, x, y); }

namespace {
Tensor unary(Unary op, const Tensor& x) {
  Tensor y = empty(x.sizes(), x.dtype(), x.device());
  kernels<UnaryKernels>(x).unary(op, x, y);
  return y;
}
// exp and log of integers are float32.
Tensor floating(const Tensor& x) { return isFloat(x.dtype()) ? x : cast(x, DType::float32); }
}  // namespace

// d(-x) = -1
Tensor neg(const Tensor& x) {
  check(x.dtype() != DType::boolean, Code::dtype, "neg: not defined for bool tensors");
  Tensor y = unary(Unary::neg, x);
  if (recording(x))
    record(
        "NegBackward0", y, x, [](const Tensor& dy) { return neg(dy); }, Keeps::nothing);
  return y;
}

// d exp(x) = exp(x)
Tensor exp(const Tensor& x) {
  Tensor y = unary(Unary::exp, floating(x));
  if (recording(x)) record("ExpBackward0", y, x, [y = Saved::output(y)](const Tensor& dy) { return mul(dy, y.get()); });
  return y;
}

// d log(x) = 1 / x
Tensor log(const Tensor& x) {
  Tensor y = unary(Unary::log, floating(x));
  if (recording(x)) record("LogBackward0", y, x, [x = Saved(x)](const Tensor& dy) { return div(dy, x.get()); });
  return y;
}

namespace {
// dy where y > 0, else 0; linear in dy, so its gradient is itself
Tensor reluGrad(const Tensor& dy, const Saved& y) {
  Tensor dx = binary(Binary::reluGrad, dy, y.get());
  if (recording(dy)) record("ThresholdBackwardBackward0", dx, dy, [y](const Tensor& d) { return reluGrad(d, y); });
  return dx;
}
}  // namespace

// d relu(x) = 1 where x > 0, else 0
Tensor relu(const Tensor& x) {
  check(x.dtype() != DType::boolean, Code::dtype, "relu: not defined for bool tensors");
  Tensor y = unary(Unary::relu, x);
  if (recording(x)) record("ReluBackward0", y, x, [y = Saved::output(y)](const Tensor& dy) { return reluGrad(dy, y); });
  return y;
}

namespace {

// x = op(x, y), in x's dtype.
void inPlace(Binary op, const char* name, const Tensor& x, const Operand& y, double alpha = 1) {
  DType dtype = resultType(x, y);
  if (op == Binary::div && !isFloat(dtype)) dtype = DType::float32;
  check(kind(dtype) <= kind(x.dtype()), Code::dtype, name, ": the result is ", dtype, ", which does not fit into a ",
        x.dtype(), " tensor in place");
  check(op != Binary::sub || !(isBool(x) || isBool(y)), Code::dtype, name, ": not defined for bool tensors");
  checkAlpha(name, alpha, dtype);
  if (y.isTensor()) {
    const Dims sizes = broadcast(name, x.sizes(), y.tensor.sizes());
    check(sizes == x.sizes(), Code::shape, name, ": shape ", y.tensor.sizes(), " does not broadcast to ", x.sizes(),
          " of the tensor changed in place");
  }
  check(commonDevice(name, x, y) == x.device(), Code::argument, name, ": the tensor changed in place is on ",
        x.device(), ", the other one on ", y.isTensor() ? y.tensor.device() : Device{}, "; move one with .to(device)");
  prepareInPlace(name, x, y.tensor);
  const NoGrad guard;
  const bool overlap =
      y.isTensor() && y.tensor.impl()->storage.get() == x.impl()->storage.get() && !(y.tensor.impl() == x.impl());
  Operand right = onDevice(converted(y, dtype), x.device());
  if (overlap && right.tensor.impl() == y.tensor.impl()) right = Operand(clone(y.tensor));
  if (dtype == x.dtype()) return kernels<BinaryKernels>(x).binary(op, x, right, alpha, x);
  Tensor result = empty(x.sizes(), dtype, x.device());
  kernels<BinaryKernels>(x).binary(op, cast(x, dtype), right, alpha, result);
  kernels<CopyKernels>(x).copy(result, x);
}

}  // namespace

void add_(const Tensor& x, const Operand& y, double alpha) { inPlace(Binary::add, "add_", x, y, alpha); }
void sub_(const Tensor& x, const Operand& y, double alpha) { inPlace(Binary::sub, "sub_", x, y, alpha); }
void mul_(const Tensor& x, const Operand& y) { inPlace(Binary::mul, "mul_", x, y); }
void div_(const Tensor& x, const Operand& y) { inPlace(Binary::div, "div_", x, y); }

void fill_(const Tensor& x, double value) {
  prepareInPlace("fill_", x);
  kernels<CopyKernels>(x).fill(x, value);
}

void zero_(const Tensor& x) {
  prepareInPlace("zero_", x);
  kernels<CopyKernels>(x).fill(x, 0);
}

}  // namespace dtrain
