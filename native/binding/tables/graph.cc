// Gradients and the graph they follow.
#include <algorithm>

#include "autograd/engine.h"
#include "binding/table.h"
#include "core/saved-log.h"
#include "ops/record.h"

namespace dtrain::binding {

namespace {

void setRequiresGrad(const Tensor& x, bool on) {
  check(isLeaf(x), Code::autograd,
        "requiresGrad: only leaf tensors can be changed; use detach() for a tensor without history");
  check(!on || isFloat(x.dtype()), Code::dtype, "requiresGrad: only floating dtypes can require gradients, got ",
        x.dtype());
  check(!on || insideInference || !x.impl()->storage->inference, Code::autograd,
        "requiresGrad: a tensor that was made in inferenceMode() cannot require a gradient; clone() it first");
  if (on || x.impl()->autograd) autogradMeta(x).requiresGrad = on;
}

bool retainsGrad(const Tensor& x) {
  const AutogradMeta* meta = x.impl()->autograd.get();
  if (!meta || !meta->gradFn) return false;
  const auto& retained = meta->gradFn->retained;
  return std::ranges::any_of(retained, [&](const auto& entry) { return entry.second.get() == meta->slot.get(); });
}

bool isInference(const Tensor& x) { return x.impl()->storage->inference; }
bool inferenceEnabled() { return insideInference; }
bool setInference(bool on) { return std::exchange(insideInference, on); }

MaybeTensor grad(const Tensor& x) { return x.impl()->autograd ? x.impl()->autograd->slot->grad : Tensor(); }

void setGrad(const Tensor& x, const MaybeTensor& grad) {
  check(!grad.defined() || (grad.sizes() == x.sizes() && grad.dtype() == x.dtype()), Code::shape, "grad: expected ",
        x.dtype(), " ", x.sizes(), grad.defined() ? str(", got ", grad.dtype(), " ", grad.sizes()) : "");
  requireSameDevice("grad", x, grad);
  if (grad.defined() || x.impl()->autograd) autogradMeta(x).slot->grad = grad;
}

using MaybeNode = std::optional<Ref<Node>>;
MaybeNode orNull(const Ref<Node>& node) { return node ? MaybeNode(node) : std::nullopt; }

MaybeNode gradFn(const Tensor& x) {
  followBase(x);
  return x.impl()->autograd ? orNull(x.impl()->autograd->gradFn) : std::nullopt;
}

std::string nodeName(const Ref<Node>& node) { return node->name; }

std::vector<std::pair<MaybeNode, int>> nodeNext(const Ref<Node>& node) {
  std::vector<std::pair<MaybeNode, int>> next;
  for (const Edge& e : node->next) next.emplace_back(orNull(e.node), e.index);
  return next;
}

double idOf(const Node* node) { return static_cast<double>(reinterpret_cast<uintptr_t>(node)); }
double nodeId(const Ref<Node>& node) { return idOf(node.get()); }

MaybeTensor nodeVariable(const Ref<Node>& node) {
  const auto* accumulator = dynamic_cast<const AccumulateGrad*>(node.get());
  return accumulator ? accumulator->leaf : Tensor();
}

MaybeNode gradientNode(const Tensor& x) { return orNull(gradientEdge(x).node); }

using SavedTensors = std::vector<std::pair<double, Tensor>>;
using SavedAttributes = std::vector<std::pair<double, std::pair<std::string, std::string>>>;

std::pair<SavedTensors, SavedAttributes> savedBy(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                                                 const std::vector<MaybeTensor>& gradOutputs) {
  struct Logging {
    SavedLog log;
    SavedLog* const before = std::exchange(savedLog, &log);
    ~Logging() { savedLog = before; }
  } logging;
  gradients(outputs, inputs, gradOutputs, true, false, true);
  SavedTensors tensors;
  for (const auto& [node, x] : logging.log.tensors) {
    const auto same = [&](const auto& entry) {
      return entry.first == idOf(node.get()) && entry.second.impl() == x.impl();
    };
    if (std::ranges::none_of(tensors, same)) tensors.emplace_back(idOf(node.get()), x);
  }
  SavedAttributes attributes;
  for (const auto& [node, attribute] : logging.log.attributes) attributes.emplace_back(idOf(node.get()), attribute);
  return {tensors, attributes};
}

Group group("graph");

DT_OP(gradEnabled);
// Returns what it was.
DT_OP(setGradEnabled, on);
DT_OP(requiresGrad, x);
DT_OP(setRequiresGrad, x, on);
DT_OP(isLeaf, x);
DT_OP(retainGrad, x);
DT_OP(retainsGrad, x);
DT_OP(isInference, x);
DT_OP(inferenceEnabled);
// Returns what it was.
DT_OP(setInference, on);
DT_OP(grad, x);
DT_OP(setGrad, x, grad);
DT_OP(gradFn, x);
DT_OP(nodeName, node);
DT_OP(nodeNext, node);
// Equal for two handles of one node, and no other's as long as one of them lives.
DT_OP(nodeId, node);
// The leaf of an AccumulateGrad.
DT_OP(nodeVariable, node);
// Where the gradient of x goes: its gradFn, or the AccumulateGrad of a leaf.
DT_OP(gradientNode, x);
// What each node, by its id, asks for when it runs, and what it keeps beside tensors: names, and texts as in Python.
// Gradients of the inputs are computed once and dropped.
DT_OP(savedBy, outputs, inputs, gradOutputs);
DT_OP_END(backward, roots, gradients, retainGraph, createGraph, inputs);
DT_OP(gradients, outputs, inputs, gradOutputs, retainGraph, createGraph, allowUnused);

}  // namespace
}  // namespace dtrain::binding
