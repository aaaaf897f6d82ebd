// Copies and casts. All of them are the copy kernel; they differ in when it runs and in the node's name.
#include "ops/copy.h"

#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

namespace {
Tensor copied(const Tensor& x, DType dtype) {
  Tensor y = empty(x.sizes(), dtype, x.device());
  kernels(x).copy(x, y);
  return y;
}
}  // namespace

Tensor clone(const Tensor& x) {
  Tensor y = copied(x, x.dtype());
  if (recording(x))
    record(
        "CloneBackward0", y, x, [](const Tensor& dy) { return dy; }, Keeps::nothing);
  return y;
}

Tensor contiguous(const Tensor& x) { return x.isContiguous() ? x : clone(x); }

Tensor cast(const Tensor& x, DType dtype) {
  if (x.dtype() == dtype) return x;
  Tensor y = copied(x, dtype);
  if (recording(x) && isFloat(dtype))
    record(
        "ToCopyBackward0", y, x, [from = x.dtype()](const Tensor& dy) { return cast(dy, from); }, Keeps::nothing);
  return y;
}

void copy_(const Tensor& x, const Tensor& source) {
  check(expandable(source.sizes(), x.sizes()), Code::shape, "copy_: shape ", source.sizes(), " does not broadcast to ",
        x.sizes());
  prepareInPlace("copy_", x, source);
  const Tensor from = expand(source, x.sizes());
  const bool overlap = x.impl()->storage.get() == source.impl()->storage.get();
  kernels(x).copy(overlap ? copied(from, from.dtype()) : from, x);
}

}  // namespace dtrain
