// Note [Guard bytes]
// A range is laid out as  guard | payload | guard, in units of 256 bytes: 256 guard bytes in front, which also align
// the payload as cudaMalloc does, and from 64 to 319 behind it, starting at the very next byte. A kernel that writes
// past its buffer damages them, and the stream that frees the buffer finds out. Guards differ from poison, so that a
// kernel which copies uninitialised memory too far is noticed too.
#include "emulation/cuda/device-memory.h"

#include <algorithm>
#include <cstring>

#include "emulation/cuda/errors.h"
#include "emulation/cuda/sanitizers.h"

namespace emulation {
namespace {

constexpr size_t kUnit = 256, kLeastGuard = 64;
// So many bytes of freed memory wait, in so many blocks: with protect=1 each operation costs time for all pages.
constexpr size_t kQuarantineBytes = size_t{16} << 20, kQuarantineBlocks = 1000;
constexpr unsigned char kGuard = 0xcb;

size_t roundUp(size_t n, size_t to) { return (n + to - 1) / to * to; }
size_t charged(size_t bytes) { return roundUp(bytes, 2 * kUnit); }

}  // namespace

void* DeviceMemory::allocate(size_t bytes, bool pooled, bool usable) {
  const std::lock_guard lock(mutex_);
  if (bytes > capacity || use_.used + charged(bytes) > capacity) return nullptr;
  const Range range = take(kUnit + roundUp(bytes + kLeastGuard, kUnit));
  if (range.start == nullptr) return nullptr;
  char* p = range.start + kUnit;
  blocks_[p] = {.bytes = bytes, .start = range.start, .span = range.span, .pooled = pooled, .usable = usable};
  use_.used += charged(bytes);
  allocated_.store(use_.used, std::memory_order_relaxed);
  use_.usedHigh = std::max(use_.usedHigh, use_.used);
  use_.reserved = region.committed();
  use_.reservedHigh = std::max(use_.reservedHigh, use_.reserved);
  if (!kAddressSanitizer) {
    const Access access(region);
    std::memset(range.start, kGuard, kUnit);
    std::memset(p + bytes, kGuard, range.span - kUnit - bytes);
  }
  showMemory(p, bytes);
  return p;
}

void DeviceMemory::makeUsable(void* p) {
  const std::lock_guard lock(mutex_);
  if (const auto block = blocks_.find(static_cast<char*>(p)); block != blocks_.end()) block->second.usable = true;
}

Problem DeviceMemory::retire(void* p) {
  const std::lock_guard lock(mutex_);
  const auto found = blocks_.find(static_cast<char*>(p));
  if (found == blocks_.end()) {
    const Problem problem = checkLocked(p, 0, Moment::call);
    return problem.empty() ? sentence(hex(p), " is not the beginning of an allocation") : problem;
  }
  if (found->second.freeing) return sentence(hex(p), " has been freed before");
  found->second.freeing = true;
  return {};
}

Problem DeviceMemory::release(void* p) {
  std::unique_lock lock(mutex_);
  char* at = static_cast<char*>(p);
  const Block block = blocks_.at(at);
  if (block.users > 0)
    return sentence("an allocation of ", block.bytes, " bytes is freed while a kernel of another stream uses it: the ",
                    "stream that frees must wait for an event of the stream that uses");
  lock.unlock();  // nobody else may touch the block now, and filling it takes time
  {
    const Access access(region);
    if (const Problem problem = guardsDamaged(at, block); !problem.empty()) return problem;
    showMemory(block.start, block.span);
    std::memset(block.start, kPoison, block.span);
    hideMemory(block.start, block.span);
  }
  lock.lock();
  blocks_.erase(at);
  use_.used -= charged(block.bytes);
  allocated_.store(use_.used, std::memory_order_relaxed);
  quarantine_.push_back({block.start, block.span});
  quarantined_ += block.span;
  endQuarantine(kQuarantineBytes);
  return {};
}

Problem DeviceMemory::guardsDamaged(const char* p, const Block& block) const {
  if (kAddressSanitizer) return {};
  const auto intact = [](char c) { return static_cast<unsigned char>(c) == kGuard; };
  const char* behind = p + block.bytes;
  const char* end = block.start + block.span;
  if (const char* bad = std::find_if_not(behind, end, intact); bad != end)
    return sentence("something wrote behind an allocation of ", block.bytes, " bytes: the byte at offset ", bad - p,
                    " has changed");
  const char* bad = std::find_if_not<const char*>(block.start, p, intact);
  return bad == p ? Problem{}
                  : sentence("something wrote in front of an allocation of ", block.bytes,
                             " bytes: the byte at offset ", bad - p, " has changed");
}

DeviceMemory::Blocks::const_iterator DeviceMemory::at(const void* p) const {
  auto next = blocks_.upper_bound(static_cast<const char*>(p));
  if (next == blocks_.begin()) return blocks_.end();
  --next;
  // The end of an allocation counts as inside: kernels get such pointers, and guard bytes follow.
  return static_cast<const char*>(p) <= next->first + next->second.bytes ? next : blocks_.end();
}

Problem DeviceMemory::check(const void* p, size_t bytes, Moment moment) const {
  const Unobserved unobserved;
  const std::lock_guard lock(mutex_);
  return checkLocked(p, bytes, moment);
}

Problem DeviceMemory::checkLocked(const void* p, size_t bytes, Moment moment) const {
  const auto found = at(p);
  if (found == blocks_.end()) {
    const char* address = static_cast<const char*>(p);
    for (const Range& range : quarantine_)
      if (address >= range.start && address < range.start + range.span)
        return sentence(hex(p), " lies in memory of device ", device_, " that has been freed");
    return sentence(hex(p), " lies in no allocation of device ", device_);
  }
  const auto& [start, block] = *found;
  const size_t offset = static_cast<size_t>(static_cast<const char*>(p) - start);
  if (bytes > block.bytes - offset)
    return sentence(bytes, " bytes at offset ", offset, " reach past the end of an allocation of ", block.bytes,
                    " bytes");
  if (moment == Moment::call && block.freeing)
    return sentence(hex(p), " lies in memory of device ", device_, " that has been freed");
  if (moment == Moment::execution && !block.usable)
    return sentence(hex(p), " is used before the stream that allocates it has come so far: an event is missing");
  return {};
}

bool DeviceMemory::pooled(const void* p) const {
  const Unobserved unobserved;
  const std::lock_guard lock(mutex_);
  const auto found = at(p);
  return found != blocks_.end() && found->second.pooled;
}

Problem DeviceMemory::hold(const void* p) {
  const Unobserved unobserved;
  const std::lock_guard lock(mutex_);
  Problem problem = checkLocked(p, 0, Moment::execution);
  if (problem.empty()) at(p)->second.users++;
  return problem;
}

void DeviceMemory::drop(const void* p) {
  const Unobserved unobserved;
  const std::lock_guard lock(mutex_);
  at(p)->second.users--;
}

DeviceMemory::Range DeviceMemory::take(size_t span) {
  const auto best = [&] { return bySize_.lower_bound({span, nullptr}); };
  if (best() == bySize_.end() && !grow(span)) return {nullptr, 0};
  const auto [size, start] = *best();
  forget(start);
  if (size > span) giveBack({start + span, size - span});
  return {start, span};
}

// Commits so much that a range of this span is free at the end.
bool DeviceMemory::grow(size_t span) {
  const size_t before = region.committed();
  if (!region.commit(before - freeAtEnd() + span)) return false;
  giveBack({region.base + before, region.committed() - before});
  return true;
}

size_t DeviceMemory::freeAtEnd() const {
  if (free_.empty()) return 0;
  const auto& [start, span] = *free_.rbegin();
  return start + span == region.base + region.committed() ? span : 0;
}

void DeviceMemory::giveBack(Range range) {
  const auto next = free_.find(range.start + range.span);
  if (next != free_.end()) {
    range.span += next->second;
    forget(next->first);
  }
  const auto behind = free_.lower_bound(range.start);
  if (behind != free_.begin()) {
    const auto [start, span] = *std::prev(behind);
    if (start + span == range.start) {
      range = {start, span + range.span};
      forget(start);
    }
  }
  free_[range.start] = range.span;
  bySize_.insert({range.span, range.start});
}

void DeviceMemory::forget(char* start) {
  const auto range = free_.find(start);
  bySize_.erase({range->second, start});
  free_.erase(range);
}

void DeviceMemory::endQuarantine(size_t bytesKept) {
  while (quarantined_ > bytesKept || quarantine_.size() > kQuarantineBlocks) {
    quarantined_ -= quarantine_.front().span;
    giveBack(quarantine_.front());
    quarantine_.pop_front();
  }
}

void DeviceMemory::trim(size_t bytesKept) {
  const std::lock_guard lock(mutex_);
  endQuarantine(0);
  const size_t before = region.committed(), end = before - freeAtEnd();
  if (end == before) return;
  region.decommit(std::max(end, bytesKept));
  forget(free_.rbegin()->first);
  if (region.committed() > end) giveBack({region.base + end, region.committed() - end});
  use_.reserved = region.committed();
}

MemoryUse DeviceMemory::use() const {
  const std::lock_guard lock(mutex_);
  return use_;
}

void DeviceMemory::resetHighs() {
  const std::lock_guard lock(mutex_);
  use_.usedHigh = use_.used;
  use_.reservedHigh = use_.reserved;
}

}  // namespace emulation
