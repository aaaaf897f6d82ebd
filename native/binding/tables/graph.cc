// Gradients and the graph they follow.
#include "autograd/engine.h"
#include "binding/table.h"
#include "ops/record.h"

namespace dtrain::binding {

namespace {

void setRequiresGrad(const Tensor& x, bool on) {
  check(isLeaf(x), Code::autograd,
        "requiresGrad: only leaf tensors can be changed; use detach() for a tensor without history");
  check(!on || isFloat(x.dtype()), Code::dtype, "requiresGrad: only floating dtypes can require gradients, got ",
        x.dtype());
  if (on || x.impl()->autograd) autogradMeta(x).requiresGrad = on;
}

void retainGrad(const Tensor& x) {
  check(requiresGrad(x), Code::autograd, "retainGrad: the tensor does not require a gradient");
  AutogradMeta& meta = autogradMeta(x);
  if (!meta.gradFn) return;
  for (const auto& [output, slot] : meta.gradFn->retained)
    if (slot.get() == meta.slot.get()) return;
  meta.gradFn->retained.emplace_back(meta.outputIndex, meta.slot);
}

MaybeTensor grad(const Tensor& x) { return x.impl()->autograd ? x.impl()->autograd->slot->grad : Tensor(); }

void setGrad(const Tensor& x, const MaybeTensor& grad) {
  check(!grad.defined() || (grad.sizes() == x.sizes() && grad.dtype() == x.dtype()), Code::shape, "grad: expected ",
        x.dtype(), " ", x.sizes(), grad.defined() ? str(", got ", grad.dtype(), " ", grad.sizes()) : "");
  requireSameDevice("grad", x, grad);
  if (grad.defined() || x.impl()->autograd) autogradMeta(x).slot->grad = grad;
}

using MaybeNode = std::optional<Ref<Node>>;
MaybeNode orNull(const Ref<Node>& node) { return node ? MaybeNode(node) : std::nullopt; }

MaybeNode gradFn(const Tensor& x) { return x.impl()->autograd ? orNull(x.impl()->autograd->gradFn) : std::nullopt; }

std::string nodeName(const Ref<Node>& node) { return node->name; }

std::vector<std::pair<MaybeNode, int>> nodeNext(const Ref<Node>& node) {
  std::vector<std::pair<MaybeNode, int>> next;
  for (const Edge& e : node->next) next.emplace_back(orNull(e.node), e.index);
  return next;
}

Group group("graph");

DT_OP(gradEnabled);
// Returns what it was.
DT_OP(setGradEnabled, on);
DT_OP(requiresGrad, x);
DT_OP(setRequiresGrad, x, on);
DT_OP(isLeaf, x);
DT_OP(retainGrad, x);
DT_OP(grad, x);
DT_OP(setGrad, x, grad);
DT_OP(gradFn, x);
DT_OP(nodeName, node);
DT_OP(nodeNext, node);
DT_OP_END(backward, x, gradient, retainGraph, createGraph);
DT_OP(gradients, outputs, inputs, gradOutputs, retainGraph, createGraph, allowUnused);

}  // namespace
}  // namespace dtrain::binding
