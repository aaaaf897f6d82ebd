// Tensor: a counted handle on {storage, sizes, strides, offset, dtype, device, autograd meta}. Views share a Storage,
// and with it the version counter that tells autograd about in-place changes. Copying a Tensor copies the handle only.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/device.h"
#include "core/dims.h"
#include "core/dtype.h"
#include "core/pooled.h"
#include "core/ref.h"

namespace dtrain {

class Stream;

// Whether what this thread makes now can never be part of a graph: PyTorch's inference mode.
extern thread_local bool insideInference;

class Storage : public RefCounted, public Pooled<Storage> {
 public:
  Storage(size_t bytes, Device device);  // from the device's allocator, on its current stream
  // Memory of somebody else; a device's belongs to its current stream.
  Storage(void* data, size_t bytes, Device device, Ref<RefCounted> owner);
  ~Storage() override;

  const Device device;
  const StreamHandle stream;  // the memory belongs to it: see Note [Streams] in runtime.h
  void* const data;
  const size_t bytes;
  std::atomic<uint32_t> version{0};
  std::atomic<uint32_t> recordedChanges{0};  // in place, by ops that autograd has recorded
  const bool inference = insideInference;

  RefCounted* owner() const { return owner_.get(); }
  // The memory is not reused before `user` has done what it has been given by then: see Note [Streams].
  void recordStream(const Ref<Stream>& user);

 private:
  Ref<RefCounted> owner_;
  const bool owned_;
  std::vector<Ref<Stream>> users_;
};

struct AutogradMeta;

class TensorImpl : public RefCounted, public Pooled<TensorImpl> {
 public:
  TensorImpl(Ref<Storage> storage, Dims sizes, Dims strides, int64_t offset, DType dtype);
  ~TensorImpl() override;

  Ref<Storage> storage;
  Dims sizes;
  Dims strides;
  int64_t offset;
  int64_t numel;
  DType dtype;
  bool contiguous;
  std::unique_ptr<AutogradMeta> autograd;  // null: needs no gradient and never did
  Ref<TensorImpl> base;                    // of a view: see Note [Recorded changes in place]
};

class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(TensorImpl* impl) : impl_(impl) {}
  explicit Tensor(Ref<TensorImpl> impl) : impl_(std::move(impl)) {}

  bool defined() const { return static_cast<bool>(impl_); }
  TensorImpl* impl() const { return impl_.get(); }
  TensorImpl* detachHandle() { return impl_.detach(); }

  const Dims& sizes() const { return impl_->sizes; }
  const Dims& strides() const { return impl_->strides; }
  int dim() const { return impl_->sizes.size(); }
  int64_t size(int i) const { return impl_->sizes[i]; }
  int64_t stride(int i) const { return impl_->strides[i]; }
  int64_t numel() const { return impl_->numel; }
  DType dtype() const { return impl_->dtype; }
  Device device() const { return impl_->storage->device; }
  bool isContiguous() const { return impl_->contiguous; }
  uint32_t version() const { return impl_->storage->version.load(std::memory_order_relaxed); }
  void bumpVersion() const { impl_->storage->version.fetch_add(1, std::memory_order_relaxed); }

  char* bytes() const { return static_cast<char*>(impl_->storage->data) + impl_->offset * itemSize(impl_->dtype); }
  template <class T>
  T* data() const {
    return reinterpret_cast<T*>(bytes());
  }

 private:
  Ref<TensorImpl> impl_;
};

// Uninitialised, contiguous.
Tensor empty(const Dims& sizes, DType dtype, Device device = {});
// Another view of x's storage; the caller vouches for the bounds. Never carries autograd state.
Tensor alias(const Tensor& x, const Dims& sizes, const Dims& strides, int64_t offset);
inline Tensor alias(const Tensor& x) { return alias(x, x.sizes(), x.strides(), x.impl()->offset); }

}  // namespace dtrain
