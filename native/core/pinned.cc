// Pinned memory out of a caching allocator of its own. A block that copies still use is parked with one event for each
// stream.
#include "core/pinned.h"

#include <algorithm>
#include <cstring>

#include "core/runtime.h"

namespace dtrain {

namespace {
constexpr Device kAny{Device::cuda, 0};  // the memory is every device's

class PageLocked : public RawMemory {
 public:
  void* allocate(size_t bytes, StreamHandle) override { return runtime(kAny).allocatePinned(bytes); }
  void release(void* p, size_t, StreamHandle) override { runtime(kAny).releasePinned(p); }
};
}  // namespace

PinnedMemory::PinnedMemory(size_t bytes) : data(pinnedAllocator().allocate(bytes)), bytes(bytes) {}

PinnedMemory::~PinnedMemory() {
  std::vector<Ref<Event>> uses;
  for (const auto& use : uses_) uses.push_back(use.second);
  pinnedAllocator().release(data, bytes, nullptr, std::move(uses));
}

void PinnedMemory::usedBy(Device device) {
  const StreamHandle stream = runtime(device).currentStream(device.index);
  auto use = std::find_if(uses_.begin(), uses_.end(), [&](const auto& u) { return u.first == stream; });
  if (use == uses_.end()) use = uses_.insert(use, {stream, make<Event>(device)});
  use->second->record(stream);
}

// Never destroyed: finalizers may run after static destructors.
CachingAllocator& pinnedAllocator() {
  static auto* pinned =
      new CachingAllocator(*new PageLocked, " (pinned)", "DTRAIN_MEMORY_BUDGET", cpuAllocator().stats().budget);
  return *pinned;
}

void copyToDevice(void* to, Device device, const void* from, size_t bytes) {
  if (bytes == 0) return;
  if (bytes > kStagedBytes) return runtime(device).copy(to, device, from, Device{}, bytes, false);
  const auto staging = make<PinnedMemory>(bytes);
  std::memcpy(staging->data, from, bytes);
  runtime(device).copy(to, device, staging->data, Device{}, bytes, true);
  staging->usedBy(device);
}

}  // namespace dtrain
