// The state of the emulated runtime: its devices and what the host has made of them. It is created by the first call
// and never destroyed, because the streams' threads may still run while the process ends.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "emulation/cuda/device-memory.h"
#include "emulation/cuda/errors.h"
#include "emulation/cuda/usage.h"

namespace emulation {

struct Device {
  Device(int index, int physical, char* base, size_t reserved, size_t capacity)
      : index(index), physical(physical), usage(usageOf(physical)),
        memory(index, base, reserved, capacity, usage.bytes) {}

  const int index;     // what the program calls it
  const int physical;  // before CUDA_VISIBLE_DEVICES
  Usage& usage;
  DeviceMemory memory;
  std::atomic<cudaError_t> sticky{cudaSuccess};
  std::atomic<bool> hasContext{false};
  std::atomic<uint64_t> peers{0};      // bit i: may use memory of device i, but not of its pool
  std::atomic<uint64_t> poolPeers{0};  // bit i: device i may use memory of the pool
  std::atomic<uint64_t> releaseThreshold{0};
};

// Page-locked host memory. Operations share it, so that freeing it too early is an error and not a crash.
class PinnedMemory {
 public:
  void* allocate(size_t bytes, int device);
  Problem free(void* p);
  // The memory that holds [p, p + bytes), or null.
  std::shared_ptr<char> find(const void* p, size_t bytes) const;
  // The device that was current when the memory at p was allocated; -1 when p is not in pinned memory.
  int deviceOf(const void* p) const;

 private:
  struct Block {
    std::shared_ptr<char> memory;
    size_t bytes;
    int device;
  };
  const Block* at(const void* p, size_t bytes) const;

  mutable std::mutex mutex_;
  std::map<const char*, Block> blocks_;
};

struct Runtime {
  std::vector<std::unique_ptr<Device>> devices;
  PinnedMemory pinned;
  char* base = nullptr;
  size_t perDevice = 1;

  // The device whose range p lies in, or null.
  Device* owner(const void* p) const;
  // The same for 8 bytes that may be a pointer or something else: only where there ever was memory.
  Device* ownerOfWord(const void* p) const;
};
Runtime& runtime();

// Refuses when there are no devices.
void refuseIfNone();
// Refuses when there is none of that number.
Device& device(int index);
// Refuses when the current device has failed.
Device& currentDevice();
// Most calls make the context of the thread's current device, half a gigabyte of a real one, also where they are about
// a stream or an event of another device.
void makeContext();
int currentIndex();
// The sticky error of the current device.
cudaError_t currentSticky();
void refuseIfFailed(const Device& device);
// May kernels and copies of device `from` use memory of `owner`? CUDA opens pools to peers by a call of their own.
bool reaches(const Device& from, const Device& owner, const void* p);

}  // namespace emulation
