// Size classes: multiples of 64 bytes up to 512, then eight steps per power of two.
#include "core/allocator.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "core/error.h"
#include "core/runtime.h"

namespace dtrain {

namespace {

thread_local PressureHandler pressureHandler = nullptr;

constexpr size_t kAlign = 64;
constexpr size_t kHugePage = size_t{2} << 20;

// Index of the smallest class that holds bytes (> 0).
constexpr int classIndex(size_t bytes) {
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

constexpr int kClasses = classIndex(SIZE_MAX / 4) + 1;

class HostMemory : public RawMemory {
 public:
  void* allocate(size_t bytes, StreamHandle) override {
    void* p = nullptr;
    if (posix_memalign(&p, bytes >= kHugePage ? kHugePage : kAlign, bytes) != 0) return nullptr;
    if (bytes >= kHugePage) madvise(p, bytes, MADV_HUGEPAGE);
    return p;
  }
  void release(void* p, size_t, StreamHandle) override { std::free(p); }
};

std::atomic<int64_t> allocatedNow{0}, liveNow{0};

bool environmentIsOne(const char* name) {
  const char* value = std::getenv(name);
  return value && std::string_view(value) == "1";
}

int64_t defaultBudget() {
  return static_cast<int64_t>(0.8 * static_cast<double>(sysconf(_SC_PHYS_PAGES)) *
                              static_cast<double>(sysconf(_SC_PAGESIZE)));
}

std::string inMiB(int64_t bytes) { return str(bytes / (1 << 20), " MiB"); }

}  // namespace

int64_t RawMemory::systemFree() { return int64_t{sysconf(_SC_AVPHYS_PAGES)} * sysconf(_SC_PAGESIZE); }

void setPressureHandler(PressureHandler handler) { pressureHandler = handler; }

size_t classSize(size_t bytes) { return bytes == 0 ? 0 : sizeOfClass(classIndex(bytes)); }

int64_t allocatedBytes() { return allocatedNow.load(std::memory_order_relaxed); }
int64_t liveBytes() { return liveNow.load(std::memory_order_relaxed); }

CachingAllocator::CachingAllocator(RawMemory& raw, std::string place, std::string raiser, int64_t budget)
    : raw_(raw), place_(std::move(place)), raiser_(std::move(raiser)),
      caching_(!environmentIsOne("DTRAIN_NO_MEMORY_CACHING")), liveByClass_(kClasses) {
  stats_.budget = budget;
}

size_t CachingAllocator::sizeFor(size_t bytes) const { return caching_ ? classSize(bytes) : bytes; }

CachingAllocator::FreeLists& CachingAllocator::freeLists(StreamHandle stream) {
  for (auto& [owner, lists] : free_)
    if (owner == stream) return lists;
  return free_.emplace_back(stream, FreeLists(kClasses)).second;
}

void* CachingAllocator::allocate(size_t bytes, StreamHandle stream) {
  if (bytes == 0) return nullptr;
  const size_t size = sizeFor(bytes);
  void* p = allocateOrEmpty(size, stream);
  for (Pressure level : {Pressure::minor, Pressure::major}) {
    if (p || !pressureHandler) break;
    pressureHandler(level);
    p = allocateOrEmpty(size, stream);
  }
  if (!p) failOutOfMemory(size);
  return p;
}

// What is released on other streams is there for this one only after a wait. No lock is held meanwhile: the device may
// wait for a collective that only the communication thread, which frees memory too, can end.
void* CachingAllocator::allocateOrEmpty(size_t size, StreamHandle stream) {
  void* p = tryAllocate(size, stream);
  if (p || !fits(size)) return p;
  emptyCache();
  return tryAllocate(size, stream);
}

bool CachingAllocator::fits(size_t size) const {
  std::lock_guard lock(mutex_);
  return stats_.live + static_cast<int64_t>(size) <= stats_.budget;
}

void* CachingAllocator::tryAllocate(size_t size, StreamHandle stream) {
  std::lock_guard lock(mutex_);
  keepParked();
  const int64_t bytes = static_cast<int64_t>(size);
  if (stats_.live + bytes > stats_.budget) return nullptr;
  auto& list = freeLists(stream)[classIndex(size)];
  void* p = nullptr;
  if (!list.empty()) {
    p = list.back();
    list.pop_back();
    stats_.cached -= bytes;
  } else {
    if (stats_.live + stats_.cached + bytes > stats_.budget) releaseCached();
    p = raw_.allocate(size, stream);
    if (!p) return nullptr;
    stats_.systemAllocations++;
  }
  stats_.live += bytes;
  stats_.allocated += bytes;
  stats_.peak = std::max(stats_.peak, stats_.live);
  liveNow.fetch_add(bytes, std::memory_order_relaxed);
  allocatedNow.fetch_add(bytes, std::memory_order_relaxed);
  liveByClass_[classIndex(size)]++;
  return p;
}

void CachingAllocator::release(void* p, size_t bytes, StreamHandle stream, std::vector<Ref<Event>> uses) {
  if (!p) return;
  const size_t size = sizeFor(bytes);
  std::lock_guard lock(mutex_);
  stats_.live -= static_cast<int64_t>(size);
  liveNow.fetch_sub(static_cast<int64_t>(size), std::memory_order_relaxed);
  liveByClass_[classIndex(size)]--;
  if (uses.empty()) return keep(p, size, stream);
  stats_.cached += static_cast<int64_t>(size);
  parked_.push_back({p, size, stream, std::move(uses)});
}

void CachingAllocator::keep(void* p, size_t size, StreamHandle stream) {
  if (!caching_) return raw_.release(p, size, stream);
  stats_.cached += static_cast<int64_t>(size);
  freeLists(stream)[classIndex(size)].push_back(p);
}

// Asks the oldest only, so that an allocation costs no more when many are parked.
void CachingAllocator::keepParked() {
  const auto done = [](const Ref<Event>& use) { return use->done(); };
  for (; !parked_.empty(); parked_.pop_front()) {
    const Parked& first = parked_.front();
    if (!std::all_of(first.uses.begin(), first.uses.end(), done)) return;
    stats_.cached -= static_cast<int64_t>(first.size);
    keep(first.p, first.size, first.stream);
  }
}

void CachingAllocator::releaseCached() {
  for (auto& [stream, lists] : free_)
    for (size_t i = 0; i < lists.size(); i++) {
      const size_t size = sizeOfClass(static_cast<int>(i));
      for (void* p : lists[i]) raw_.release(p, size, stream);
      stats_.cached -= static_cast<int64_t>(lists[i].size() * size);
      lists[i].clear();
    }
}

void CachingAllocator::failOutOfMemory(size_t size) {
  const bool refused = fits(size);  // by the system
  const std::string left = refused ? str("; the system has ", inMiB(raw_.systemFree()), " left") : "";
  std::lock_guard lock(mutex_);
  struct Held {
    int64_t count, size;
    int64_t bytes() const { return count * size; }
  };
  std::vector<Held> largest;
  for (int i = 0; i < kClasses; i++)
    if (liveByClass_[i] > 0) largest.push_back({liveByClass_[i], static_cast<int64_t>(sizeOfClass(i))});
  std::sort(largest.begin(), largest.end(), [](const Held& a, const Held& b) { return a.bytes() > b.bytes(); });
  std::string held;
  for (size_t i = 0; i < std::min<size_t>(largest.size(), 3); i++)
    held += str(i ? ", " : "", largest[i].count, " x ", largest[i].size, " bytes");
  fail(Code::outOfMemory, "out of memory", place_, ": ", size, " bytes wanted, ", inMiB(stats_.live),
       " of a budget of ", inMiB(stats_.budget), " in live tensors", held.empty() ? "" : "; largest: ", held, left,
       "; keep fewer tensors (tidy(), dispose()), use a smaller batch, or ",
       refused ? "see what other processes use" : "raise the budget with " + raiser_);
}

MemoryStats CachingAllocator::stats() const {
  std::lock_guard lock(mutex_);
  return stats_;
}

void CachingAllocator::resetPeak() {
  std::lock_guard lock(mutex_);
  stats_.peak = stats_.live;
}

void CachingAllocator::setBudget(int64_t bytes) {
  std::lock_guard lock(mutex_);
  stats_.budget = bytes;
}

void CachingAllocator::emptyCache() {
  raw_.wait();  // for what is parked
  {
    std::lock_guard lock(mutex_);
    keepParked();
    releaseCached();
  }
  raw_.trim();
}

// Never destroyed: finalizers may run after static destructors.
CachingAllocator& cpuAllocator() {
  static auto* cpu =
      new CachingAllocator(*new HostMemory, "", "setMemoryBudget() or DTRAIN_MEMORY_BUDGET", defaultBudget());
  return *cpu;
}

CachingAllocator& allocator(Device device) {
  return device.isCpu() ? cpuAllocator() : runtime(device).allocator(device.index);
}

}  // namespace dtrain
