// The engine counts how many gradients each node still waits for, then runs ready nodes by decreasing sequence number:
// the order of a reversed program, which frees memory early and completes the last layer's gradients first.
//
// Around a node it calls, in this order: the hooks of the tensors that the node has made, which see their whole
// gradients; then it keeps what retainGrad() has asked for; the node's own hooks `before`; the formula; and the hooks
// `after`. The first two happen even where the formula itself is not needed.
#include "autograd/engine.h"

#include <algorithm>
#include <queue>
#include <unordered_map>
#include <unordered_set>

#include "core/allocator.h"
#include "core/trace.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/reduce.h"
#include "ops/unary.h"

namespace dtrain {

namespace {

// What nodes may ask about the pass that runs them.
struct Pass {
  std::vector<AfterBackward> callbacks;
  bool capturing = false;
  int collectivesAhead = 0;
};

thread_local Pass* current = nullptr;
thread_local std::string failedTrace;

Pass& currentPass() {
  check(current, Code::internal, "no backward pass is running");
  return *current;
}

struct Pending {
  int waiting = 0;          // edges into the node that have not delivered yet
  int edges = 0;            // all of them
  std::vector<Tensor> dy;   // one per output of the node
  std::vector<bool> owned;  // dy[i] was made here, so it may be added to in place
};

using Captures = std::unordered_map<Node*, std::vector<std::pair<int, size_t>>>;  // node -> (output, result)

class Engine {
 public:
  Engine(bool retainGraph, bool createGraph) : retainGraph_(retainGraph || createGraph), createGraph_(createGraph) {}

  void addRoot(const Tensor& root, const Tensor& gradient) {
    const Edge edge = gradientEdge(root);
    device_ = root.device();
    roots_.push_back(edge);
    deliver(edge, gradient);
  }

  void capture(const Tensor& input) {
    const Edge edge = gradientEdge(input);
    held_.push_back(edge);
    captures_[edge.node.get()].emplace_back(edge.index, captured_.size());
    captured_.push_back({input, {}});
  }

  // Of all leaves only this one takes its gradient; a tensor that is no leaf keeps its own.
  void accumulateInto(const Tensor& input) {
    if (!isLeaf(input)) retainGrad(input);
    const Edge edge = gradientEdge(input);
    held_.push_back(edge);
    wanted_.push_back(edge.node.get());
    if (isLeaf(input)) leads_.insert(edge.node.get());
  }

  std::vector<Captured> run() {
    const struct Restore {
      Pass* before = current;
      Node* node = currentNode;
      ~Restore() {
        current = before;
        currentNode = node;
      }
    } restore;
    pass_.capturing = !captures_.empty();
    for (const auto& [node, captured] : captures_) wanted_.push_back(node);
    current = &pass_;
    for (const Edge& root : roots_) countFrom(root.node.get());
    markLeading();
    const NoGrad mode(createGraph_);
    if (tracing()) traceMoment(TraceLane::compute, "allocated", allocatedBytes(), device_);
    const int64_t span = tracing() ? traceOpen(TraceLane::compute, "backward", device_) : -1;
    try {
      for (const Edge& root : roots_) pushIfReady(root.node.get());
      while (!ready_.empty()) {
        Node* node = ready_.top();
        ready_.pop();
        runNode(node);
      }
    } catch (...) {
      for (auto& f : pass_.callbacks) f(false, captured_);
      throw;
    }
    traceClose(span, device_);
    current = nullptr;
    for (auto& f : pass_.callbacks) f(true, captured_);
    return std::move(captured_);
  }

 private:
  struct Older {
    bool operator()(const Node* a, const Node* b) const { return a->sequence < b->sequence; }
  };

  void countFrom(Node* root) {
    std::vector<Node*> stack{root};
    while (!stack.empty()) {
      Node* node = stack.back();
      stack.pop_back();
      if (!seen_.insert(node).second) continue;
      pass_.collectivesAhead += node->collective;
      for (const Edge& e : node->next) {
        if (!e.node) continue;
        Pending& pending = pending_[e.node.get()];
        pending.waiting++;
        pending.edges++;
        if (!wanted_.empty()) parents_[e.node.get()].push_back(node);
        stack.push_back(e.node.get());
      }
    }
  }

  // With inputs only what lies between them and the outputs runs: the nodes with a wanted one below them.
  void markLeading() {
    std::vector<Node*> stack = wanted_;
    while (!stack.empty()) {
      Node* node = stack.back();
      stack.pop_back();
      for (Node* parent : parents_[node])
        if (leads_.insert(parent).second) stack.push_back(parent);
    }
  }

  void deliver(const Edge& e, Tensor dy) {
    Pending& p = pending_[e.node.get()];
    if (p.dy.size() <= static_cast<size_t>(e.index)) {
      p.dy.resize(e.index + 1);
      p.owned.resize(e.index + 1);
    }
    Tensor& slot = p.dy[e.index];
    if (!slot.defined()) {
      slot = std::move(dy);
    } else if (p.owned[e.index] && !gradEnabled()) {
      add_(slot, dy);
    } else {
      slot = add(slot, dy);
      p.owned[e.index] = true;
    }
  }

  void pushIfReady(Node* node) {
    if (pending_[node].waiting == 0 && queued_.insert(node).second) ready_.push(node);
  }

  // A gradient that a hook has put in the place of another one.
  static void replace(const Node* node, Tensor& old, const Tensor& fresh) {
    if (!fresh.defined()) return;
    if (old.defined())
      check(fresh.sizes() == old.sizes() && fresh.dtype() == old.dtype() && fresh.device() == old.device(),
            Code::autograd, "registerHook: a hook of ", node->name, " has returned ", fresh.dtype(), " ", fresh.sizes(),
            " on ", fresh.device(), " for a gradient that is ", old.dtype(), " ", old.sizes(), " on ", old.device());
    old = fresh;
  }

  static void replaceAll(const Node* node, Grads& old, const std::optional<Grads>& fresh) {
    if (!fresh) return;
    check(fresh->size() == old.size(), Code::autograd, "registerHook: a hook of ", node->name, " has returned ",
          fresh->size(), " gradients, expected ", old.size());
    for (size_t i = 0; i < old.size(); i++) replace(node, old[i], (*fresh)[i]);
  }

  static void callHook(const Node* node, const Ref<Callback>& hook, Tensor& dy) {
    if (hook->removed() || !dy.defined()) return;
    const Grads given{dy};
    if (const auto fresh = hook->call({&given})) replace(node, dy, fresh->at(0));
  }

  static void callHooksOfOutputs(const Node* node, const AccumulateGrad* accumulator, Grads& dy) {
    if (node->hooks)
      for (const auto& [output, hook] : decltype(node->hooks->outputs)(node->hooks->outputs))
        if (static_cast<size_t>(output) < dy.size()) callHook(node, hook, dy[output]);
    if (accumulator && !dy.empty())
      if (const LeafHooks* hooks = autogradMeta(accumulator->leaf).hooks.get())
        for (const Ref<Callback>& hook : Callbacks(hooks->gradient)) callHook(node, hook, dy[0]);
  }

  // The formula, between the node's own hooks.
  static Grads apply(Node* node, Grads& dy) {
    if (!node->hooks || (node->hooks->before.empty() && node->hooks->after.empty())) return node->apply(dy);
    for (const Ref<Callback>& hook : Callbacks(node->hooks->before))
      if (!hook->removed()) replaceAll(node, dy, hook->call({&dy}));
    const Callbacks after = node->hooks->after;
    const Grads given = after.empty() ? Grads() : dy;
    Grads dx = node->apply(dy);
    dx.resize(node->next.size());
    for (const Ref<Callback>& hook : after)
      if (!hook->removed()) replaceAll(node, dx, hook->call({&dx, &given}));
    return dx;
  }

  // In anomaly mode.
  static Grads applyWatched(Node* node, Grads& dy) {
    try {
      Grads dx = apply(node, dy);
      const NoGrad guard;
      for (size_t i = 0; anomaly.checkNan && i < dx.size(); i++)
        check(!dx[i].defined() || !isFloat(dx[i].dtype()) ||
                  !*to(any(isnan(dx[i]), std::nullopt, false), Device{}, false).data<bool>(),
              Code::autograd, "backward: ", node->name, " returned nan values in its output ", i);
      return dx;
    } catch (...) {
      failedTrace.clear();
      const char* what = "made by the forward call";
      for (const Node* n = node; n && n->trace; n = n->trace->parent.get()) {
        failedTrace += str("\n  ", n->name, ", ", what, ":", n->trace->where);
        what = "whose backward made it, made by";
      }
      throw;
    }
  }

  // After the pass nothing of it can be called again, or hold on to what a program has closed over.
  static void letGoOfHooks(Node* node) {
    if (!node->hooks) return;
    for (const auto& [output, hook] : node->hooks->outputs) hook->keep(false);
    node->hooks->before.clear();
    node->hooks->after.clear();
  }

  void capture(Node* node, const Grads& dy) {
    if (const auto found = captures_.find(node); found != captures_.end())
      for (auto [output, result] : found->second)
        if (static_cast<size_t>(output) < dy.size()) captured_[result].gradient = dy[output];
  }

  void runNode(Node* node) {
    Pending p = std::move(pending_[node]);
    bool any = false;
    for (const Tensor& dy : p.dy) any = any || dy.defined();
    auto* accumulator = node->next.empty() ? dynamic_cast<AccumulateGrad*>(node) : nullptr;
    const bool runs = any && (wanted_.empty() || leads_.count(node));
    if (any) {
      currentNode = node;
      // In PyTorch grad() does not see what hooks do to the gradient of a tensor on the way to another input.
      if (runs) capture(node, p.dy);
      callHooksOfOutputs(node, accumulator, p.dy);
      if (!runs) capture(node, p.dy);
    }
    for (auto& [output, slot] : node->retained)
      if (static_cast<size_t>(output) < p.dy.size() && p.dy[output].defined())
        slot->grad = slot->grad.defined() ? add(slot->grad, p.dy[output]) : clone(p.dy[output]);
    pass_.collectivesAhead -= node->collective;
    Grads dx(node->next.size());
    if (runs) {
      check(!node->released, Code::autograd, "backward: the graph of ", node->name,
            " has been freed by an earlier backward(); pass { retainGraph: true } there to go through it twice");
      if (p.dy.empty()) p.dy.resize(1);
      dx = anomaly.where ? applyWatched(node, p.dy) : apply(node, p.dy);
      p.dy.clear();
      if (!retainGraph_ && accumulator) {
        accumulator->freed += p.edges;
        if (accumulator->refs() <= accumulator->freed) accumulator->keepHooks(false);
      } else if (!retainGraph_) {
        letGoOfHooks(node);
        if (!node->keepsNothing) {
          node->releaseSaved();
          node->released = true;
        }
      }
    }
    for (size_t i = 0; i < node->next.size(); i++) {
      const Edge& e = node->next[i];
      if (!e.node) continue;
      if (i < dx.size() && dx[i].defined()) deliver(e, std::move(dx[i]));
      pending_[e.node.get()].waiting--;
      pushIfReady(e.node.get());
    }
  }

  const bool retainGraph_, createGraph_;
  Device device_;
  std::vector<Edge> roots_, held_;  // keep the graph and the captured nodes alive while it is walked
  std::vector<Node*> wanted_;       // of the inputs, if there are any
  std::unordered_map<Node*, Pending> pending_;
  std::unordered_map<Node*, std::vector<Node*>> parents_;
  std::unordered_set<Node*> seen_, queued_, leads_;
  std::priority_queue<Node*, std::vector<Node*>, Older> ready_;
  Captures captures_;
  std::vector<Captured> captured_;
  Pass pass_;
};

Tensor rootGradient(const char* op, const Tensor& root, const Tensor& gradient) {
  check(requiresGrad(root), Code::autograd, op,
        ": the tensor does not require a gradient: no input of its ops had requiresGrad, "
        "or it was computed under noGrad()");
  if (!gradient.defined()) {
    check(root.numel() == 1, Code::autograd, op,
          ": a gradient is implied only for one-element tensors, this one has shape ", root.sizes(),
          "; reduce it (.sum(), .mean()) or pass a gradient");
    return full(root.sizes(), 1, root.dtype(), root.device());
  }
  check(gradient.sizes() == root.sizes(), Code::shape, op, ": expected a gradient of shape ", root.sizes(), ", got ",
        gradient.sizes());
  check(gradient.dtype() == root.dtype(), Code::dtype, op, ": expected a gradient of dtype ", root.dtype(), ", got ",
        gradient.dtype());
  check(gradient.device() == root.device(), Code::argument, op, ": expected a gradient on ", root.device(),
        ", got one on ", gradient.device());
  return gradient;
}

}  // namespace

void backward(const std::vector<Tensor>& roots, const std::vector<MaybeTensor>& gradients, bool retainGraph,
              bool createGraph, const std::vector<Tensor>& inputs) {
  Engine engine(retainGraph, createGraph);
  for (size_t i = 0; i < roots.size(); i++)
    engine.addRoot(roots[i], rootGradient("backward", roots[i], i < gradients.size() ? gradients[i] : MaybeTensor()));
  for (size_t i = 0; i < inputs.size(); i++) {
    check(requiresGrad(inputs[i]), Code::autograd, "backward: input ", i, " does not require a gradient");
    engine.accumulateInto(inputs[i]);
  }
  engine.run();
}

void retainGrad(const Tensor& x) {
  check(requiresGrad(x), Code::autograd, "retainGrad: the tensor does not require a gradient");
  followBase(x);
  AutogradMeta& meta = autogradMeta(x);
  if (!meta.gradFn) return;
  for (const auto& [output, slot] : meta.gradFn->retained)
    if (slot.get() == meta.slot.get()) return;
  meta.gradFn->retained.emplace_back(meta.outputIndex, meta.slot);
}

std::string takeFailedTrace() { return std::exchange(failedTrace, {}); }

std::vector<MaybeTensor> gradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                                   const std::vector<MaybeTensor>& gradOutputs, bool retainGraph, bool createGraph,
                                   bool allowUnused) {
  check(!inputs.empty(), Code::argument, "grad: expected at least one input");
  Engine engine(retainGraph, createGraph);
  for (size_t i = 0; i < outputs.size(); i++)
    engine.addRoot(outputs[i],
                   rootGradient("grad", outputs[i], i < gradOutputs.size() ? gradOutputs[i] : MaybeTensor()));
  for (size_t i = 0; i < inputs.size(); i++) {
    check(requiresGrad(inputs[i]), Code::autograd, "grad: input ", i, " does not require a gradient");
    engine.capture(inputs[i]);
  }
  std::vector<MaybeTensor> results;
  for (const Captured& captured : engine.run()) {
    check(allowUnused || captured.gradient.defined(), Code::autograd, "grad: input ", results.size(),
          " was not used to compute the outputs; pass { allowUnused: true } to get null for it");
    results.push_back(captured.gradient);
  }
  return results;
}

void afterBackward(AfterBackward f) { currentPass().callbacks.push_back(std::move(f)); }
bool capturing() { return currentPass().capturing; }
int collectivesAhead() { return currentPass().collectivesAhead; }

}  // namespace dtrain
