// The memory of one device: what is allocated, what may be used by whom, and what has been damaged.
//
// An allocation is created by the host and freed by a stream, some time after the host asked for it. In between it must
// not be used by calls that come later (`freeing`), and before its own stream has reached the allocation it must not be
// used by other streams (`usable`). Freed memory is filled with poison and waits before it is handed out again.
// Between allocations lie guard bytes, checked when the allocation is freed; AddressSanitizer watches them instead in
// its builds. See Note [Guard bytes] in device-memory.cc.
//
// Functions that find something wrong return a sentence about it; an empty string is success.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "emulation/cuda/region.h"

namespace emulation {

using Problem = std::string;

// Whether a pointer is checked when the host issues an operation or when the stream starts it.
enum class Moment { call, execution };

struct MemoryUse {
  size_t used = 0, usedHigh = 0, reserved = 0, reservedHigh = 0;
};

class DeviceMemory {
 public:
  // `allocated` is kept equal to the bytes in use.
  DeviceMemory(int device, char* base, size_t reserved, size_t capacity, std::atomic<uint64_t>& allocated)
      : device_(device), allocated_(allocated), region(base, reserved), capacity(capacity) {}

  // Null when the device has not so much left. `pooled` memory comes from cudaMallocAsync.
  void* allocate(size_t bytes, bool pooled, bool usable);
  void makeUsable(void* p);
  // The host has asked to free p, which must be the beginning of an allocation.
  Problem retire(void* p);
  // The stream has come to it.
  Problem release(void* p);

  Problem check(const void* p, size_t bytes, Moment moment) const;
  bool pooled(const void* p) const;
  // As check at execution; the allocation counts as in use until `drop`.
  Problem hold(const void* p);
  void drop(const void* p);

  MemoryUse use() const;
  void resetHighs();
  // Gives the free end of the committed memory back to the machine, but keeps so much.
  void trim(size_t bytesKept);

 private:
  struct Block {
    size_t bytes;  // as asked for
    char* start;   // of the range, guard bytes included
    size_t span;
    bool pooled;
    bool usable;
    bool freeing = false;
    mutable int users = 0;  // kernels that run
  };
  struct Range {
    char* start;
    size_t span;
  };
  using Blocks = std::map<const char*, Block>;

  Problem checkLocked(const void* p, size_t bytes, Moment moment) const;
  Blocks::const_iterator at(const void* p) const;
  Problem guardsDamaged(const char* p, const Block& block) const;
  Range take(size_t span);
  bool grow(size_t span);
  size_t freeAtEnd() const;
  void giveBack(Range range);
  void forget(char* start);
  void endQuarantine(size_t bytesKept);

  const int device_;
  std::atomic<uint64_t>& allocated_;
  mutable std::mutex mutex_;
  Blocks blocks_;                 // by the address that the caller has
  std::map<char*, size_t> free_;  // ranges of committed memory, by address
  std::set<std::pair<size_t, char*>> bySize_;
  std::deque<Range> quarantine_;
  size_t quarantined_ = 0;
  MemoryUse use_;

 public:
  Region region;
  const size_t capacity;
};

}  // namespace emulation
