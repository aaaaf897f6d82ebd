// Size classes: multiples of 64 bytes up to 512, then eight steps per power of two.
#include "core/allocator.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "core/error.h"

namespace dtrain {

thread_local PressureHandler pressureHandler = nullptr;

namespace {

constexpr size_t kAlign = 64;
constexpr size_t kHugePage = size_t{2} << 20;

// Index of the smallest class that holds bytes (> 0).
int classIndex(size_t bytes) {
  const size_t units = (bytes + kAlign - 1) / kAlign;
  if (units <= 8) return static_cast<int>(units) - 1;
  const int shift = std::bit_width(units - 1) - 4;  // keeps four significant bits
  const size_t steps = ((units - 1) >> shift) + 1;  // 9..16
  return 8 * (shift + 1) + static_cast<int>(steps) - 9;
}

size_t sizeOfClass(int index) {
  if (index < 8) return (index + 1) * kAlign;
  return (static_cast<size_t>(index % 8 + 9) << (index / 8 - 1)) * kAlign;
}

void* hostAllocate(size_t bytes) {
  void* p = std::aligned_alloc(bytes >= kHugePage ? kHugePage : kAlign,
                               bytes >= kHugePage ? (bytes + kHugePage - 1) & ~(kHugePage - 1) : bytes);
  if (p && bytes >= kHugePage) madvise(p, bytes, MADV_HUGEPAGE);
  return p;
}

void hostRelease(void* p, size_t) { std::free(p); }

int64_t defaultBudget() {
  return static_cast<int64_t>(0.8 * static_cast<double>(sysconf(_SC_PHYS_PAGES)) *
                              static_cast<double>(sysconf(_SC_PAGESIZE)));
}

std::string inMiB(int64_t bytes) { return str(bytes / (1 << 20), " MiB"); }

}  // namespace

size_t classSize(size_t bytes) { return bytes == 0 ? 0 : sizeOfClass(classIndex(bytes)); }

CachingAllocator::CachingAllocator(RawMemory raw, int64_t budget) : raw_(raw), free_(classIndex(SIZE_MAX / 4) + 1) {
  stats_.budget = budget;
}

void* CachingAllocator::allocate(size_t bytes) {
  if (bytes == 0) return nullptr;
  const size_t size = classSize(bytes);
  void* p = tryAllocate(size);
  for (Pressure level : {Pressure::minor, Pressure::major}) {
    if (p || !pressureHandler) break;
    pressureHandler(level);
    p = tryAllocate(size);
  }
  if (!p) failOutOfMemory(size);
  return p;
}

void* CachingAllocator::tryAllocate(size_t size) {
  std::lock_guard lock(mutex_);
  const int64_t bytes = static_cast<int64_t>(size);
  if (live_ + bytes > stats_.budget) return nullptr;
  auto& list = free_[classIndex(size)];
  void* p = nullptr;
  if (!list.empty()) {
    p = list.back();
    list.pop_back();
    stats_.cached -= bytes;
  } else {
    if (live_ + stats_.cached + bytes > stats_.budget) releaseCached();
    p = raw_.allocate(size);
    if (!p && stats_.cached > 0) {
      releaseCached();
      p = raw_.allocate(size);
    }
    if (!p) return nullptr;
    stats_.systemAllocations++;
  }
  live_ += bytes;
  allocated_ += bytes;
  stats_.peak = std::max(stats_.peak, live());
  liveBySize_[size]++;
  return p;
}

void CachingAllocator::release(void* p, size_t bytes) {
  if (!p) return;
  const size_t size = classSize(bytes);
  std::lock_guard lock(mutex_);
  live_ -= static_cast<int64_t>(size);
  stats_.cached += static_cast<int64_t>(size);
  liveBySize_[size]--;
  free_[classIndex(size)].push_back(p);
}

void CachingAllocator::releaseCached() {
  for (size_t i = 0; i < free_.size(); i++) {
    for (void* p : free_[i]) raw_.release(p, sizeOfClass(static_cast<int>(i)));
    free_[i].clear();
  }
  stats_.cached = 0;
}

void CachingAllocator::failOutOfMemory(size_t size) {
  std::lock_guard lock(mutex_);
  std::vector<std::pair<int64_t, size_t>> largest;  // bytes held, size
  for (auto [s, count] : liveBySize_)
    if (count > 0) largest.emplace_back(count * static_cast<int64_t>(s), s);
  std::sort(largest.rbegin(), largest.rend());
  std::string held;
  for (size_t i = 0; i < std::min<size_t>(largest.size(), 3); i++)
    held += str(i ? ", " : "", liveBySize_[largest[i].second], " x ", largest[i].second, " bytes");
  fail(Code::outOfMemory, "out of memory: ", size, " bytes wanted, ", inMiB(live_.load()), " of a budget of ",
       inMiB(stats_.budget), " in live tensors", held.empty() ? "" : "; largest: ", held,
       "; keep fewer tensors (tidy(), dispose()), use a smaller batch, or raise the budget with "
       "setMemoryBudget() or DTRAIN_MEMORY_BUDGET");
}

MemoryStats CachingAllocator::stats() const {
  std::lock_guard lock(mutex_);
  MemoryStats stats = stats_;
  stats.live = live_;
  stats.allocated = allocated_;
  return stats;
}

void CachingAllocator::resetPeak() {
  std::lock_guard lock(mutex_);
  stats_.peak = live_;
}

void CachingAllocator::setBudget(int64_t bytes) {
  std::lock_guard lock(mutex_);
  stats_.budget = bytes;
}

void CachingAllocator::emptyCache() {
  std::lock_guard lock(mutex_);
  releaseCached();
}

// Never destroyed: finalizers may run after static destructors.
CachingAllocator& allocator(Device device) {
  static auto* cpu = new CachingAllocator({hostAllocate, hostRelease}, defaultBudget());
  check(device.type == Device::cpu, Code::unsupported, "device ", device,
        ": this build has no CUDA backend; use the CPU");
  return *cpu;
}

}  // namespace dtrain
