// See arithmetic.h. `binary` finds the result's dtype, shape and device and calls the kernel; each op adds its
// gradient.
#include "ops/arithmetic.h"

#include <numbers>

#include "kernels/arithmetic.h"
#include "kernels/select.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/reduce.h"
#include "ops/select.h"
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

// alpha, which is multiplied in that dtype, has to be one of its values.
void checkFactor(const char* name, double alpha, DType dtype) {
  check(isFloat(dtype) || isIntegral(alpha), Code::argument, name, ": alpha must be an integer for ", dtype,
        " tensors, got ", alpha);
  check(category(dtype) != 1 || fits(alpha, dtype), Code::argument, name, ": alpha ", alpha, " does not fit ", dtype);
}

// What x and y are computed as.
DType commonType(Arithmetic op, const char* name, const Operand& x, const Operand& y, double alpha) {
  const DType dtype = resultType(x, y);
  if (op == Arithmetic::div || op == Arithmetic::atan2 || op == Arithmetic::copysign)
    return isFloat(dtype) ? dtype : DType::float32;
  if (op == Arithmetic::divTrunc || op == Arithmetic::divFloor)
    check(dtype != DType::boolean, Code::dtype, name, ": a rounded division is not defined for bool tensors");
  if (op == Arithmetic::remainder || op == Arithmetic::fmod || op == Arithmetic::pow)
    check(dtype != DType::boolean, Code::dtype, name, ": not defined for bool tensors");
  if (op == Arithmetic::divTrunc || op == Arithmetic::divFloor || op == Arithmetic::remainder || op == Arithmetic::fmod)
    check(isFloat(dtype) || !dividesByZero(y), Code::argument, name, ": integer division by zero");
  if (op == Arithmetic::pow)
    check(isFloat(dtype) || y.isTensor() || y.number >= 0, Code::argument, name,
          ": an integer to a negative power is no integer, got exponent ", y.number, "; convert with .float() first");
  const auto isBool = [](const Operand& o) { return o.isTensor() ? o.tensor.dtype() == DType::boolean : o.boolean; };
  check(op != Arithmetic::sub || !(isBool(x) || isBool(y)), Code::dtype, name, ": not defined for bool tensors");
  checkFactor(name, alpha, dtype);
  return dtype;
}

void run(Arithmetic op, const Operand& x, const Operand& y, double alpha, DType common, const Tensor& out) {
  const ArithmeticKernels& table = kernels<ArithmeticKernels>(out);
  if (op == Arithmetic::divTrunc && isHalf(common)) {  // PyTorch cuts the fraction off a quotient that it has rounded
    table.run(Arithmetic::div, x, y, 1, common, out);
    table.run(Arithmetic::divTrunc, out, 1, 1, common, out);
  } else if (op == Arithmetic::pow && !y.isTensor() && y.number == 2) {
    table.run(Arithmetic::mul, x, x, 1, common, out);
  } else {
    table.run(op, x, y, alpha, common, out);
  }
}

Tensor binary(Arithmetic op, const char* name, const Operand& x, const Operand& y, double alpha = 1) {
  const Dims sizes = broadcast(name, x, y);
  const DType common = commonType(op, name, x, y, alpha);
  const Device device = commonDevice(name, x, y);
  const Tensor out = emptyAmong(sizes, {&x.tensor, &y.tensor}, common, device);
  run(op, OnDevice(x, device), OnDevice(y, device), alpha, common, out);
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
          note("alpha", alpha);
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
          note("alpha", alpha);
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
             note("self", x);
             note("other", y);
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
             note("self", x);
             note("other", y);
             return Grads{dx([&] { return div(d, y.get()); }),
                          dy([&] { return mul(neg(d), div(div(x.get(), y.get()), y.get())); })};
           });
  return out;
}

namespace {
Tensor none(const Tensor& d) { return full(d.sizes(), 0, d.dtype(), d.device()); }

// d = dy, -dy times the quotient, which is constant wherever it has a derivative
Tensor leftOver(Arithmetic op, const char* name, const char* node, const Operand& x, const Operand& y,
                Rounding rounding) {
  Tensor out = binary(op, name, x, y);
  if (recordingOperands(x, y))
    record(node, out, {x.tensor, y.tensor},
           [dx = GradOf(x), dy = GradOf(y), x = SavedOperand(x, requiresGrad(y.tensor)),
            y = SavedOperand(y, requiresGrad(y.tensor)), rounding](const Tensor& d) {
             note("self", x);
             note("other", y);
             return Grads{dx([&] { return d; }), dy([&] { return mul(neg(d), div(x.get(), y.get(), rounding)); })};
           });
  return out;
}

// d = dy to the one that was chosen, half of it to each of two equals
Tensor extreme(Arithmetic op, const char* name, const char* node, const Operand& x, const Operand& y) {
  Tensor out = binary(op, name, x, y);
  if (recordingOperands(x, y))
    record(node, out, {x.tensor, y.tensor},
           [dx = GradOf(x), dy = GradOf(y), x = SavedOperand(x, true), y = SavedOperand(y, true),
            isMaximum = op == Arithmetic::maximum](const Tensor& d) {
             note("self", x);
             note("other", y);
             const Operand a = x.get(), b = y.get();
             const auto share = [&](const Tensor& loses) { return where(eq(a, b), div(d, 2), where(loses, 0, d)); };
             return Grads{dx([&] { return share(isMaximum ? lt(a, b) : gt(a, b)); }),
                          dy([&] { return share(isMaximum ? lt(b, a) : gt(b, a)); })};
           });
  return out;
}
}  // namespace

Tensor remainder(const Operand& x, const Operand& y) {
  return leftOver(Arithmetic::remainder, "remainder", "RemainderBackward0", x, y, Rounding::floor);
}
Tensor fmod(const Operand& x, const Operand& y) {
  return leftOver(Arithmetic::fmod, "fmod", "FmodBackward0", x, y, Rounding::trunc);
}

// d pow = dy y x^(y - 1), which is 0 for y = 0, and dy x^y log(x), which is 0 for x = 0 and y >= 0
Tensor pow(const Operand& x, const Operand& y) {
  Tensor out = binary(Arithmetic::pow, "pow", x, y);
  if (recordingOperands(x, y))
    record("PowBackward0", out, {x.tensor, y.tensor},
           [dx = GradOf(x), dy = GradOf(y), x = SavedOperand(x, true), y = SavedOperand(y, true),
            out = requiresGrad(y.tensor) ? Saved::output(out) : Saved()](const Tensor& d) {
             note("self", x);
             note("exponent", y);
             if (out.defined()) note("result", out);
             const Operand a = x.get(), b = y.get();
             const auto base = [&] {
               if (!b.isTensor()) return b.number == 0 ? none(d) : mul(d, mul(pow(a, b.number - 1), b.number));
               return where(eq(b, 0), 0, mul(d, mul(b, pow(a, sub(b, 1)))));
             };
             const auto exponent = [&] {
               const Operand logarithm =
                   a.isTensor() ? Operand(log(cast(a.tensor, d.dtype()))) : Operand(std::log(a.number));
               const Tensor slope = mul(d, mul(out.get(), logarithm));
               if (!a.isTensor()) return a.number == 0 ? where(ge(b, 0), 0, slope) : slope;
               return where(mul(eq(a, 0), ge(b, 0)), 0, slope);
             };
             return Grads{dx(base), dy(exponent)};
           });
  return out;
}

Tensor square(const Tensor& x) { return pow(x, 2); }

Tensor maximum(const Operand& x, const Operand& y) {
  return extreme(Arithmetic::maximum, "maximum", "MaximumBackward0", x, y);
}
Tensor minimum(const Operand& x, const Operand& y) {
  return extreme(Arithmetic::minimum, "minimum", "MinimumBackward0", x, y);
}

namespace {

Tensor floatCast(const Tensor& x) { return isFloat(x.dtype()) ? x : cast(x, DType::float32); }

// Halves as float32.
Operand widened(const Operand& x) { return x.isTensor() ? Operand(dtrain::widened(x.tensor)) : x; }

// An op of two operands, and its gradients dx and dy as formulas of d, x and y, which are rounded once.
template <class Dx, class Dy>
Tensor ofTwo(Arithmetic op, const char* node, const Operand& x, const Operand& y, Dx dx, Dy dy) {
  Tensor out = binary(op, name(op), x, y);
  if (recordingOperands(x, y))
    record(node, out, {x.tensor, y.tensor},
           [toX = GradOf(x), toY = GradOf(y), x = SavedOperand(x, true), y = SavedOperand(y, true), dx,
            dy](const Tensor& d) {
             note("self", x);
             note("other", y);
             const Tensor wide = widened(d);
             const Operand a = widened(x.get()), b = widened(y.get());
             return Grads{toX([&] { return dx(wide, a, b); }), toY([&] { return dy(wide, a, b); })};
           });
  return out;
}

Tensor constant(const Tensor& d, const Operand&, const Operand&) { return none(d); }

void requireFloats(Arithmetic op, const Tensor& x, const Tensor& y) {
  if (!isFloat(resultType(x, y))) failDType(name(op), resultType(x, y));
}

}  // namespace

// d fmax = dy to the one that was chosen, of equals to x
Tensor fmax(const Tensor& x, const Tensor& y) {
  const auto chosen = [](auto& a, auto& b) { return logicalOr(ge(a, b), isnan(b.tensor)); };
  return ofTwo(
      Arithmetic::fmax, "FmaxBackward0", x, y, [=](auto& d, auto& a, auto& b) { return where(chosen(a, b), d, 0); },
      [=](auto& d, auto& a, auto& b) { return where(chosen(a, b), 0, d); });
}
Tensor fmin(const Tensor& x, const Tensor& y) {
  const auto chosen = [](auto& a, auto& b) { return logicalOr(le(a, b), isnan(b.tensor)); };
  return ofTwo(
      Arithmetic::fmin, "FminBackward0", x, y, [=](auto& d, auto& a, auto& b) { return where(chosen(a, b), d, 0); },
      [=](auto& d, auto& a, auto& b) { return where(chosen(a, b), 0, d); });
}

// d atan2 = dy y / (x^2 + y^2), -dy x / (x^2 + y^2)
Tensor atan2(const Tensor& x, const Tensor& y) {
  const auto square = [](auto& a, auto& b) { return add(mul(a, a), mul(b, b)); };
  return ofTwo(
      Arithmetic::atan2, "Atan2Backward0", x, y,
      [=](auto& d, auto& a, auto& b) { return mul(d, div(b, square(a, b))); },
      [=](auto& d, auto& a, auto& b) { return mul(neg(d), div(a, square(a, b))); });
}
void atan2_(const Tensor& x, const Tensor& y) {
  become("atan2_", x, [&](auto& x) { return atan2(x, y); });
}

// d hypot = dy x / hypot, dy y / hypot
Tensor hypot(const Tensor& x, const Tensor& y) {
  requireFloats(Arithmetic::hypot, x, y);
  return ofTwo(
      Arithmetic::hypot, "HypotBackward0", x, y,
      [](auto& d, auto& a, auto& b) { return mul(d, div(a, hypot(a.tensor, b.tensor))); },
      [](auto& d, auto& a, auto& b) { return mul(d, div(b, hypot(a.tensor, b.tensor))); });
}
void hypot_(const Tensor& x, const Tensor& y) {
  become("hypot_", x, [&](auto& x) { return hypot(x, y); });
}

// d copysign = dy where the sign stays, -dy where it changes; 0 at x = 0
Tensor copysign(const Operand& x, const Operand& y) {
  return ofTwo(
      Arithmetic::copysign, "CopysignBackward0", x, y,
      [](auto& d, auto& a, auto& b) {
        const Tensor side = sign(a.tensor);
        return mul(d, mul(side, copysign(side, b)));
      },
      constant);
}
void copysign_(const Tensor& x, const Operand& y) {
  become("copysign_", x, [&](auto& x) { return copysign(x, y); });
}

// d logaddexp = dy exp(x) / (exp(x) + exp(y)), and the rest of dy
Tensor logaddexp(const Tensor& x, const Tensor& y) {
  requireFloats(Arithmetic::logaddexp, x, y);
  return ofTwo(
      Arithmetic::logaddexp, "LogaddexpBackward0", x, y,
      [](auto& d, auto& a, auto& b) { return mul(d, sigmoid(sub(a, b))); },
      [](auto& d, auto& a, auto& b) { return mul(d, sigmoid(sub(b, a))); });
}
Tensor logaddexp2(const Tensor& x, const Tensor& y) {
  requireFloats(Arithmetic::logaddexp2, x, y);
  return ofTwo(
      Arithmetic::logaddexp2, "Logaddexp2Backward0", x, y,
      [](auto& d, auto& a, auto& b) { return mul(d, sigmoid(mul(sub(a, b), std::numbers::ln2))); },
      [](auto& d, auto& a, auto& b) { return mul(d, sigmoid(mul(sub(b, a), std::numbers::ln2))); });
}

Tensor ldexp(const Tensor& x, const Tensor& y) { return mul(x, pow(2, floatCast(y))); }
void ldexp_(const Tensor& x, const Tensor& y) {
  become("ldexp_", x, [&](auto& x) { return ldexp(x, y); });
}

Tensor floatPower(const Operand& x, const Operand& y) {
  const auto wide = [](auto& x) { return x.isTensor() ? Operand(cast(x.tensor, DType::float64)) : x; };
  return pow(wide(x), wide(y));
}
void floatPower_(const Tensor& x, const Operand& y) {
  check(x.dtype() == DType::float64, Code::dtype, "floatPower_: the result is float64, which does not fit into a ",
        x.dtype(), " tensor in place");
  become("floatPower_", x, [&](auto& x) { return floatPower(x, y); });
}

namespace {

Tensor ofThree(Select op, const Operand& x, const Operand& y, const Operand& z, DType common) {
  const char* const what = name(op);
  const Dims sizes = broadcast(what, y.tensor.sizes(), z.isTensor() ? z.tensor.sizes() : Dims());
  const Device device = commonDevice(what, {x.tensor, y.tensor, z.tensor});
  const Tensor out =
      emptyAmong(broadcast(what, x.tensor.sizes(), sizes), {&x.tensor, &y.tensor, &z.tensor}, common, device);
  kernels<SelectKernels>(out).run(op, OnDevice(x, device), OnDevice(y, device), OnDevice(z, device), common, out);
  return out;
}

// What several tensors are computed as, by the rule of resultType().
DType commonType(std::initializer_list<Tensor> xs) {
  std::optional<DType> full, weak;
  for (const Tensor& x : xs) {
    std::optional<DType>& dtype = x.dim() > 0 ? full : weak;
    dtype = dtype ? promote(*dtype, x.dtype()) : x.dtype();
  }
  return !full || (weak && category(*weak) > category(*full)) ? *weak : *full;
}

}  // namespace

// d addcmul = dy, value b dy, value a dy
Tensor addcmul(const Tensor& x, const Tensor& a, const Tensor& b, double value) {
  const DType dtype = commonType({x, a, b});
  check(dtype != DType::boolean, Code::dtype, "addcmul: not defined for bool tensors");
  checkFactor("addcmul", value, dtype);
  const auto scaled = [value](const Tensor& d) { return value == 1 ? d : mul(d, value); };
  Tensor out;
  {
    const NoGrad guard;
    const Tensor factor = value == 1 ? a : mul(cast(widened(a), isHalf(dtype) ? DType::float32 : dtype), value);
    out = ofThree(Select::addcmul, x, factor, b, dtype);
  }
  if (recording(x, a, b))
    record("AddcmulBackward0", out, {x, a, b},
           [dx = GradOf(x), da = GradOf(a), db = GradOf(b), a = SavedOperand(a, requiresGrad(b)),
            b = SavedOperand(b, requiresGrad(a)), scaled, value](const Tensor& d) {
             note("tensor1", a);
             note("tensor2", b);
             note("value", value);
             const Tensor wide = widened(d);
             return Grads{dx([&] { return d; }), da([&] { return scaled(mul(wide, widened(b.get()))); }),
                          db([&] { return scaled(mul(wide, widened(a.get()))); })};
           });
  return out;
}
void addcmul_(const Tensor& x, const Tensor& a, const Tensor& b, double value) {
  become("addcmul_", x, [&](auto& x) { return addcmul(x, a, b, value); });
}

Tensor addcdiv(const Tensor& x, const Tensor& a, const Tensor& b, double value) {
  check(isFloat(a.dtype()) || isFloat(b.dtype()), Code::dtype,
        "addcdiv: a quotient of integers is not defined here; convert one with .float(), or use div() and add()");
  const DType dtype = commonType({x, a, b});
  return cast(add(widened(x), div(widened(a), widened(b)), value), dtype);
}
void addcdiv_(const Tensor& x, const Tensor& a, const Tensor& b, double value) {
  become("addcdiv_", x, [&](auto& x) { return addcdiv(x, a, b, value); });
}

// d lerp = (1 - weight) dy, weight dy, (end - x) dy
Tensor lerp(const Tensor& x, const Tensor& end, const Operand& weight) {
  requireFloat("lerp", x);
  for (const Tensor& other : {end, weight.tensor})
    check(!other.defined() || other.dtype() == x.dtype(), Code::dtype, "lerp: expected ", x.dtype(), " tensors, got ",
          other.defined() ? other.dtype() : x.dtype());
  const Tensor out = ofThree(Select::lerp, x, end, weight, x.dtype());
  if (!recording(x, end, weight.tensor)) return out;
  const bool weighs = requiresGrad(weight.tensor);
  record(weight.isTensor() ? "LerpBackward1" : "LerpBackward0", out, {x, end, weight.tensor},
         [dx = GradOf(x), dEnd = GradOf(end), dWeight = GradOf(weight), x = SavedOperand(x, weighs),
          end = SavedOperand(end, weighs),
          weight = SavedOperand(weight, requiresGrad(x) || requiresGrad(end))](const Tensor& d) {
           note("end", end);
           note("self", x);
           note("weight", weight);
           const Tensor wide = widened(d);
           const Operand share = widened(weight.get());
           const auto rest = [&] { return share.isTensor() ? Operand(sub(1, share)) : Operand(1 - share.number); };
           return Grads{dx([&] { return mul(wide, rest()); }), dEnd([&] { return mul(wide, share); }),
                        dWeight([&] { return mul(wide, sub(widened(end.get()), widened(x.get()))); })};
         });
  return out;
}
void lerp_(const Tensor& x, const Tensor& end, const Operand& weight) {
  become("lerp_", x, [&](auto& x) { return lerp(x, end, weight); });
}

namespace {

// y, or a copy of it where it is another view of the memory of `out`, which would be read after it has been written.
Operand apartFrom(const Tensor& out, const Operand& y) {
  const bool overlaps =
      y.isTensor() && y.tensor.impl() != out.impl() && y.tensor.impl()->storage.get() == out.impl()->storage.get();
  return overlaps ? Operand(clone(y.tensor)) : OnDevice(y, out.device());
}

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
  run(op, x, apartFrom(x, y), alpha, common, x);
}

// out = op(x, y), rounded to the dtype of out.
void into(Arithmetic op, const char* name, const Operand& x, const Operand& y, double alpha, const Tensor& out) {
  const Dims sizes = broadcast(name, x, y);
  const DType common = commonType(op, name, x, y, alpha);
  check(category(common) <= category(out.dtype()), Code::dtype, name, ": the result is ", common,
        ", which does not fit into a ", out.dtype(), " tensor given as out");
  check(sizes == out.sizes(), Code::shape, name, ": the tensor given as out has shape ", out.sizes(), ", the result ",
        sizes, "; make it with empty(", sizes, ")");
  check(commonDevice(name, x, y) == out.device(), Code::argument, name, ": the tensor given as out is on ",
        out.device(), ", the result on ", commonDevice(name, x, y), "; move one with .to(device)");
  check(!recordingOperands(x, y) && !recording(out), Code::autograd, name,
        ": a result written into out has no gradient, but a tensor here requires one; leave out away, or wrap the "
        "call in noGrad(() => …)");
  prepareInPlace(name, out);
  const NoGrad guard;
  run(op, apartFrom(out, x), apartFrom(out, y), alpha, common, out);
}

}  // namespace

void addOut(const Operand& x, const Operand& y, double alpha, const Tensor& out) {
  into(Arithmetic::add, "add", x, y, alpha, out);
}
void subOut(const Operand& x, const Operand& y, double alpha, const Tensor& out) {
  into(Arithmetic::sub, "sub", x, y, alpha, out);
}
void mulOut(const Operand& x, const Operand& y, const Tensor& out) { into(Arithmetic::mul, "mul", x, y, 1, out); }
void divOut(const Operand& x, const Operand& y, std::optional<Rounding> rounding, const Tensor& out) {
  into(division(rounding), "div", x, y, 1, out);
}

void add_(const Tensor& x, const Operand& y, double alpha) {
  if (recordingOperands(x, y))
    return become(
        "add_", x, [&](auto& from) { return add(from, y, alpha); }, Keeps::nothing);
  inPlace(Arithmetic::add, "add_", x, y, alpha);
}
void sub_(const Tensor& x, const Operand& y, double alpha) {
  if (recordingOperands(x, y))
    return become(
        "sub_", x, [&](auto& from) { return sub(from, y, alpha); }, Keeps::nothing);
  inPlace(Arithmetic::sub, "sub_", x, y, alpha);
}
void mul_(const Tensor& x, const Operand& y) {
  if (recordingOperands(x, y)) return become("mul_", x, [&](auto& from) { return mul(from, y); });
  inPlace(Arithmetic::mul, "mul_", x, y);
}
void div_(const Tensor& x, const Operand& y, std::optional<Rounding> rounding) {
  if (recordingOperands(x, y)) return become("div_", x, [&](auto& from) { return div(from, y, rounding); });
  inPlace(division(rounding), "div_", x, y);
}
void remainder_(const Tensor& x, const Operand& y) {
  if (recordingOperands(x, y)) return become("remainder_", x, [&](auto& from) { return remainder(from, y); });
  inPlace(Arithmetic::remainder, "remainder_", x, y);
}
void fmod_(const Tensor& x, const Operand& y) {
  if (recordingOperands(x, y)) return become("fmod_", x, [&](auto& from) { return fmod(from, y); });
  inPlace(Arithmetic::fmod, "fmod_", x, y);
}
void pow_(const Tensor& x, const Operand& y) {
  if (recordingOperands(x, y)) return become("pow_", x, [&](auto& from) { return pow(from, y); });
  inPlace(Arithmetic::pow, "pow_", x, y);
}
void square_(const Tensor& x) {
  if (recording(x)) return become("square_", x, square);
  inPlace(Arithmetic::pow, "square_", x, 2);
}

}  // namespace dtrain
