// The gradient reducer of data-parallel training: averages every parameter's gradient over the ranks while backward is
// still running.
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
// Note [Unused parameters]
// What a rank did not touch by the end of backward counts as zero, so every rank launches every bucket in every pass
// and nothing can hang. Each bucket ends with one flag per parameter; a parameter that no rank used keeps its gradient
// as it was (usually null), exactly as in a single process. Flags are read only by a rank that left a parameter of the
// bucket untouched, since reading makes the host wait for a GPU.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "comm/group.h"
#include "core/autograd.h"

namespace dtrain {

class Reducer : public RefCounted, private GradListener {
 public:
  Reducer(Group& group, std::vector<Tensor> params, int64_t firstBucketBytes, int64_t bucketBytes);
  ~Reducer() override;

  // Identity. Its backward arms the reducer for that backward pass; this rank's gradients count `weight` times.
  Tensor sink(const Tensor& x, double weight);
  // The ranks' x joined along dim 0 (undefined: this rank has none). Every rank goes on to compute the same loss of the
  // whole batch, so the gradient of its own rows is scaled by the number of ranks: their mean is then the exact sum.
  Tensor gather(const Tensor& x);
  // Off: gradients accumulate locally (PyTorch's no_sync).
  void setSync(bool on) { sync_ = on; }
  std::vector<std::vector<int64_t>> bucketParams() const;
  // Lets go of the parameters, for a reducer of their successors. Outputs that were computed before cannot be followed
  // by backward any more.
  void unhook();

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
  void arm(std::optional<double> weight);
  void gradReady(TensorImpl* leaf) override;
  static void launchReady();
  void launchOwn();
  void complete(Bucket& bucket);
  static void endPass(bool completed);
  void takeAverages();
  void agreeOnOrder();
  Tensor joinRows(const Tensor& x, Dims sizes, DType dtype, Device device, const std::vector<int64_t>& rows);

  Group& group_;
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
  int64_t span_ = -1;  // of the trace
};

}  // namespace dtrain
