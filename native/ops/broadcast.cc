// See broadcast.h.
#include "ops/broadcast.h"

#include "ops/copy.h"

namespace dtrain {

Dims broadcast(const char* op, const Operand& x, const Operand& y) {
  check(x.isTensor() || y.isTensor(), Code::argument, op, ": expected at least one tensor, got two numbers");
  if (!x.isTensor()) return y.tensor.sizes();
  if (!y.isTensor()) return x.tensor.sizes();
  return broadcast(op, x.tensor.sizes(), y.tensor.sizes());
}

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

namespace {
DType withNumber(DType dtype, const Operand& o) {
  if (category(dtype) == 2 || o.boolean || (category(dtype) == 1 && isIntegral(o.number))) return dtype;
  return isIntegral(o.number) ? DType::int64 : DType::float32;
}
}  // namespace

DType resultType(const Operand& x, const Operand& y) {
  if (!x.isTensor()) return withNumber(y.tensor.dtype(), x);
  if (!y.isTensor()) return withNumber(x.tensor.dtype(), y);
  const DType a = x.tensor.dtype(), b = y.tensor.dtype();
  const bool aWeak = x.tensor.dim() == 0 && y.tensor.dim() > 0, bWeak = y.tensor.dim() == 0 && x.tensor.dim() > 0;
  if (aWeak) return category(a) > category(b) ? a : b;
  if (bWeak) return category(b) > category(a) ? b : a;
  return promote(a, b);
}

namespace {
bool guest(const Tensor& x) { return x.dim() == 0 && x.device().isCpu(); }
}  // namespace

Device commonDevice(const char* op, const Operand& x, const Operand& y) {
  if (!x.isTensor()) return y.tensor.device();
  if (!y.isTensor()) return x.tensor.device();
  if (guest(y.tensor)) return x.tensor.device();
  if (guest(x.tensor)) return y.tensor.device();
  requireSameDevice(op, x.tensor, y.tensor);
  return x.tensor.device();
}

Device commonDevice(const char* op, const std::vector<Tensor>& xs) {
  Tensor host;
  for (const Tensor& x : xs) {
    if (!x.defined() || guest(x)) continue;
    requireSameDevice(op, host, x);
    host = x;
  }
  return host.defined() ? host.device() : Device();
}

OnDevice::OnDevice(const Operand& x, Device device) : given_(x) {
  if (!x.isTensor() || x.tensor.device() == device) return;
  const NoGrad guard;  // no op of the graph: each gradient goes back by GradOf
  moved_ = to(x.tensor, device);
}

GradOf::GradOf(const Operand& x) : wanted(requiresGrad(x.tensor)) {
  if (!wanted) return;
  sizes = x.tensor.sizes();
  dtype = x.tensor.dtype();
  device = x.tensor.device();
}

}  // namespace dtrain
