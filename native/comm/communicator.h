// Collectives between the ranks of a job. The contract of every engine:
//
// All ranks call the same collectives in the same order with matching arguments, which collectives.h has checked; an
// engine notices when they do not and fails with both sides named instead of hanging or mixing data. A collective runs
// on the engine's own thread or stream in the order of submission; submission returns at once. After a failure (a peer
// died, was late, or called something else) the engine is aborted: everything pending and later fails with the same
// reason.
//
// The CPU engine takes sums in rank order on every rank, so all ranks hold bit-equal results and repeated runs agree.
// NCCL gives all ranks the same bits too.
#pragma once

#include <functional>

#include "core/tensor.h"

namespace dtrain {

enum class CollectiveOp : uint32_t { allReduce, broadcast, allGather, reduceScatter, barrier, share, join };
enum class ReduceOp : uint32_t { sum, mean };

// Completion of one collective. It holds the tensors until it is complete.
class Work : public RefCounted {
 public:
  // Makes the result safe to use on the tensor's device: on the CPU it blocks, on a GPU the current stream waits and
  // the host goes on. Throws the Error of a failed collective.
  virtual void wait() = 0;
  // Calls f once when the data are there or the collective has failed, at once if so already: on the engine's thread or
  // here.
  virtual void then(std::function<void()> f) = 0;
};

// Memory for gradients. On the CPU all ranks of the machine map it, for reduction in place.
class SharedBuffer : public RefCounted {
 public:
  virtual char* data() = 0;
};

// How much each rank counts in the averages of one pass.
class Weights : public RefCounted {};

class Communicator {
 public:
  virtual ~Communicator() = default;
  virtual int rank() const = 0;
  virtual int worldSize() const = 0;

  // In place: x is contiguous. Nobody else may touch x until wait().
  virtual Ref<Work> allReduce(const Tensor& x, ReduceOp op) = 0;
  virtual Ref<Work> broadcast(const std::vector<Tensor>& xs, int root) = 0;
  // out [worldSize, ...x]; x and out contiguous
  virtual Ref<Work> allGather(const Tensor& x, const Tensor& out) = 0;
  // x [worldSize, ...out]; out becomes this rank's part of the sum or mean; x and out contiguous
  virtual Ref<Work> reduceScatter(const Tensor& x, const Tensor& out, ReduceOp op) = 0;

  // Collective, and on the CPU it blocks. The same number of bytes on every rank.
  virtual Ref<SharedBuffer> shared(size_t bytes) = 0;
  // Collective: this rank is to count `weight` times.
  virtual Ref<Weights> weigh(double weight) = 0;
  // x, a part of a shared buffer at the same place on every rank, becomes sum_r w_r x_r / sum_r w_r, or the plain mean
  // when all weights are 0 or `weights` is null. `bucket` is its number for messages and traces.
  virtual Ref<Work> average(SharedBuffer& buffer, const Tensor& x, const Ref<Weights>& weights, int bucket) = 0;
};

}  // namespace dtrain
