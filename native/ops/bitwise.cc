// See bitwise.h.
#include "ops/bitwise.h"

#include "kernels/bitwise.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/select.h"
#include "ops/unary.h"

namespace dtrain {

namespace {
Tensor bits(Bitwise op, const Operand& x, const Operand& y, bool bools) {
  const Dims sizes = broadcast(name(op), x, y);
  const DType dtype = resultType(x, y);
  if (isFloat(dtype)) failDType(name(op), dtype);
  check(bools || dtype != DType::boolean, Code::dtype, name(op), ": not defined for bool tensors");
  const Device device = commonDevice(name(op), x, y);
  const Tensor out = emptyAmong(sizes, {&x.tensor, &y.tensor}, dtype, device);
  kernels<BitwiseKernels>(out).run(op, OnDevice(x, device), OnDevice(y, device), dtype, out);
  return out;
}
}  // namespace

Tensor bitwiseAnd(const Operand& x, const Operand& y) { return bits(Bitwise::bitwiseAnd, x, y, true); }
Tensor bitwiseOr(const Operand& x, const Operand& y) { return bits(Bitwise::bitwiseOr, x, y, true); }
Tensor bitwiseXor(const Operand& x, const Operand& y) { return bits(Bitwise::bitwiseXor, x, y, true); }
Tensor bitwiseLeftShift(const Operand& x, const Operand& y) { return bits(Bitwise::bitwiseLeftShift, x, y, false); }
Tensor bitwiseRightShift(const Operand& x, const Operand& y) { return bits(Bitwise::bitwiseRightShift, x, y, false); }
Tensor gcd(const Tensor& x, const Tensor& y) { return bits(Bitwise::gcd, x, y, false); }
Tensor lcm(const Tensor& x, const Tensor& y) { return bits(Bitwise::lcm, x, y, false); }

// -1 has all bits.
Tensor bitwiseNot(const Tensor& x) {
  if (x.dtype() == DType::boolean) return logicalNot(x);
  if (isFloat(x.dtype())) failDType("bitwiseNot", x.dtype());
  return sub(-1, x);
}

namespace {

// The elements of a dense tensor as those of another dtype of the same size.
Tensor asBits(const Tensor& x, DType dtype) {
  return Tensor(make<TensorImpl>(x.impl()->storage, x.sizes(), x.strides(), x.impl()->offset, dtype));
}

// Bits of floats of one sign count as the floats do; below 0 backwards. The same way leads back.
Tensor inOrder(const Tensor& bits, double lowest) { return where(lt(bits, 0), sub(lowest, bits), bits); }

}  // namespace

namespace {
Tensor neighbour(const Tensor& x, const Tensor& y, DType dtype) {
  const NoGrad guard;
  const DType whole = itemSize(dtype) == 2 ? DType::int16 : itemSize(dtype) == 4 ? DType::int32 : DType::int64;
  const double lowest = -std::ldexp(1, static_cast<int>(8 * itemSize(dtype)) - 1);
  const Tensor from = contiguous(cast(x, dtype)), to = cast(y, dtype);
  const Tensor step = sub(cast(gt(to, from), whole), cast(lt(to, from), whole));
  const Tensor next = inOrder(add(inOrder(asBits(from, whole), lowest), step), lowest);
  const Tensor moved = where(eq(from, to), to, asBits(next, dtype));
  return where(logicalOr(isnan(from), isnan(to)), std::nan(""), moved);
}
}  // namespace

// d nextafter = dy where it is not y itself, and nothing to y
Tensor nextafter(const Tensor& x, const Tensor& y) {
  const DType dtype = resultType(x, y);
  if (!isFloat(dtype)) failDType("nextafter", dtype);
  const Tensor out = neighbour(x, y, dtype);
  if (recording(x, y))
    record("NextafterBackward0", out, {x, y},
           [dx = GradOf(x), dy = GradOf(y), same = Saved(eq(x, y))](const Tensor& d) {
             return Grads{dx([&] { return where(same.get(), 0, d); }),
                          dy([&] { return full(d.sizes(), 0, d.dtype(), d.device()); })};
           });
  return out;
}

void bitwiseAnd_(const Tensor& x, const Operand& y) {
  become("bitwiseAnd_", x, [&](auto& x) { return bitwiseAnd(x, y); });
}
void bitwiseOr_(const Tensor& x, const Operand& y) {
  become("bitwiseOr_", x, [&](auto& x) { return bitwiseOr(x, y); });
}
void bitwiseXor_(const Tensor& x, const Operand& y) {
  become("bitwiseXor_", x, [&](auto& x) { return bitwiseXor(x, y); });
}
void bitwiseLeftShift_(const Tensor& x, const Operand& y) {
  become("bitwiseLeftShift_", x, [&](auto& x) { return bitwiseLeftShift(x, y); });
}
void bitwiseRightShift_(const Tensor& x, const Operand& y) {
  become("bitwiseRightShift_", x, [&](auto& x) { return bitwiseRightShift(x, y); });
}
void bitwiseNot_(const Tensor& x) { become("bitwiseNot_", x, bitwiseNot); }
void gcd_(const Tensor& x, const Tensor& y) {
  become("gcd_", x, [&](auto& x) { return gcd(x, y); });
}
void lcm_(const Tensor& x, const Tensor& y) {
  become("lcm_", x, [&](auto& x) { return lcm(x, y); });
}
void nextafter_(const Tensor& x, const Tensor& y) {
  become("nextafter_", x, [&](auto& x) { return nextafter(x, y); });
}

}  // namespace dtrain
