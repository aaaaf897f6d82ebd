// A stream is an OS thread with a queue, so streams really run at the same time and a missing event is a real race.
// The thread is detached and holds its stream; a destroyed stream ends when its queue is empty.
//
// Note [Order that counts]
// ThreadSanitizer takes every mutex for a promise of order. Ours would promise too much: two streams that both look up
// a pointer are not ordered by that on a GPU. So the bookkeeping of streams is hidden from it (Unobserved), and it is
// told what CUDA promises: an operation comes after the call that submitted it, a wait of the host or of a stream after
// what it waits for, and memory is handed out after it has been given back. A missing event is then reported as a data
// race, even when the operations happened to run one after the other.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "emulation/cuda/block.h"
#include "emulation/cuda/runtime.h"

// The type behind cudaStream_t, which NVIDIA's headers name.
struct CUstream_st {
  CUstream_st(emulation::Device& device, unsigned flags, int priority, uint64_t number)
      : device(device), flags(flags), priority(priority), number(number) {}

  // What happens to an operation when the device has failed: most are dropped, but whoever waits must be released.
  enum class AfterFailure { drop, run };
  void submit(std::function<void(emulation::BlockRunner&)> run, AfterFailure afterFailure = AfterFailure::drop);
  // Waits until everything that has been submitted so far is done.
  void drain();
  bool idle();
  void finish();  // no more operations will come
  void serve();   // the thread's life
  // The stream that the calling thread serves, or null.
  static CUstream_st* current();

  emulation::Device& device;
  const unsigned flags;
  const int priority;
  const uint64_t number;  // names the stream and seeds its random decisions
  std::atomic<uint64_t> launches{0};
  bool destroyed = false;  // guarded by the registry

 private:
  struct Operation {
    std::function<void(emulation::BlockRunner&)> run;
    AfterFailure afterFailure = AfterFailure::drop;
  };
  bool next(Operation& operation);
  void complete();

  std::mutex mutex_;
  std::condition_variable work_, done_;
  std::deque<Operation> queue_;  // its address stands for "submitted", that of done_ for "completed"
  uint64_t submitted_ = 0, completed_ = 0;
  uint64_t awaited_ = UINT64_MAX;  // the least count that a waiter waits for
  bool finishing_ = false;
};

namespace emulation {

using Stream = CUstream_st;

// The stream of a handle. Refuses handles that are not streams, among them the default streams, and, if asked to,
// streams whose device has failed.
std::shared_ptr<Stream> stream(cudaStream_t handle, const char* call);
// The same for a call that is none of CUDA's, so it makes no context.
std::shared_ptr<Stream> findStream(cudaStream_t handle, const char* call);
// Waits for all streams of a device, destroyed ones included.
void drainDevice(const Device& device);

}  // namespace emulation
