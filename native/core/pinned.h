// Page-locked ("pinned") memory of the host, which devices copy from and to by themselves, later than the host asks.
// Locking pages and giving them back is slow and may stop all devices, so the blocks are cached; a block that is let go
// while copies use it is parked until they are done, as in PyTorch.
#pragma once

#include <utility>
#include <vector>

#include "core/allocator.h"

namespace dtrain {

class PinnedMemory : public RefCounted {
 public:
  explicit PinnedMemory(size_t bytes);  // throws Error{outOfMemory}
  ~PinnedMemory() override;
  // To be called after a copy that was not waited for has been given to the device's current stream.
  void usedBy(Device device);

  void* const data;
  const size_t bytes;

 private:
  std::vector<std::pair<StreamHandle, Ref<Event>>> uses_;  // the latest of each stream
};

CachingAllocator& pinnedAllocator();

// A copy of up to so many bytes to a device goes through pinned memory of ours, and nobody waits for the device. A
// batch of small images fits; beyond, a second copy by the host costs more than the wait.
constexpr size_t kStagedBytes = 1 << 20;

// Copies memory of the host to the device, on its current stream. All of it has been read on return.
void copyToDevice(void* to, Device device, const void* from, size_t bytes);

}  // namespace dtrain
