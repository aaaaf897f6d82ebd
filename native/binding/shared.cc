// See shared.h.
#include "binding/shared.h"

namespace dtrain::binding {

void DroppedArrays::add(napi_ref array) {
  const std::lock_guard lock(mutex_);
  arrays_.push_back(array);
}

void DroppedArrays::release(napi_env env) {
  std::vector<napi_ref> arrays;
  {
    const std::lock_guard lock(mutex_);
    arrays.swap(arrays_);
  }
  for (napi_ref array : arrays) napi_delete_reference(env, array);
}

std::shared_ptr<DroppedArrays> makeDroppedArrays() { return std::make_shared<DroppedArrays>(); }

namespace {

class ArrayOwner : public RefCounted {
 public:
  ArrayOwner(napi_ref array, std::shared_ptr<DroppedArrays> dropped) : array_(array), dropped_(std::move(dropped)) {}
  ~ArrayOwner() override { dropped_->add(array_); }

 private:
  const napi_ref array_;
  const std::shared_ptr<DroppedArrays> dropped_;  // outlives the environment if need be
};

}  // namespace

SharedBytes Js<SharedBytes>::from(napi_env env, napi_value v) {
  const Bytes bytes = Js<Bytes>::from(env, v);
  instance().dropped->release(env);
  napi_ref array;
  ok(napi_create_reference(env, v, 1, &array), env, v, "a typed array");
  return {bytes, Ref<RefCounted>(new ArrayOwner(array, instance().dropped))};
}

}  // namespace dtrain::binding
