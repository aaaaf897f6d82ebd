// Graph bookkeeping: grad mode, edges, saved tensors, iterative deletion of nodes.
#include "core/autograd.h"

#include <utility>

#include "core/saved-log.h"

namespace dtrain {

thread_local Node* currentNode = nullptr;
thread_local bool insideReplica = false;

namespace {
thread_local bool gradMode = true;
std::atomic<uint64_t> nextSequence{0};
}  // namespace

bool gradEnabled() { return gradMode; }
bool setGradEnabled(bool on) { return std::exchange(gradMode, on); }

Node::Node(const char* name) : name(name), sequence(nextSequence.fetch_add(1, std::memory_order_relaxed)) {}

// Deleting a node releases the nodes it points to; a work list turns that recursion into a loop.
void Node::destroy() {
  thread_local std::vector<Node*>* pending = nullptr;
  if (pending) {
    pending->push_back(this);
    return;
  }
  std::vector<Node*> list{this};
  pending = &list;
  while (!list.empty()) {
    Node* node = list.back();
    list.pop_back();
    delete node;
  }
  pending = nullptr;
}

AutogradMeta& autogradMeta(const Tensor& x) {
  auto& meta = x.impl()->autograd;
  if (!meta) {
    meta = std::make_unique<AutogradMeta>();
    meta->changes = x.impl()->storage->recordedChanges;
  }
  return *meta;
}

bool requiresGrad(const Tensor& x) {
  if (!x.defined()) return false;
  const AutogradMeta* meta = x.impl()->autograd.get();
  return meta && (meta->requiresGrad || meta->gradFn);
}

Edge gradientEdge(const Tensor& x) {
  if (!requiresGrad(x)) return {};
  AutogradMeta& meta = autogradMeta(x);
  check(meta.changes == x.impl()->storage->recordedChanges, Code::autograd, "autograd: a tensor of shape ", x.sizes(),
        " shares its elements with one that has been changed in place since; use that one, make the view again, or use "
        "the out-of-place op");
  if (meta.gradFn) return {meta.gradFn, meta.outputIndex};
  if (!meta.accumulator) {
    Ref<Node> node(new AccumulateGrad(x));
    meta.accumulator = static_cast<AccumulateGrad*>(node.get());
    return {node, 0};
  }
  return {Ref<Node>(meta.accumulator), 0};
}

Saved Saved::output(const Tensor& y, int index) {
  Saved saved(alias(y));
  saved.outputIndex_ = index;
  return saved;
}

Tensor Saved::get() const {
  if (!x_.defined()) return x_;
  check(x_.version() == version_, Code::autograd, currentNode ? currentNode->name : "backward", ": a tensor of shape ",
        x_.sizes(), " needed for the gradient has been modified in place since (version ", x_.version(), ", expected ",
        version_, "); use the out-of-place op, or clone() it before the change");
  if (savedLog && currentNode) savedLog->tensors.emplace_back(Ref<Node>(currentNode), x_);
  if (outputIndex_ < 0 || !gradMode) return x_;
  Tensor y = alias(x_);
  AutogradMeta& meta = autogradMeta(y);
  meta.gradFn = Ref<Node>(currentNode);
  meta.outputIndex = outputIndex_;
  return y;
}

}  // namespace dtrain
