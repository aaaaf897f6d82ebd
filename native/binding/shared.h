// Memory of JavaScript under a tensor: the elements of a typed array, which lives as long as any view of the tensor.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "binding/value.h"

namespace dtrain::binding {

// Note [Arrays under tensors]
// A storage over a typed array owns a reference to it. The last tensor may go inside the collector, where Node-API must
// not be called (Note [Finalizers inside the collector]), or in another thread. So a reference that is no longer needed
// waits here until JavaScript's thread asks: when the next array is shared, and whenever a collection is asked for.
class DroppedArrays {
 public:
  void add(napi_ref array);
  void release(napi_env env);  // on the thread of env

 private:
  std::mutex mutex_;
  std::vector<napi_ref> arrays_;
};

// The elements of a typed array and what keeps them.
struct SharedBytes : Bytes {
  Ref<RefCounted> owner;
};
template <>
struct Js<SharedBytes> {
  static SharedBytes from(napi_env env, napi_value v);
  static std::string ts() { return "Bytes"; }
};

}  // namespace dtrain::binding
