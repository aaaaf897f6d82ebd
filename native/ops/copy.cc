// Copies and casts. All of them are the copy kernel; they differ in when it runs and in the node's name.
#include "ops/copy.h"

#include <cstring>

#include "core/pinned.h"
#include "core/runtime.h"
#include "kernels/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

namespace {
const Tensor& copied(const Tensor& x, const Tensor& y) {
  kernels<CopyKernels>(x).copy(x, y);
  return y;
}
Tensor dense(const Tensor& x) { return copied(x, empty(x.sizes(), x.dtype(), x.device())); }
}  // namespace

Tensor clone(const Tensor& x, bool keepsLayout) {
  const Tensor y = keepsLayout ? copied(x, emptyAmong(x, x.dtype())) : dense(x);
  if (recording(x))
    record(
        "CloneBackward0", y, x, [](const Tensor& dy) { return dy; }, Keeps::nothing);
  return y;
}

Tensor contiguous(const Tensor& x) { return x.isContiguous() ? x : clone(x); }

Tensor cast(const Tensor& x, DType dtype) {
  if (x.dtype() == dtype) return x;
  const Tensor y = copied(x, emptyAmong(x, dtype));
  if (recording(x) && isFloat(dtype))
    record(
        "ToCopyBackward0", y, x, [from = x.dtype()](const Tensor& dy) { return cast(dy, from); }, Keeps::nothing);
  return y;
}

namespace {
// Null where the memory is not pinned.
PinnedMemory* pinned(const Tensor& x) { return dynamic_cast<PinnedMemory*>(x.impl()->storage->owner()); }

size_t bytesOf(const Tensor& x) { return static_cast<size_t>(x.numel() * itemSize(x.dtype())); }
}  // namespace

Tensor pinMemory(const Tensor& x) {
  check(x.device().isCpu(), Code::argument, "pinMemory: only memory of the host can be pinned, got a tensor on ",
        x.device());
  if (isPinned(x)) return x;
  checkDeviceExists({Device::cuda, 0});
  const NoGrad guard;
  const auto memory = make<PinnedMemory>(bytesOf(x));
  const auto storage = make<Storage>(memory->data, memory->bytes, Device{}, Ref<RefCounted>(memory.get()));
  const Tensor y(make<TensorImpl>(storage, x.sizes(), contiguousStrides(x.sizes()), 0, x.dtype()));
  kernels<CopyKernels>(x).copy(x, y);
  return y;
}

bool isPinned(const Tensor& x) { return pinned(x) != nullptr; }

Tensor to(const Tensor& x, Device device, bool nonBlocking) {
  if (x.device() == device) return x;
  checkDeviceExists(device);
  const Tensor from = contiguous(x);
  Tensor y = empty(x.sizes(), x.dtype(), device);
  const Device cuda = device.isCpu() ? x.device() : device;
  // A copy to the host without blocking would need pinned memory here; PyTorch's gives some, and a wait to forget.
  PinnedMemory* const async = nonBlocking && !device.isCpu() ? pinned(from) : nullptr;
  if (x.device().isCpu() && !async) copyToDevice(y.bytes(), device, from.bytes(), bytesOf(x));
  else runtime(cuda).copy(y.bytes(), device, from.bytes(), x.device(), bytesOf(x), async);
  if (async) async->usedBy(cuda);
  if (recording(x))
    record(
        "ToCopyBackward0", y, x, [back = x.device()](const Tensor& dy) { return to(dy, back); }, Keeps::nothing);
  return y;
}

void copy_(const Tensor& x, const Tensor& source, bool nonBlocking) {
  check(expandable(source.sizes(), x.sizes()), Code::shape, "copy_: shape ", source.sizes(), " does not broadcast to ",
        x.sizes());
  if (recording(x, source))
    return become(
        "copy_", x,
        [&](auto&) {
          const Tensor y = expand(cast(to(source, x.device(), nonBlocking), x.dtype()), x.sizes());
          const bool shared = y.impl()->storage.get() == x.impl()->storage.get();
          return fromGradient("CopyBackwards", shared ? dense(y) : alias(y), y, [](auto& dy) { return dy; });
        },
        Keeps::nothing);
  prepareInPlace("copy_", x, source);
  const Tensor from = expand(source, x.sizes());
  if (!(source.device() == x.device())) {
    const NoGrad guard;
    if (x.isContiguous() && source.isContiguous() && source.sizes() == x.sizes() && source.dtype() == x.dtype()) {
      const Device cuda = x.device().isCpu() ? source.device() : x.device();
      PinnedMemory* const async = nonBlocking ? pinned(x.device().isCpu() ? x : source) : nullptr;
      if (source.device().isCpu() && !async) copyToDevice(x.bytes(), cuda, source.bytes(), bytesOf(x));
      else runtime(cuda).copy(x.bytes(), x.device(), source.bytes(), source.device(), bytesOf(x), async);
      if (async) async->usedBy(cuda);
      return;
    }
    return kernels<CopyKernels>(x).copy(expand(to(source, x.device(), nonBlocking), x.sizes()), x);
  }
  const bool overlap = x.impl()->storage.get() == source.impl()->storage.get();
  kernels<CopyKernels>(x).copy(overlap ? dense(from) : from, x);
}

void fill_(const Tensor& x, double value) {
  if (recording(x)) return become("fill_", x, [&](auto& x) { return full(x.sizes(), value, x.dtype(), x.device()); });
  prepareInPlace("fill_", x);
  kernels<CopyKernels>(x).fill(x, value);
}

void zero_(const Tensor& x) {
  if (recording(x)) return fill_(x, 0);
  prepareInPlace("zero_", x);
  kernels<CopyKernels>(x).fill(x, 0);
}

}  // namespace dtrain
