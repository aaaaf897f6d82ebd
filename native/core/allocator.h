// Caching allocator: freed blocks wait in size classes for the next tensor, so a steady training loop makes no system
// allocation. The policy (classes, statistics, budget) is shared by all devices; only RawMemory differs. With
// DTRAIN_NO_MEMORY_CACHING=1 every block is taken from the system in its exact size and given back at once, so that
// tools that watch memory (AddressSanitizer, compute-sanitizer, the guards of the emulation) see every tensor's bounds.
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
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "core/device.h"
#include "core/stream.h"

namespace dtrain {

// Where blocks come from. A device's memory is taken and given back in the order of a stream.
class RawMemory {
 public:
  virtual ~RawMemory() = default;
  virtual void* allocate(size_t bytes, StreamHandle stream) = 0;  // null when there is none
  virtual void release(void* p, size_t bytes, StreamHandle stream) = 0;
  virtual void wait() {}         // until all streams have done what they were given
  virtual void trim() {}         // gives what has been released back to the system, which may wait like wait()
  virtual int64_t systemFree();  // bytes that the system says it has left; by default the host's
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
void setPressureHandler(PressureHandler handler);  // of the calling thread; null: none

class CachingAllocator {
 public:
  // Does not own raw. For the error: `place` stands behind "out of memory", `raiser` says what raises the budget.
  CachingAllocator(RawMemory& raw, std::string place, std::string raiser, int64_t budget);

  // 64-byte aligned; null for 0 bytes. Throws Error{outOfMemory}. A freed block serves only the stream it came from:
  // see Note [Streams] in runtime.h.
  void* allocate(size_t bytes, StreamHandle stream = nullptr);
  // bytes and stream as passed to allocate. The block is parked until all events are done; nobody waits for them.
  void release(void* p, size_t bytes, StreamHandle stream = nullptr, std::vector<Ref<Event>> uses = {});

  MemoryStats stats() const;
  void resetPeak();
  void setBudget(int64_t bytes);
  void emptyCache();  // waits for the device

 private:
  using FreeLists = std::vector<std::vector<void*>>;  // by class
  struct Parked {
    void* p;
    size_t size;
    StreamHandle stream;
    std::vector<Ref<Event>> uses;
  };

  size_t sizeFor(size_t bytes) const;
  void* tryAllocate(size_t size, StreamHandle stream);
  void* allocateOrEmpty(size_t size, StreamHandle stream);
  bool fits(size_t size) const;  // into the budget
  [[noreturn]] void failOutOfMemory(size_t size);
  // With the lock held:
  void keep(void* p, size_t size, StreamHandle stream);
  void keepParked();
  void releaseCached();
  FreeLists& freeLists(StreamHandle stream);

  RawMemory& raw_;
  const std::string place_, raiser_;
  const bool caching_;
  mutable std::mutex mutex_;
  MemoryStats stats_;
  std::vector<std::pair<StreamHandle, FreeLists>> free_;  // few streams: searched from the front
  std::deque<Parked> parked_;                             // in the order of release
  std::vector<int64_t> liveByClass_;                      // for the out-of-memory message
};

// Bytes over all devices, cheap enough to read after every op: ever handed out, and in tensors now.
int64_t allocatedBytes();
int64_t liveBytes();

// Size of the class that holds `bytes`: eight classes an octave, so at most 12.5 % is lost.
size_t classSize(size_t bytes);

// The allocator of a device, or Error{unsupported}.
CachingAllocator& allocator(Device device);
CachingAllocator& cpuAllocator();

}  // namespace dtrain
