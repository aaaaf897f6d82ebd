// Runs the threads of a block.
//
// Threads are started one after the other on one fiber, so that a kernel without barriers costs plain calls. A thread
// that has to wait keeps that fiber, and another fiber goes on starting threads. When nothing can go on, either all
// threads stand at the same barrier, which is then opened, or they never will: that is reported with a sentence, where
// a GPU would hang. See Note [Who waits for whom] in block.cc.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <source_location>
#include <string>
#include <vector>

#include "cuda_runtime.h"
#include "emulation/cuda/fiber.h"
#include "emulation/cuda/hardware.h"
#include "emulation/cuda/settings.h"

namespace emulation {

// A kernel that is being run, by one or several OS threads.
struct Grid {
  dim3 grid, block;
  const void* call;
  void (*thread)(const void* call);
  Order order;
  uint64_t seed;
  // The blocks are numbered 0 to blocks - 1 and run in the order (i * stride + start) mod blocks.
  uint64_t blocks, stride = 1, start = 0;
  std::atomic<uint64_t> next{0};
  std::atomic<bool> failed{false};
};

class BlockRunner {
 public:
  BlockRunner();
  ~BlockRunner();
  BlockRunner(const BlockRunner&) = delete;

  // Runs blocks of the grid until none is left or one has failed; then it returns the sentence that says why.
  std::string run(Grid& grid);

  // Called by the running thread.
  int syncBlock(Sync kind, int predicate, std::source_location at);
  uint64_t syncWarp(Sync kind, unsigned mask, uint64_t value, int lane, int width, std::source_location at);

 private:
  struct Thread {
    Fiber* fiber;
    Sync kind;
    unsigned mask;
    int source;      // the lane whose value a shuffle reads
    uint64_t value;  // what the thread brings to a barrier, and then what it takes away
    std::source_location at;
  };

  void prepare(const Grid& grid);
  std::string runBlock(uint64_t index);
  void orderThreads();
  static void fiberBody();
  void startThreads();
  void goOn(unsigned thread);
  Fiber* nextFiber();
  void wait();
  void openWarp(unsigned warp, unsigned mask);
  void openBlock();
  bool sameBarrier() const;
  [[noreturn]] void abandon();
  std::string whyStuck() const;
  std::string nameOf(unsigned thread) const;
  std::string stateOf(unsigned thread) const;
  bool waitsInWarp(unsigned thread) const { return (inWarp_[thread / kWarpThreads] >> thread % kWarpThreads & 1) != 0; }
  bool waitsInBlock(unsigned thread) const {
    return (inBlock_[thread / kWarpThreads] >> thread % kWarpThreads & 1) != 0;
  }

  static constexpr unsigned kMaxWarps = kMaxBlockThreads / kWarpThreads;
  const Grid* grid_ = nullptr;
  unsigned count_ = 0;  // threads of a block
  dim3 shape_{0, 0, 0};
  std::vector<uint3> indices_;   // of the threads, by number
  std::vector<uint16_t> order_;  // in which they are started
  std::vector<uint16_t> ready_;  // threads that can go on; the last goes first
  std::vector<Thread> threads_;  // valid for those that wait
  unsigned started_ = 0, finished_ = 0, current_ = 0;
  std::array<unsigned, kMaxWarps> inWarp_{}, inBlock_{};  // bits of the lanes that wait
  unsigned waiting_ = 0;                                  // at a barrier of the block
  std::minstd_rand random_;

  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> idle_;
  Fiber* running_ = nullptr;
  Context main_;
  std::string problem_;
};

}  // namespace emulation
