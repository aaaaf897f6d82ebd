// Collectives between the ranks of a job. The contract of every engine:
//
// All ranks call the same collectives in the same order with matching arguments; an engine notices when they do not and
// fails with both sides named instead of hanging or mixing data. A collective runs on the engine's own thread (or
// stream) in the order of submission; submit() returns at once and wait() blocks the caller. After a failure (a peer
// died, was late, or called something else) the engine is aborted: everything pending and later fails with the same
// reason.
//
// Sums are taken in rank order on every rank, so all ranks hold bit-equal results and repeated runs agree.
#pragma once

#include <functional>

#include "core/tensor.h"

namespace dtrain {

enum class CollectiveOp : uint32_t { allReduce, broadcast, allGather, barrier, share };
enum class ReduceOp : uint32_t { sum, mean };

// Completion of one collective.
class Work : public RefCounted {
 public:
  virtual void wait() = 0;  // throws the Error of a failed collective
  // Calls f once when done, at once if it is: on the engine's thread or here.
  virtual void then(std::function<void()> f) = 0;
};

// Memory of this rank that all ranks of the machine map, for in-place reduction.
class SharedBuffer : public RefCounted {
 public:
  virtual char* data() = 0;
};

class Communicator {
 public:
  virtual ~Communicator() = default;
  virtual int rank() const = 0;
  virtual int worldSize() const = 0;

  // In place. x must be contiguous and stay alive until the work is done (the work holds it).
  virtual Ref<Work> allReduce(const Tensor& x, ReduceOp op) = 0;
  virtual Ref<Work> broadcast(const Tensor& x, int root) = 0;
  // out [worldSize, ...x]; x and out contiguous
  virtual Ref<Work> allGather(const Tensor& x, const Tensor& out) = 0;
  virtual Ref<Work> barrier() = 0;

  // Memory for gradients: collective, blocks. The same number of bytes on every rank.
  virtual Ref<SharedBuffer> shared(size_t bytes) = 0;
  // x, a part of a shared buffer at the same place on every rank, becomes sum_r weight_r x_r / sum_r weight_r.
  virtual Ref<Work> averageShared(SharedBuffer& buffer, const Tensor& x, double weight) = 0;

  // Fails everything pending and later, here and on the other ranks.
  virtual void abort(const std::string& reason) = 0;
};

// Engine for the ranks of one machine over the control segment inherited as `fd` (unused by a job of one rank). Lives
// until the process ends.
Communicator* makeShmCommunicator(int rank, int worldSize, int fd, int64_t timeoutMs);

}  // namespace dtrain
