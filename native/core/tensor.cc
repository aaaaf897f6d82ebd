// Construction and destruction of storages and tensors.
#include "core/tensor.h"

#include <algorithm>

#include "core/allocator.h"
#include "core/autograd.h"
#include "core/error.h"
#include "core/runtime.h"

namespace dtrain {

thread_local bool insideInference = false;

Storage::Storage(size_t bytes, Device device)
    : device(device), stream(device.isCpu() ? nullptr : runtime(device).currentStream(device.index)),
      data(allocator(device).allocate(bytes, stream)), bytes(bytes), owned_(true) {}

Storage::Storage(void* data, size_t bytes, Device device, Ref<RefCounted> owner)
    : device(device), stream(device.isCpu() ? nullptr : runtime(device).currentStream(device.index)), data(data),
      bytes(bytes), owner_(std::move(owner)), owned_(false) {}

void Storage::recordStream(const Ref<Stream>& user) {
  const auto same = [&](const Ref<Stream>& u) { return u->handle == user->handle; };
  if (user->handle != stream && std::none_of(users_.begin(), users_.end(), same)) users_.push_back(user);
}

Storage::~Storage() {
  std::vector<Ref<Event>> uses;
  try {
    for (const Ref<Stream>& user : users_) {
      uses.push_back(make<Event>(device));
      uses.back()->record(user->handle);
      if (!owned_) uses.back()->wait(stream);  // the owner may let go of the memory next
    }
  } catch (const Error&) {  // the device is lost, and nobody will reuse its memory
  }
  if (owned_) allocator(device).release(data, bytes, stream, std::move(uses));
}

namespace {
bool isDense(const Dims& sizes, const Dims& strides) {
  int64_t step = 1;
  for (int i = sizes.size() - 1; i >= 0; i--) {
    if (sizes[i] == 1) continue;
    if (strides[i] != step) return false;
    step *= sizes[i];
  }
  return true;
}
}  // namespace

TensorImpl::TensorImpl(Ref<Storage> storage, Dims sizes, Dims strides, int64_t offset, DType dtype)
    : storage(std::move(storage)), sizes(sizes), strides(strides), offset(offset), numel(product(sizes)), dtype(dtype),
      contiguous(numel == 0 || isDense(sizes, strides)) {}

TensorImpl::~TensorImpl() = default;

Tensor empty(const Dims& sizes, DType dtype, Device device) {
  for (int64_t s : sizes) check(s >= 0, Code::shape, "empty: sizes must not be negative, got ", sizes);
  if (static_cast<int>(dtype) >= kDTypes) failDType("empty", dtype);
  int64_t numel;
  check(countElements(sizes, &numel), Code::shape, "empty: sizes ", sizes, " have too many elements");
  const size_t bytes = static_cast<size_t>(numel * itemSize(dtype));
  return Tensor(make<TensorImpl>(make<Storage>(bytes, device), sizes, contiguousStrides(sizes), 0, dtype));
}

Tensor alias(const Tensor& x, const Dims& sizes, const Dims& strides, int64_t offset) {
  return Tensor(make<TensorImpl>(x.impl()->storage, sizes, strides, offset, x.dtype()));
}

}  // namespace dtrain
