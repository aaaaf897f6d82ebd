// Building graph nodes, and the checks that ops share.
#include "ops/record.h"

#include "ops/copy.h"
#include "ops/reduce.h"

namespace dtrain {

Node& recordMany(const char* name, const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                 FunctionNode::Formula formula, Keeps keeps) {
  auto node = make<FunctionNode>(name, std::move(formula));
  node->keepsNothing = keeps == Keeps::nothing;
  node->next.reserve(inputs.size());
  for (const Tensor& x : inputs) node->next.push_back(gradientEdge(x));
  for (size_t i = 0; i < outputs.size(); i++) {
    AutogradMeta& meta = autogradMeta(outputs[i]);
    if (meta.gradFn) {  // Note [Recorded changes in place]; a gradient that is kept is that of the new value
      meta.changes = ++outputs[i].impl()->storage->recordedChanges;
      auto& kept = meta.gradFn->retained;
      const auto isHere = [&](const auto& entry) { return entry.second.get() == meta.slot.get(); };
      if (std::erase_if(kept, isHere) > 0) node->retained.emplace_back(static_cast<int>(i), meta.slot);
    }
    meta.gradFn = Ref<Node>(node.get());
    meta.outputIndex = static_cast<int>(i);
  }
  return *node;
}

namespace {
void markChanged(const char* op, const Tensor& x) {
  for (int i = 0; i < x.dim(); i++)
    check(x.stride(i) != 0 || x.size(i) <= 1, Code::argument, op,
          ": several elements of an expanded tensor share one place in memory; clone() it first");
  x.bumpVersion();
}
}  // namespace

Tensor destination(const char* op, const Tensor& x, DType dtype, bool inPlace) {
  if (!inPlace) return empty(x.sizes(), dtype, x.device());
  check(category(dtype) <= category(x.dtype()), Code::dtype, op, ": the result is ", dtype,
        ", which does not fit into a ", x.dtype(), " tensor in place");
  if (recording(x)) {
    check(!isLeaf(x), Code::autograd, op,
          ": cannot change a leaf tensor that requires a gradient in place; wrap the call in noGrad(() => …)");
    gradientEdge(x);  // throws if x does not know of another change
  }
  markChanged(op, x);
  return x;
}

void prepareInPlace(const char* op, const Tensor& x, const Tensor& other) {
  if (gradEnabled() && requiresGrad(x)) {
    const char* what =
        isLeaf(x) ? "a leaf tensor that requires a gradient" : "a tensor that is part of an autograd graph";
    fail(Code::autograd, op, ": cannot change ", what, " in place; wrap the call in noGrad(() => …)");
  }
  check(!(gradEnabled() && requiresGrad(other)), Code::autograd, op,
        ": the argument requires a gradient, which an in-place op would lose; use the out-of-place op or noGrad(() => "
        "…)");
  markChanged(op, x);
}

Tensor sumTo(const Tensor& dy, const Dims& sizes, DType dtype) {
  Tensor result = dy;
  if (!(dy.sizes() == sizes)) {
    const int lead = dy.dim() - sizes.size();
    Dims kept, dropped;
    for (int i = 0; i < lead; i++) dropped.push(i);
    for (int i = 0; i < sizes.size(); i++)
      if (sizes[i] == 1 && dy.size(lead + i) != 1) kept.push(lead + i);
    if (!kept.empty()) result = sum(result, kept, true, std::nullopt);
    if (!dropped.empty()) result = sum(result, dropped, false, std::nullopt);
  }
  return cast(result, dtype);
}

void requireSameDevice(const char* op, const Tensor& x, const Tensor& y) {
  check(!x.defined() || !y.defined() || x.device() == y.device(), Code::argument, op,
        ": tensors are on different devices: ", x.defined() ? x.device() : Device{}, " and ",
        y.defined() ? y.device() : Device{}, "; move one with .to(device)");
}

void requireFloat(const char* op, const Tensor& x) {
  if (!isFloat(x.dtype())) failDType(op, x.dtype());
}

}  // namespace dtrain
