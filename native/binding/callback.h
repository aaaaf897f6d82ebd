// Functions of JavaScript that the core calls while it walks a graph: always on the thread that gave them, inside a
// call of the addon. What such a function throws passes through the core as it is, and is thrown again by that call.
#pragma once

#include <atomic>
#include <memory>

#include "binding/value.h"

namespace dtrain::binding {

// On its way through C++. The value belongs to the call of the addon that will throw it.
struct Thrown {
  napi_value value;
};

// A reference to a function, strong or weak, which may be dropped inside the collector or on another thread: see Note
// [Arrays under tensors].
class FunctionRef {
 public:
  FunctionRef(napi_env env, napi_value function, bool strong);
  ~FunctionRef() { drop(); }
  void drop();
  napi_value get() const;  // null when it is gone
  explicit operator bool() const { return ref_ != nullptr; }
  napi_env env() const { return env_; }

  // Calls it with these arguments. Throws Thrown.
  napi_value call(const std::vector<napi_value>& arguments) const;

 private:
  const napi_env env_;
  napi_ref ref_ = nullptr;
  const std::shared_ptr<DroppedArrays> dropped_;
};

// What f returns; the handles that it makes are gone then, so that nothing which a pass has seen lives until its end.
template <class F>
auto scoped(napi_env env, F f) {
  napi_escapable_handle_scope scope;
  napi_open_escapable_handle_scope(env, &scope);
  struct Close {
    napi_env env;
    napi_escapable_handle_scope scope;
    ~Close() { napi_close_escapable_handle_scope(env, scope); }
  } const close{env, scope};
  try {
    return f();
  } catch (Thrown& e) {
    napi_escape_handle(env, scope, e.value, &e.value);
    throw;
  }
}

// A hook can be removed by who knows this of it; it does not keep the hook.
class HookSwitch : public RefCounted {
 public:
  std::atomic<bool> removed{false};
};
template <>
constexpr Kind kindOf<HookSwitch>() {
  return Kind::hook;
}

// It is given arrays of handles, null for gradients that are missing, and returns such an array or nothing.
class JsCallback : public Callback {
 public:
  JsCallback(napi_env env, napi_value function, bool kept);
  std::optional<Grads> call(std::initializer_list<const Grads*> lists) override;
  void keep(bool on) override;
  bool removed() const override { return hookSwitch->removed; }

  const Ref<HookSwitch> hookSwitch = make<HookSwitch>();

 private:
  const FunctionRef weak_;
  std::unique_ptr<FunctionRef> kept_;
};

// A function as an argument.
struct Callable {
  napi_value value;
};
template <>
struct Js<Callable> {
  static Callable from(napi_env env, napi_value v);
  static std::string ts() { return "Callback"; }
};

}  // namespace dtrain::binding
