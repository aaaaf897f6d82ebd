// Caching allocator: freed blocks wait in size classes for the next tensor, so a steady training loop makes no system
// allocation. The policy (classes, statistics, budget) is shared by all devices; only RawMemory differs.
//
// Note [Memory pressure]
// JavaScript cannot see native bytes, so its collector would let tensors pile up. Before `live` passes the budget the
// allocator asks the pressure handler of the calling thread for a minor collection, then for a major one, then throws
// an out-of-memory Error. The handler runs JavaScript finalizers that free tensors, so no lock is held around it.
// Threads without a handler (communication) skip straight to the error.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "core/device.h"

namespace dtrain {

struct RawMemory {
  void* (*allocate)(size_t bytes);  // null when there is none
  void (*release)(void* p, size_t bytes);
};

struct MemoryStats {
  int64_t live = 0;    // bytes in tensors
  int64_t peak = 0;    // largest live
  int64_t cached = 0;  // bytes waiting for reuse
  int64_t budget = 0;
  int64_t allocated = 0;          // bytes ever handed out
  int64_t systemAllocations = 0;  // calls of RawMemory::allocate
};

enum class Pressure { minor, major };
using PressureHandler = void (*)(Pressure);
extern thread_local PressureHandler pressureHandler;

class CachingAllocator {
 public:
  explicit CachingAllocator(RawMemory raw, int64_t budget);

  // 64-byte aligned; null for 0 bytes. Throws Error{outOfMemory}.
  void* allocate(size_t bytes);
  void release(void* p, size_t bytes);  // bytes as passed to allocate

  MemoryStats stats() const;
  void resetPeak();
  void setBudget(int64_t bytes);
  void emptyCache();
  // Bytes ever handed out: cheap enough to read after every op.
  int64_t allocated() const { return allocated_.load(std::memory_order_relaxed); }
  int64_t live() const { return live_.load(std::memory_order_relaxed); }

 private:
  void* tryAllocate(size_t size);
  [[noreturn]] void failOutOfMemory(size_t size);
  void releaseCached();  // with the lock held

  RawMemory raw_;
  mutable std::mutex mutex_;
  MemoryStats stats_;  // live and allocated are kept in the atomics below
  std::atomic<int64_t> live_{0}, allocated_{0};
  std::vector<std::vector<void*>> free_;            // by class
  std::unordered_map<size_t, int64_t> liveBySize_;  // for the out-of-memory message
};

// Size of the class that holds `bytes`: eight classes an octave, so at most 12.5 % is lost.
size_t classSize(size_t bytes);

// The allocator of a device, or Error{unsupported}.
CachingAllocator& allocator(Device device);
inline CachingAllocator& cpuAllocator() { return allocator({}); }

}  // namespace dtrain
