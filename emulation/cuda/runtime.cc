// Where the addresses of all devices lie, which device is current, and how a failure sticks to a device.
#include "emulation/cuda/runtime.h"

#include <cstdlib>

#include "emulation/cuda/sanitizers.h"
#include "emulation/cuda/settings.h"

namespace emulation {
namespace {

// Room for fragmentation, in whole units of 4 GiB; addresses cost nothing.
constexpr size_t kRoomFactor = 4, kRoomUnit = size_t{4} << 30;

// Where within 4 GiB the memory of a device begins. A pair of 32-bit numbers in a kernel's argument then looks like an
// address only if the lower one is at least 2^30, which no size of a tensor is.
constexpr size_t kFirstAddress = size_t{1} << 30;

constinit thread_local int current = 0;

Runtime* create() {
  auto* made = new Runtime;
  const Settings& s = settings();
  if (s.visible.empty()) return made;
  made->perDevice = (s.memory * kRoomFactor / kRoomUnit + 1) * kRoomUnit;
  char* reserved = reserveAddresses(s.visible.size() * made->perDevice + 2 * kRoomUnit);
  if (reserved == nullptr) return made;
  made->base = reserved + (kRoomUnit - reinterpret_cast<uintptr_t>(reserved) % kRoomUnit) + kFirstAddress;
  for (size_t i = 0; i < s.visible.size(); i++)
    made->devices.push_back(std::make_unique<Device>(static_cast<int>(i), s.visible[i],
                                                     made->base + i * made->perDevice, made->perDevice, s.memory));
  return made;
}

}  // namespace

Runtime& runtime() {
  static Runtime* const instance = create();
  return *instance;
}

Device* Runtime::owner(const void* p) const {
  const size_t offset = static_cast<size_t>(static_cast<const char*>(p) - base);  // huge when p lies before base
  return devices.empty() || offset >= devices.size() * perDevice ? nullptr : devices[offset / perDevice].get();
}

Device* Runtime::ownerOfWord(const void* p) const {
  Device* d = owner(p);
  return d != nullptr && p < d->memory.region.base + d->memory.region.everCommitted() ? d : nullptr;
}

void refuseIfNone() {
  if (!runtime().devices.empty()) return;
  if (settings().visible.empty()) refuse(cudaErrorNoDevice);
  refuse(cudaErrorInitializationError,
         "no range of addresses can be reserved for the devices: choose less memory= or devices=, or raise ulimit -v");
}

Device& device(int index) {
  const auto& devices = runtime().devices;
  refuseIfNone();
  if (index < 0 || static_cast<size_t>(index) >= devices.size())
    refuse(cudaErrorInvalidDevice, "there is no device ", index, ": ", devices.size(), " devices are visible");
  return *devices[static_cast<size_t>(index)];
}

void refuseIfFailed(const Device& device) {
  if (const cudaError_t sticky = device.sticky; sticky != cudaSuccess) throw Refusal{sticky, {}};
}

void makeContext() { device(current).hasContext = true; }

Device& currentDevice() {
  Device& d = device(current);
  makeContext();
  refuseIfFailed(d);
  return d;
}

int currentIndex() { return current; }

cudaError_t currentSticky() {
  const auto& devices = runtime().devices;
  return static_cast<size_t>(current) < devices.size() ? devices[static_cast<size_t>(current)]->sticky.load()
                                                       : cudaSuccess;
}

void fail(int index, cudaError_t sticky, const std::string& why) {
  const auto& devices = runtime().devices;
  if (index < 0 || static_cast<size_t>(index) >= devices.size()) return;
  Device& device = *devices[static_cast<size_t>(index)];
  static std::mutex* const mutex = new std::mutex;
  const std::lock_guard lock(*mutex);
  if (device.sticky != cudaSuccess) return;
  explain(sticky, why);  // first: whoever sees the error may ask for the reason
  device.sticky = sticky;
}

void* PinnedMemory::allocate(size_t bytes, int device) {
  // 64: the alignment of a cache line, which vector code of the host may rely on.
  char* p = static_cast<char*>(std::aligned_alloc(64, (bytes + 63) / 64 * 64));
  if (p == nullptr) return nullptr;
  const std::lock_guard lock(mutex_);
  blocks_[p] = {std::shared_ptr<char>(p, std::free), bytes, device};
  return p;
}

Problem PinnedMemory::free(void* p) {
  const std::lock_guard lock(mutex_);
  return blocks_.erase(static_cast<char*>(p)) == 1 ? Problem{} : sentence(hex(p), " is not pinned memory");
}

const PinnedMemory::Block* PinnedMemory::at(const void* p, size_t bytes) const {
  auto next = blocks_.upper_bound(static_cast<const char*>(p));
  if (next == blocks_.begin()) return nullptr;
  const auto& [start, block] = *--next;
  const size_t offset = static_cast<size_t>(static_cast<const char*>(p) - start);
  return offset < block.bytes && bytes <= block.bytes - offset ? &block : nullptr;
}

std::shared_ptr<char> PinnedMemory::find(const void* p, size_t bytes) const {
  const Unobserved unobserved;
  const std::lock_guard lock(mutex_);
  const Block* block = at(p, bytes);
  return block == nullptr ? nullptr : block->memory;
}

int PinnedMemory::deviceOf(const void* p) const {
  const Unobserved unobserved;
  const std::lock_guard lock(mutex_);
  const Block* block = at(p, 0);
  return block == nullptr ? -1 : block->device;
}

bool reaches(const Device& from, const Device& owner, const void* p) {
  if (&owner == &from) return true;
  return ((owner.memory.pooled(p) ? owner.poolPeers >> from.index : from.peers >> owner.index) & 1) != 0;
}

}  // namespace emulation

using namespace emulation;

cudaError_t cudaSetDevice(int index) {
  return api([&] {
    current = device(index).index;
    makeContext();
  });
}

cudaError_t cudaGetDevice(int* index) {
  return api([&] {
    if (index == nullptr) refuse(cudaErrorInvalidValue, "cudaGetDevice: index is null");
    *index = device(current).index;
  });
}

cudaError_t cudaGetDeviceCount(int* count) {
  return api([&] {
    if (count == nullptr) refuse(cudaErrorInvalidValue, "cudaGetDeviceCount: count is null");
    *count = static_cast<int>(runtime().devices.size());
    refuseIfNone();
  });
}

// Of the driver's API, for tests, which find it by its name on GPUs too.
extern "C" EMULATION_API int cuDevicePrimaryCtxGetState(int index, unsigned* flags, int* active) {
  return api([&] {
    *flags = 0;
    *active = device(index).hasContext ? 1 : 0;
  });
}
