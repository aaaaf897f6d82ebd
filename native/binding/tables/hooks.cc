// Hooks of tensors and nodes, and anomaly mode: see Note [Hooks of tensors] in core/autograd.h.
#include <algorithm>

#include "autograd/engine.h"
#include "binding/callback.h"
#include "binding/table.h"

namespace dtrain::binding {

namespace {

using HookOf = Ref<HookSwitch>;

Ref<JsCallback> callbackOf(const Callable& f, bool kept) { return make<JsCallback>(instance().env, f.value, kept); }

template <class Hooks>
void eraseRemoved(Hooks& hooks) {
  std::erase_if(hooks, [](const Ref<Callback>& hook) { return hook->removed(); });
}

HookOf addLeafHook(const Tensor& x, Callbacks LeafHooks::*where, const Callable& f) {
  AutogradMeta& meta = autogradMeta(x);
  const Ref<JsCallback> hook = callbackOf(f, meta.accumulator != nullptr);
  if (!meta.hooks) meta.hooks = std::make_unique<LeafHooks>();
  eraseRemoved(*meta.hooks.*where);
  (*meta.hooks.*where).push_back(Ref<Callback>(hook.get()));
  return hook->hookSwitch;
}

HookOf registerHook(const Tensor& x, const Callable& f) {
  check(requiresGrad(x), Code::autograd, "registerHook: the tensor does not require a gradient");
  followBase(x);
  if (isLeaf(x)) return addLeafHook(x, &LeafHooks::gradient, f);
  const AutogradMeta& meta = autogradMeta(x);
  auto& hooks = meta.gradFn->hooks;
  if (!hooks) hooks = std::make_unique<NodeHooks>();
  std::erase_if(hooks->outputs, [](const auto& entry) { return entry.second->removed(); });
  const Ref<JsCallback> hook = callbackOf(f, true);
  hooks->outputs.emplace_back(meta.outputIndex, Ref<Callback>(hook.get()));
  return hook->hookSwitch;
}

HookOf registerPostAccumulateGradHook(const Tensor& x, const Callable& f) {
  check(requiresGrad(x) && isLeaf(x), Code::autograd,
        "registerPostAccumulateGradHook: only a leaf that requires a gradient accumulates one");
  return addLeafHook(x, &LeafHooks::accumulated, f);
}

HookOf addNodeHook(const Ref<Node>& node, const Callable& f, bool before) {
  if (!node->hooks) node->hooks = std::make_unique<NodeHooks>();
  Callbacks& hooks = before ? node->hooks->before : node->hooks->after;
  eraseRemoved(hooks);
  const Ref<JsCallback> hook = callbackOf(f, true);
  hooks.push_back(Ref<Callback>(hook.get()));
  return hook->hookSwitch;
}

void removeHook(const HookOf& hook) {
  if (HookSwitch* const one = hook.get()) one->removed = true;
}

void moveHooks(const Tensor& from, const Tensor& to) {
  if (!from.impl()->autograd || !from.impl()->autograd->hooks) return;
  for (const Callbacks* hooks : {&autogradMeta(from).hooks->gradient, &autogradMeta(from).hooks->accumulated})
    for (const Ref<Callback>& hook : *hooks) hook->keep(false);

  autogradMeta(to).hooks = std::move(autogradMeta(from).hooks);
}

// --- anomaly mode

thread_local std::unique_ptr<FunctionRef> whereFunction;

std::string whereNow() {
  const napi_env env = whereFunction->env();
  return scoped(env, [&] { return Js<std::string>::from(env, whereFunction->call({})); });
}

void setAnomaly(const std::optional<Callable>& where, bool checkNan) {
  whereFunction = where ? std::make_unique<FunctionRef>(instance().env, where->value, true) : nullptr;
  anomaly.where = where ? whereNow : nullptr;
  anomaly.checkNan = checkNan;
}

Group group("hooks");

// The gradient of x goes through f, which may return another.
DT_OP(registerHook, x, f);
// f is called when the gradient of a leaf has been accumulated.
DT_OP(registerPostAccumulateGradHook, x, f);
// Before the node runs f sees the gradients of its outputs; after it, what it returned, and those.
DT_OP(addNodeHook, node, f, before);
DT_OP(removeHook, hook);
// To the tensor that takes the place of a leaf.
DT_OP(moveHooks, from, to);
// `where` says where the program is now; null switches anomaly mode off.
DT_OP(setAnomaly, where, checkNan);
DT_OP(takeFailedTrace);

}  // namespace
}  // namespace dtrain::binding
