// The graph: what an op records and what the engine (native/autograd) walks. A Node holds the formula of one op's
// gradient as a closure over saved tensors, and an edge to the producer of each input.
//
// Note [Graph lifetime]
// A tensor owns its gradFn, a node owns its next nodes and its saved tensors; nothing points back except a saved
// output, which is kept as an alias without gradFn and gets it back when unpacked, so there is no cycle. backward()
// frees the saved tensors as it goes; nodes are deleted through a work list, so a chain of a million ops cannot
// overflow the stack.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/tensor.h"

namespace dtrain {

using Grads = std::vector<Tensor>;  // undefined entries mean zero

class Node;

// Whether what this thread makes now belongs to a replica of DataParallel: see Note [Exact sums].
extern thread_local bool insideReplica;

struct Edge {
  Ref<Node> node;  // null: the input needs no gradient
  int index = 0;   // which output of node
};

// A gradient shared by a tensor and the node that fills it (retainGrad), whichever lives longer.
struct GradSlot : RefCounted {
  Tensor grad;
};

// A function of a program that is called while a graph is walked: a hook, or the formula of an autograd.Function.
//
// Note [Hooks of tensors]
// What a program gives to the graph may lead back to it: the hook of x is a closure that names x. No collector sees
// such a cycle across JavaScript and C++. So a hook is kept by the object of JavaScript that it was given to; and by
// the graph too, where that object may be gone, until backward() has freed it.
class Callback : public RefCounted {
 public:
  // Lists of gradients in, one list out; none if it has nothing to say.
  virtual std::optional<Grads> call(std::initializer_list<const Grads*> lists) = 0;
  virtual void keep(bool on) = 0;  // may be called inside the collector to let go
  virtual bool removed() const { return false; }
};
using Callbacks = std::vector<Ref<Callback>>;

struct NodeHooks {
  std::vector<std::pair<int, Ref<Callback>>> outputs;  // of the tensors that the node has made
  Callbacks before, after;
};
struct LeafHooks {
  Callbacks gradient, accumulated;
};

// Anomaly mode, of this thread: nodes remember where they were made.
struct Anomaly {
  bool checkNan = true;
  std::string (*where)() = nullptr;  // null: it is off
};
extern thread_local Anomaly anomaly;
struct Trace {
  std::string where;
  Ref<Node> parent;  // whose backward has made the node
};

class Node : public RefCounted {
 public:
  explicit Node(const char* name);

  // Gradients of the inputs (one per edge) from those of the outputs.
  virtual Grads apply(const Grads& dy) = 0;
  // Frees what apply needs. apply must not be called after.
  virtual void releaseSaved() {}

  const char* const name;
  uint64_t sequence;  // later ops run earlier in backward
  std::vector<Edge> next;
  std::vector<std::pair<int, Ref<GradSlot>>> retained;
  bool released = false;
  bool keepsNothing = false;  // its formula saved no tensor, so it can run again
  const bool inside = insideReplica;
  bool collective = false;  // its formula waits for other ranks: see Note [Order of collectives]
  std::unique_ptr<NodeHooks> hooks;
  std::unique_ptr<Trace> trace;

 protected:
  void destroy() override;
};

// Called when a leaf's gradient is complete for this backward pass.
class GradListener {
 public:
  virtual ~GradListener() = default;
  virtual void gradReady(TensorImpl* leaf) = 0;
};

class AccumulateGrad;

struct AutogradMeta {
  Ref<Node> gradFn;
  int outputIndex = 0;
  bool requiresGrad = false;  // set by the user; true only for leaves
  Ref<GradSlot> slot = make<GradSlot>();
  const bool inside = insideReplica;
  AccumulateGrad* accumulator = nullptr;  // not owned: the node clears it when it dies

  // Note [Recorded changes in place]: an op that changes x in place becomes its gradFn, behind the one that x had. If x
  // is a view, the change belongs to its base, which gets a node `CopySlices` (ops/in-place.cc). Views know their base,
  // and follow it when they are used next: a view that was made with recording on is again one of what the base is now.
  // Other tensors on the same storage (made by detach(), or under noGrad()) do not learn of it, and lead to what was
  // there before. So a tensor is used in the graph only if its storage has seen as many changes as it knows of.
  uint32_t changes = 0;

  // Note [Gradients live in buckets]: with a reducer, a leaf's first gradient is written into `bucketView` (shared
  // memory) instead of being adopted, and `listener` is told, so the all-reduce needs no gathering copy. Not in a
  // recorded pass (createGraph), whose gradients are copied there and back.
  Tensor bucketView;
  GradListener* listener = nullptr;
  std::unique_ptr<LeafHooks> hooks;  // of a leaf
};

bool gradEnabled();
bool setGradEnabled(bool on);  // returns what it was

class NoGrad {
 public:
  explicit NoGrad(bool on = false) : before_(setGradEnabled(on)) {}
  ~NoGrad() { setGradEnabled(before_); }

 private:
  bool before_;
};

AutogradMeta& autogradMeta(const Tensor& x);
bool requiresGrad(const Tensor& x);
bool isLeaf(const Tensor& x);
// How a view leads to its base, for one that follows: see Note [Recorded changes in place].
inline Ref<Node> (*makeViewNode)(const Tensor& base, const Tensor& view) = nullptr;
void followBase(const Tensor& x);
// The producer of x: its gradFn, or for a leaf that requires a gradient its accumulator (made on first use).
Edge gradientEdge(const Tensor& x);
// Whether an op on these inputs must be recorded.
template <class... T>
bool recording(const T&... xs) {
  return gradEnabled() && (requiresGrad(xs) || ...);
}

// The node that is running now in this thread, for messages and for unpacking saved outputs.
extern thread_local Node* currentNode;

// What a program puts in the place of the tensors that are kept for backward: torch.autograd.graph.saved_tensors_hooks.
class Packed : public RefCounted {
 public:
  virtual Tensor unpack() = 0;
  Edge edge;  // where the gradient of the tensor goes
};
class Packer {
 public:
  virtual ~Packer() = default;
  virtual Ref<Packed> pack(const Tensor& x) = 0;
};
extern thread_local Packer* packer;

// A tensor kept for backward. get() fails when it has been modified in place since.
class Saved {
 public:
  Saved() = default;
  explicit Saved(const Tensor& x);
  // An output of the node being built: see Note [Graph lifetime].
  static Saved output(const Tensor& y, int index = 0);
  Tensor get() const;
  bool defined() const { return x_.defined() || packed_; }

 private:
  Tensor unpacked() const;

  Tensor x_;
  Ref<Packed> packed_;
  uint32_t version_ = 0;
  int outputIndex_ = -1;
};

// Writes or adds the incoming gradient to a leaf.
class AccumulateGrad : public Node {
 public:
  explicit AccumulateGrad(const Tensor& leaf);
  ~AccumulateGrad() override;
  Grads apply(const Grads& dy) override;
  const Tensor leaf;

  void keepHooks(bool on) const;
  int freed = 0;  // edges to this node that passes have gone along for the last time
};

}  // namespace dtrain
