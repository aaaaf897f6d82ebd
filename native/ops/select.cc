// See select.h.
#include "ops/select.h"

#include "kernels/arithmetic.h"
#include "kernels/select.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

void requireBool(const char* op, const char* what, const Tensor& x) {
  check(x.dtype() == DType::boolean, Code::dtype, op, ": ", what, " must be a bool tensor, got ", x.dtype(),
        "; make one by a comparison, or with .bool()");
}

DType commonType(const Operand& x, const Operand& y) {
  if (x.isTensor() || y.isTensor()) return resultType(x, y);
  return x.boolean && y.boolean ? DType::boolean : DType::float32;
}

Dims sizesOf(const Operand& x) { return x.isTensor() ? x.tensor.sizes() : Dims(); }

}  // namespace

// d where = dy where the condition is true, dy where it is not
Tensor where(const Tensor& condition, const Operand& x, const Operand& y) {
  requireBool("where", "the condition", condition);
  const Dims sizes = broadcast("where", condition.sizes(), broadcast("where", sizesOf(x), sizesOf(y)));
  const DType common = commonType(x, y);
  const Device device = commonDevice("where", {condition, x.tensor, y.tensor});
  const Tensor out = emptyAmong(sizes, {&condition, &x.tensor, &y.tensor}, common, device);
  kernels<SelectKernels>(out).run(Select::where, OnDevice(condition, device), OnDevice(x, device), OnDevice(y, device),
                                  common, out);
  if (recordingOperands(x, y))
    record("WhereBackward0", out, {x.tensor, y.tensor},
           [dx = GradOf(x), dy = GradOf(y), condition = Saved(condition)](const Tensor& d) {
             note("condition", condition);
             return Grads{dx([&] { return where(condition.get(), d, 0); }),
                          dy([&] { return where(condition.get(), 0, d); })};
           });
  return out;
}

namespace {
// What x becomes on its device where the mask is true.
Operand filling(const char* op, const Tensor& x, const Tensor& mask, const Operand& value) {
  requireBool(op, "the mask", mask);
  requireSameDevice(op, x, mask);
  check(!value.isTensor() || value.tensor.dim() == 0, Code::shape, op,
        ": the value must be a number or a tensor without dimensions, got one of shape ", sizesOf(value),
        "; use where() for more");
  check(!value.isTensor() || category(value.tensor.dtype()) <= category(x.dtype()), Code::dtype, op, ": a ",
        value.isTensor() ? value.tensor.dtype() : x.dtype(), " value does not fit into a ", x.dtype(), " tensor");
  return OnDevice(value, x.device());
}
}  // namespace

// d maskedFill = dy where the mask is false, and the sum of the others
Tensor maskedFill(const Tensor& x, const Tensor& mask, const Operand& value) {
  const Operand filled = filling("maskedFill", x, mask, value);
  const Tensor out = emptyAmong(broadcast("maskedFill", x.sizes(), mask.sizes()), {&x}, x.dtype(), x.device());
  kernels<SelectKernels>(x).run(Select::where, mask, filled, x, x.dtype(), out);
  if (recordingOperands(x, value))
    record("MaskedFillBackward0", out, {x, value.tensor},
           [dx = GradOf(x), dy = GradOf(value), mask = Saved(mask)](const Tensor& d) {
             note("mask", mask);
             return Grads{dx([&] { return where(mask.get(), 0, d); }), dy([&] { return where(mask.get(), d, 0); })};
           });
  return out;
}

void maskedFill_(const Tensor& x, const Tensor& mask, const Operand& value) {
  const Operand filled = filling("maskedFill_", x, mask, value);
  check(expandable(mask.sizes(), x.sizes()), Code::shape, "maskedFill_: a mask of shape ", mask.sizes(),
        " does not broadcast to ", x.sizes(), " of the tensor changed in place");
  if (recordingOperands(x, value))
    return become("maskedFill_", x, [&](auto& from) { return maskedFill(from, mask, value); });
  prepareInPlace("maskedFill_", x, value.tensor);
  const bool shared = mask.impl()->storage.get() == x.impl()->storage.get();
  kernels<SelectKernels>(x).run(Select::where, shared ? clone(mask) : mask, filled, x, x.dtype(), x);
}

// d nanToNum = dy where x is finite
Tensor nanToNum(const Tensor& x, std::optional<double> nan, std::optional<double> posinf,
                std::optional<double> neginf) {
  if (!isFloat(x.dtype())) return clone(x);
  const double most = dispatchFloat(
      "nanToNum", x.dtype(), [](auto zero) { return static_cast<double>(std::numeric_limits<decltype(zero)>::max()); });
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Tensor numbers = where(isnan(x), nan.value_or(0), x);
  const Tensor low = where(eq(x, -infinity), neginf.value_or(-most), numbers);
  return where(eq(x, infinity), posinf.value_or(most), low);
}
void nanToNum_(const Tensor& x, std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) {
  become("nanToNum_", x, [&](auto& x) { return nanToNum(x, nan, posinf, neginf); });
}

Tensor heaviside(const Tensor& x, const Tensor& values) {
  check(x.dtype() == values.dtype(), Code::dtype, "heaviside: the tensors have different dtypes, ", x.dtype(), " and ",
        values.dtype(), "; convert one with .to(dtype)");
  check(!recording(x, values), Code::unsupported, "heaviside: there is no gradient; detach() the tensors");
  return where(eq(x, 0), values, cast(logicalNot(lt(x, 0)), x.dtype()));
}
void heaviside_(const Tensor& x, const Tensor& values) {
  become("heaviside_", x, [&](auto& x) { return heaviside(x, values); });
}

namespace {

using Bound = std::optional<Operand>;

Tensor tensorOf(const Bound& bound) { return bound ? bound->tensor : Tensor(); }

// What x and its bounds are computed as.
DType boundType(const char* op, const Tensor& x, const Bound& low, const Bound& high) {
  check(low || high, Code::argument, op, ": expected a bound, min or max or both");
  const DType dtype = promote(low ? resultType(x, *low) : x.dtype(), high ? resultType(x, *high) : x.dtype());
  const bool one = !(low && high) && (low ? low : high)->isTensor();  // which is logic
  check(one || dtype != DType::boolean, Code::dtype, op, ": not defined for bool tensors");
  return dtype;
}

Dims boundSizes(const char* op, const Tensor& x, const Bound& low, const Bound& high) {
  Dims sizes = x.sizes();
  for (const Bound& bound : {low, high})
    if (bound) sizes = broadcast(op, sizes, sizesOf(*bound));
  return sizes;
}

void runClamp(const Operand& x, const Bound& low, const Bound& high, DType common, const Tensor& out) {
  const auto here = [&](const Bound& bound) { return OnDevice(*bound, out.device()); };
  const ArithmeticKernels& one = kernels<ArithmeticKernels>(out);
  if (!high) one.run(Arithmetic::maximum, x, here(low), 1, common, out);
  else if (!low) one.run(Arithmetic::minimum, x, here(high), 1, common, out);
  else kernels<SelectKernels>(out).run(Select::clamp, x, here(low), here(high), common, out);
}

}  // namespace

// d clamp = dy to x within the bounds, and to the bound that x passes
Tensor clamp(const Tensor& x, const Bound& low, const Bound& high) {
  const DType common = boundType("clamp", x, low, high);
  const Tensor a = tensorOf(low), b = tensorOf(high);
  const Device device = commonDevice("clamp", {x, a, b});
  const Tensor out = emptyAmong(boundSizes("clamp", x, low, high), {&x}, common, device);
  runClamp(OnDevice(x, device), low, high, common, out);
  if (!recording(x, a, b)) return out;
  const auto saved = [](const Bound& bound) {
    return bound ? std::optional(SavedOperand(*bound, true)) : std::nullopt;
  };
  record("ClampBackward0", out, {x, a, b},
         [dx = GradOf(x), da = GradOf(a), db = GradOf(b), x = Saved(x), low = saved(low),
          high = saved(high)](const Tensor& d) {
           note("self", x);
           note("min", low);
           note("max", high);
           const Tensor at = x.get();
           const auto inside = [&] {
             if (!low) return le(at, high->get());
             return high ? mul(ge(at, low->get()), le(at, high->get())) : ge(at, low->get());
           };
           const auto below = [&] {
             const Tensor passed = lt(at, low->get());
             return high ? mul(passed, lt(low->get(), high->get())) : passed;
           };
           const auto above = [&] {
             const Tensor passed = gt(at, high->get());
             return low ? add(passed, lt(high->get(), low->get())) : passed;
           };
           return Grads{dx([&] { return where(inside(), d, 0); }), da([&] { return where(below(), d, 0); }),
                        db([&] { return where(above(), d, 0); })};
         });
  return out;
}

void clamp_(const Tensor& x, const Bound& low, const Bound& high) {
  if (recording(x, tensorOf(low), tensorOf(high)))
    return become("clamp_", x, [&](auto& from) { return clamp(from, low, high); });
  const DType common = boundType("clamp_", x, low, high);
  check(category(common) <= category(x.dtype()), Code::dtype, "clamp_: the result is ", common,
        ", which does not fit into a ", x.dtype(), " tensor in place");
  check(boundSizes("clamp_", x, low, high) == x.sizes(), Code::shape, "clamp_: the bounds do not broadcast to ",
        x.sizes(), " of the tensor changed in place");
  requireSameDevice("clamp_", x, tensorOf(low));
  requireSameDevice("clamp_", x, tensorOf(high));
  prepareInPlace("clamp_", x, tensorOf(low));
  prepareInPlace("clamp_", x, tensorOf(high));
  runClamp(x, low, high, common, x);
}

namespace {
Tensor hardtanh(const char* op, const Tensor& x, double low, double high, bool inPlace) {
  check(x.dtype() != DType::boolean, Code::dtype, op, ": not defined for bool tensors");
  check(low <= high, Code::argument, op, ": minVal ", low, " is larger than maxVal ", high);
  const Tensor y = destination(op, x, x.dtype(), inPlace);
  kernels<SelectKernels>(x).run(Select::clamp, x, low, high, x.dtype(), y);
  return fromOutput("HardtanhBackward0", y, x, [low, high](const Tensor& dy, const Tensor& y) {
    note("min_val", Float(low));
    note("max_val", Float(high));
    return where(mul(gt(y, low), lt(y, high)), dy, 0);
  });
}
}  // namespace

// d hardtanh(x) = 1 between the bounds, else 0
Tensor hardtanh(const Tensor& x, double low, double high) { return hardtanh("hardtanh", x, low, high, false); }
void hardtanh_(const Tensor& x, double low, double high) { hardtanh("hardtanh_", x, low, high, true); }

namespace {

// d tril = 1 in the triangle, 0 outside; so for triu
Tensor triangle(const char* op, const char* node, bool lower, const Tensor& x, int64_t diagonal) {
  check(x.dim() >= 2, Code::shape, op, ": expected at least 2 dimensions, got shape ", x.sizes());
  Tensor y;
  {
    const NoGrad guard;
    const auto count = [&](int dim) {
      return arange(0, static_cast<double>(x.size(dim)), 1, DType::int64, x.device());
    };
    // How many columns right of its diagonal an element is.
    const Tensor right = sub(count(x.dim() - 1), unsqueeze(count(x.dim() - 2), 1));
    const auto bound = static_cast<double>(diagonal);
    y = maskedFill(x, lower ? gt(right, bound) : lt(right, bound), 0);
  }
  return fromGradient(node, y, x, [=](auto dy) {
    note("diagonal", diagonal);
    return triangle(op, node, lower, dy, diagonal);
  });
}

}  // namespace

Tensor tril(const Tensor& x, int64_t diagonal) { return triangle("tril", "TrilBackward0", true, x, diagonal); }
Tensor triu(const Tensor& x, int64_t diagonal) { return triangle("triu", "TriuBackward0", false, x, diagonal); }
void tril_(const Tensor& x, int64_t diagonal) {
  become(
      "tril_", x, [&](auto& x) { return tril(x, diagonal); }, Keeps::nothing);
}
void triu_(const Tensor& x, int64_t diagonal) {
  become(
      "triu_", x, [&](auto& x) { return triu(x, diagonal); }, Keeps::nothing);
}

}  // namespace dtrain
