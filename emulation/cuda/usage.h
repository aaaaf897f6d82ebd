// What the processes of this machine do with the emulated devices, for the emulated NVML: a GPU is one for all of them,
// and here each has its own. So every process that has devices keeps its numbers in memory without a name (memfd),
// under a descriptor that others find in /proc. It goes with the process.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace emulation {

constexpr int kMostDevices = 64;

struct Usage {
  std::atomic<uint64_t> bytes;        // allocated now
  std::atomic<uint64_t> nanoseconds;  // that streams have been busy; those of several streams add up
};

// This process's part of a physical device.
Usage& usageOf(int physical);

}  // namespace emulation
