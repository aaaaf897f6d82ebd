// Functions that a program differentiates itself: autograd.Function.
#include <algorithm>
#include <mutex>
#include <set>

#include "binding/callback.h"
#include "binding/table.h"
#include "ops/in-place.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain::binding {

namespace {

// Names of nodes are never freed; a program has few.
const char* lasting(const std::string& name) {
  static std::mutex mutex;
  static std::set<std::string> names;
  const std::lock_guard lock(mutex);
  return names.insert(name).first->c_str();
}

struct Input {
  size_t argument;
  Dims sizes;
  DType dtype;
  Device device;
};

class CustomNode : public Node {
 public:
  CustomNode(const std::string& name, Ref<JsCallback> backward) : Node(lasting(name)), backward_(std::move(backward)) {}

  Grads apply(const Grads& dy) override {
    Grads all = dy;
    all.resize(outputs);
    const Ref<JsCallback> backward = backward_;
    const Grads given = backward->call({&all}).value_or(Grads());
    check(given.size() == arguments, Code::autograd, name, ": backward returned ", given.size(),
          " gradients, expected ", arguments, ", one for each argument of forward; null stands for none");
    Grads dx;
    for (size_t i = 0; i < inputs.size(); i++)
      dx.push_back(next[i].node ? fitting(given[inputs[i].argument], inputs[i]) : Tensor());
    return dx;
  }

  void releaseSaved() override {
    backward_ = {};
    saved.clear();
  }

  size_t arguments = 0, outputs = 0;
  std::vector<Input> inputs;  // one for each edge
  std::vector<Saved> saved;

 private:
  // What backward has returned for an argument, as that has it.
  Tensor fitting(const Tensor& dx, const Input& x) const {
    if (!dx.defined()) return dx;
    check(expandable(x.sizes, dx.sizes()), Code::autograd, name, ": backward returned a gradient of shape ", dx.sizes(),
          " for argument ", x.argument, " of shape ", x.sizes);
    check(dx.device() == x.device, Code::autograd, name, ": backward returned a gradient on ", dx.device(),
          " for argument ", x.argument, " on ", x.device);
    return sumTo(dx, x.sizes, x.dtype);
  }

  Ref<JsCallback> backward_;
};

// The outputs as they leave the function: with the node as their origin, unless they are none of `differentiable`.
// `inputs` are the arguments, undefined for what is no tensor. Those of `changed` are inputs that it has changed in
// place.
std::vector<Tensor> recordFunction(const std::string& name, const Callable& backward,
                                   const std::vector<MaybeTensor>& inputs, const std::vector<Tensor>& outputs,
                                   const std::vector<bool>& differentiable, const std::vector<bool>& changed,
                                   const std::vector<MaybeTensor>& saved) {
  check(differentiable.size() == outputs.size() && changed.size() == outputs.size(), Code::argument,
        "recordFunction: expected a word on each of ", outputs.size(), " outputs, got ", differentiable.size(), " and ",
        changed.size());
  const auto node = make<CustomNode>(name, make<JsCallback>(instance().env, backward.value, true));
  node->outputs = outputs.size();
  node->arguments = inputs.size();
  for (size_t i = 0; i < inputs.size(); i++) {
    if (!inputs[i].defined()) continue;
    node->next.push_back(gradientEdge(inputs[i]));
    node->inputs.push_back({i, inputs[i].sizes(), inputs[i].dtype(), inputs[i].device()});
  }
  std::vector<Tensor> results;
  for (size_t i = 0; i < outputs.size(); i++) {
    const Tensor& y = outputs[i];
    if (changed[i]) destination(name.c_str(), y, y.dtype(), true);  // checks that it may be
    results.push_back(changed[i] ? y : alias(y));
    if (differentiable[i]) produce(*node, results.back(), static_cast<int>(i), changed[i]);
  }
  for (const MaybeTensor& x : saved) {
    int output = -1;  // an input that is returned as it is stays an input
    for (size_t i = 0; i < outputs.size() && x.defined(); i++) {
      const auto isInput = [&](const MaybeTensor& input) { return input.defined() && input.impl() == x.impl(); };
      const bool made = differentiable[i] && (changed[i] || std::ranges::none_of(inputs, isInput));
      if (outputs[i].impl() == x.impl() && made) output = static_cast<int>(i);
    }
    node->saved.push_back(output < 0 ? Saved(x) : Saved::output(x, output));
  }
  return results;
}

// What the function has saved, for its backward, which is running.
std::vector<Tensor> savedOfFunction() {
  const auto* node = dynamic_cast<const CustomNode*>(currentNode);
  check(node, Code::autograd, "savedTensors: they are there while the backward of the function runs, and only then");
  std::vector<Tensor> out;
  for (const Saved& x : node->saved) out.push_back(x.get());
  return out;
}

// Another handle of the same tensor, which no tidy() scope disposes.
Tensor another(const Tensor& x) { return x; }

Group group("function");

// `differentiable` and `changed` are about the outputs. The results stand for them.
DT_OP(recordFunction, name, backward, inputs, outputs, differentiable, changed, saved);
DT_OP(savedOfFunction);
// Another handle of the same tensor.
DT_OP(another, x);

}  // namespace
}  // namespace dtrain::binding
