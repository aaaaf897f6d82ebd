// The address range of one device. It is reserved for as long as the process lives and committed from its beginning as
// memory is needed, so the device of a pointer follows from its value. Committed memory that belongs to no allocation
// holds `kPoison`: bytes that make every float a NaN and every index absurd.
//
// With protect=1 the range can be touched only while an operation of the device runs; Access marks those.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>

namespace emulation {

inline constexpr unsigned char kPoison = 0xff;

class Region {
 public:
  Region(char* base, size_t reserved) : base(base), reserved(reserved) {}

  bool contains(const void* p) const {
    const char* at = static_cast<const char*>(p);
    return at >= base && at < base + reserved;
  }
  // Makes at least `bytes` from the beginning usable; false when the range or the machine has no more.
  bool commit(size_t bytes);
  // Gives back what lies behind the first `bytes`.
  void decommit(size_t bytes);
  size_t committed() const { return committed_; }
  size_t everCommitted() const { return everCommitted_; }

  void open();
  void close();

  char* const base;
  const size_t reserved;

 private:
  size_t committed_ = 0;
  std::atomic<size_t> everCommitted_{0};
  std::mutex mutex_;
  int open_ = 0;
};

class Access {
 public:
  explicit Access(Region& region) : region_(region) { region_.open(); }
  ~Access() { region_.close(); }
  Access(const Access&) = delete;

 private:
  Region& region_;
};

// Reserves `bytes` of addresses, or returns null.
char* reserveAddresses(size_t bytes);

}  // namespace emulation
