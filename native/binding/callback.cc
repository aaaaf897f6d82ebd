// See callback.h.
#include "binding/callback.h"

#include "binding/shared.h"

namespace dtrain::binding {

FunctionRef::FunctionRef(napi_env env, napi_value function, bool strong) : env_(env), dropped_(instance().dropped) {
  dropped_->release(env);
  if (napi_create_reference(env, function, strong ? 1 : 0, &ref_) != napi_ok)
    fail(Code::internal, "native: could not keep a function");
}

void FunctionRef::drop() {
  if (ref_) dropped_->add(std::exchange(ref_, nullptr));
}

napi_value FunctionRef::get() const {
  napi_value function = nullptr;
  if (ref_) napi_get_reference_value(env_, ref_, &function);
  return function;
}

napi_value FunctionRef::call(const std::vector<napi_value>& arguments) const {
  check(env_ == instance().env, Code::autograd,
        "autograd: a hook or a function belongs to another thread; detach() a tensor before it goes to a thread");
  const napi_value function = get();
  check(function, Code::internal, "native: a function of a graph is gone");
  napi_value global, result;
  napi_get_global(env_, &global);
  if (napi_call_function(env_, global, function, arguments.size(), arguments.data(), &result) == napi_ok) return result;
  napi_value error;
  napi_get_and_clear_last_exception(env_, &error);
  throw Thrown{error};
}

JsCallback::JsCallback(napi_env env, napi_value function, bool kept) : weak_(env, function, false) {
  if (kept) kept_ = std::make_unique<FunctionRef>(env, function, true);
}

void JsCallback::keep(bool on) {
  if (!on) return kept_.reset();
  if (kept_ || removed()) return;
  scoped(weak_.env(), [&] {
    if (const napi_value function = weak_.get()) kept_ = std::make_unique<FunctionRef>(weak_.env(), function, true);
  });
}

std::optional<Grads> JsCallback::call(std::initializer_list<const Grads*> lists) {
  const Ref<JsCallback> guard(this);
  const napi_env env = weak_.env();
  return scoped(env, [&]() -> std::optional<Grads> {
    std::vector<napi_value> args;
    for (const Grads* list : lists) args.push_back(toJs(env, *list));
    const napi_value result = weak_.call(args);
    if (isNullish(env, result)) return std::nullopt;
    Grads out;
    for (MaybeTensor& x : Js<std::vector<MaybeTensor>>::from(env, result)) out.push_back(std::move(x));
    return out;
  });
}

Callable Js<Callable>::from(napi_env env, napi_value v) {
  napi_valuetype type;
  if (napi_typeof(env, v, &type) != napi_ok || type != napi_function) failArgument(env, v, "a function");
  return {v};
}

}  // namespace dtrain::binding
