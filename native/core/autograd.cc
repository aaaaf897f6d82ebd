// Graph bookkeeping: grad mode, edges, saved tensors, iterative deletion of nodes.
#include "core/autograd.h"

#include <utility>

#include "core/saved-log.h"

namespace dtrain {

thread_local Node* currentNode = nullptr;
thread_local bool insideReplica = false;
thread_local Anomaly anomaly;
thread_local Packer* packer = nullptr;

namespace {
thread_local bool gradMode = true;
std::atomic<uint64_t> nextSequence{0};
}  // namespace

bool gradEnabled() { return gradMode; }
bool setGradEnabled(bool on) { return std::exchange(gradMode, on); }

Node::Node(const char* name) : name(name), sequence(nextSequence.fetch_add(1, std::memory_order_relaxed)) {
  if (anomaly.where) [[unlikely]]
    trace.reset(new Trace{anomaly.where(), Ref<Node>(currentNode)});
}

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
  if (meta && (meta->requiresGrad || meta->gradFn)) return true;
  return x.impl()->base && requiresGrad(Tensor(x.impl()->base));
}

bool isLeaf(const Tensor& x) {
  const AutogradMeta* meta = x.impl()->autograd.get();
  return !(meta && meta->gradFn) && ((meta && meta->requiresGrad) || !requiresGrad(x));
}

void followBase(const Tensor& x) {
  if (!x.impl()->base) return;
  const AutogradMeta* known = x.impl()->autograd.get();
  const uint32_t changes = x.impl()->storage->recordedChanges;
  if (known && (known->requiresGrad || (known->gradFn && known->changes == changes))) return;
  const Tensor base(x.impl()->base);
  if (!requiresGrad(base)) return;
  AutogradMeta& meta = autogradMeta(x);
  meta.gradFn = makeViewNode(base, x);
  meta.outputIndex = 0;
  meta.changes = changes;
}

Edge gradientEdge(const Tensor& x) {
  if (!requiresGrad(x)) return {};
  followBase(x);
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
  if (meta.hooks) meta.accumulator->keepHooks(true);
  return {Ref<Node>(meta.accumulator), 0};
}

namespace {
// Leads from an unpacked tensor to where the one that was packed came from.
class UnpackedNode : public Node {
 public:
  explicit UnpackedNode(Edge edge) : Node("AliasBackward0") {
    next.push_back(std::move(edge));
    keepsNothing = true;
  }
  Grads apply(const Grads& dy) override { return dy; }
};
}  // namespace

Saved::Saved(const Tensor& x) {
  if (!x.defined()) return;
  check(
      !x.impl()->storage->inference, Code::autograd,
      "inferenceMode: a tensor that was made there cannot be saved for backward; clone() it outside for one that can");
  if (packer) [[unlikely]] {
    const NoGrad guard;
    packed_ = packer->pack(alias(x));
    packed_->edge = gradientEdge(x);
    return;
  }
  x_ = x;
  version_ = x.version();
}

Saved Saved::output(const Tensor& y, int index) {
  Saved saved(alias(y));
  saved.outputIndex_ = index;
  return saved;
}

Tensor Saved::unpacked() const {
  if (packed_) return packed_->unpack();
  if (x_.version() != version_) {
    const AutogradMeta* meta = x_.impl()->autograd.get();
    const Node* made = outputIndex_ >= 0 ? currentNode : meta ? meta->gradFn.get() : nullptr;
    const int output = outputIndex_ >= 0 ? outputIndex_ : made ? meta->outputIndex : 0;
    fail(Code::autograd, currentNode ? currentNode->name : "backward", ": a tensor needed for the gradient, ",
         x_.dtype(), " ", x_.sizes(), made ? str(", output ", output, " of ", made->name, ",") : "",
         " has been modified in place since: it is at version ", x_.version(), ", expected version ", version_,
         "; use the out-of-place op, or clone() it before the change");
  }
  return x_;
}

Tensor Saved::get() const {
  if (!defined()) return x_;
  const Tensor x = unpacked();
  if (savedLog && currentNode) savedLog->tensors.emplace_back(Ref<Node>(currentNode), x);
  if (!gradMode || (!packed_ && outputIndex_ < 0)) return x;
  Tensor y = alias(x);
  if (outputIndex_ < 0) {
    if (packed_->edge.node) autogradMeta(y).gradFn = Ref<Node>(new UnpackedNode(packed_->edge));
    return y;
  }
  AutogradMeta& meta = autogradMeta(y);
  meta.gradFn = Ref<Node>(currentNode);
  meta.outputIndex = outputIndex_;
  return y;
}

}  // namespace dtrain
