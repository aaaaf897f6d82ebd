// The gradient reducer of data-parallel training: averages every parameter's gradient over the ranks while backward is
// still running. It knows buckets, weights and the hooks of parameters; how rows come into a replica and out of it is
// comm/gather.h. With one rank it sends nothing: it is there for the trace, which has the moments at which buckets are
// ready.
//
// Note [Bucket order]
// Gradients are views into flat buckets on the parameters' device, memory that all ranks map for the CPU: a small first
// bucket, so that communication starts early, then large ones, filled in the order in which gradients become ready. The
// order starts as the reverse of parameters() and is replaced once, after the first backward pass, by the order rank 0
// observed, so it is the same on all ranks. A bucket is launched when it is full and all earlier ones have been
// launched: in index order on every rank, never in ready order, or ranks would pair up different buckets.
//
// When several wrappers take part in one backward pass, the weights and all buckets of the one that was armed first
// come before those of the next.
//
// Note [Order of collectives]
// A backward pass of DataParallel also gathers the gradients of inputs (comm/gather.cc), in the middle of the graph.
// What surrounds the wrappers is the same on all ranks, and the engine runs nodes by decreasing sequence number, so
// those collectives come in one order everywhere; but how far the buckets are by then depends on what each replica has
// used. So no bucket is launched before the last of them. Without an input that requires a gradient there are none.
//
// Note [Unused parameters]
// What a rank did not touch by the end of backward counts as zero, so every rank launches every bucket in every pass
// and nothing can hang. Each bucket ends with one flag per parameter; a parameter that no rank used keeps its gradient
// as it was (usually null), exactly as in a single process. Flags are read only by a rank that left a parameter of the
// bucket untouched, since reading makes the host wait for a GPU.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "autograd/engine.h"
#include "comm/agreement.h"
#include "comm/group.h"
#include "core/autograd.h"

namespace dtrain {

class Reducer : public RefCounted, public GradListener {
 public:
  // `wrapper` is the name of the class, for messages.
  Reducer(Group& group, std::vector<Tensor> params, int64_t firstBucketBytes, int64_t bucketBytes,
          const std::string& wrapper);
  ~Reducer() override;

  // Identity. Its backward arms the reducer for that backward pass; this rank's gradients count `weight` times.
  Tensor sink(const Tensor& x, double weight);
  // Off: gradients accumulate locally (PyTorch's no_sync).
  void setSync(bool on) { sync_ = on; }
  std::vector<std::vector<int64_t>> bucketParams() const;
  // Lets go of the parameters, for a reducer of their successors. Outputs that were computed before cannot be followed
  // by backward any more.
  void unhook();

  // For the nodes by which backward passes enter and leave a replica (comm/gather.cc).
  Group& group() const { return group_; }
  const Wrapper& wrapper() const { return wrapper_; }
  const std::vector<Tensor>& params() const { return params_; }
  Device device() const { return device_; }
  // From now on, in the backward pass that is running, gradients are those of this rank. No weight: all ranks count
  // alike.
  void arm(std::optional<double> weight);
  // A recorded pass has come into the replica by these tokens, which its averages are to be linked with: see Note
  // [Exact sums].
  void linkRecorded(const std::vector<Tensor>& tokens);
  // Launches what is complete, of all reducers of the pass.
  static void launchReady();

 private:
  struct Slot {  // of one parameter
    int bucket = 0;
    Tensor view;
    bool ready = false;
  };
  struct Bucket {
    std::vector<int> params;
    Tensor flat;   // gradients, then one flag per parameter
    Tensor flags;  // view of the flags
    int waiting = 0;
    bool allUsed = false;  // by this rank, in this pass
  };

  void build(const std::vector<int>& order);
  void gradReady(TensorImpl* leaf) override;
  void traceReady(int bucket) const;
  void launchOwn();
  void complete(Bucket& bucket);
  static void endPass(bool completed, std::vector<Captured>& captured);
  void takeAverages(bool recorded);
  void agreeOnOrder();

  // Of passes that buckets do not see, or that are recorded.
  std::vector<bool> anyRank(const std::vector<bool>& mine);
  void averageCaptured(std::vector<Captured>& captured);
  void takeRecorded(const std::vector<int>& used);
  void recordMean(const Tensor& mean, const Tensor& mine);

  Group& group_;
  const Wrapper wrapper_;
  std::vector<Tensor> params_;
  const Device device_;
  Communicator& comm_;  // of the device
  const int64_t firstBucketBytes_, bucketBytes_;
  Ref<SharedBuffer> memory_;
  std::vector<Slot> slots_;
  std::unordered_map<TensorImpl*, int> indexOf_;
  std::vector<Bucket> buckets_;
  std::vector<int> readyOrder_;
  bool sync_ = true, armed_ = false, orderAgreed_ = false, unhooked_ = false;

  // of the pass
  std::optional<double> weight_;  // none: all ranks count alike
  Ref<Weights> weights_;
  bool begun_ = false;  // the weights have been sent
  size_t launched_ = 0;
  std::vector<Ref<Work>> works_;
  std::vector<Tensor> tokens_;  // of what has entered the replica, when the pass is recorded
};

}  // namespace dtrain
