// What the emulated runtime offers to the emulated libraries (cuBLASLt, cuDNN, NCCL) and to tests. Nothing here exists
// in real CUDA, so nothing outside emulation includes this header.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cuda_runtime_api.h"

namespace emulation {

// Runs f on the stream's thread, in order, with device memory accessible. After a sticky error of the device it is
// dropped. f may block (a collective does) and may call checkDevicePointer, but no CUDA function.
EMULATION_API cudaError_t enqueue(cudaStream_t stream, std::function<void()> f);

// Succeeds when [p, p + bytes) lies in one live allocation of the stream's device; bytes 0 asks about p alone.
EMULATION_API cudaError_t checkDevicePointer(cudaStream_t stream, const void* p, size_t bytes);

// -1 for a handle that is not a stream.
EMULATION_API int deviceOf(cudaStream_t stream);

// Counts a call of that kind; true when DTRAIN_EMULATION_FAULT says that it must fail now.
EMULATION_API bool faultDue(const char* kind);

// How often a function of the runtime has been called; what the libraries put into streams counts as "enqueue".
EMULATION_API uint64_t calls(const char* function);

// What the processes of this machine that have devices do with a physical device: see usage.h.
struct ProcessUsage {
  int pid;
  uint64_t bytes, nanoseconds;
};
EMULATION_API std::vector<ProcessUsage> usages(int physical);

// The devices of the machine, before CUDA_VISIBLE_DEVICES.
struct Machine {
  int devices;
  uint64_t memory;  // of each
  int parts;        // of each device, as NVML lists them (MIG)
};
// False when a setting cannot be read.
EMULATION_API bool machine(Machine& out);
// Sixteen bytes that name a device.
EMULATION_API void uuidOf(int physical, char* bytes);
EMULATION_API int busOf(int physical);

// The longest that ncclCommAbort waits for the peers.
EMULATION_API std::chrono::microseconds abortPatience();

// A sentence about the latest misuse that was detected, in any thread; empty if there was none.
EMULATION_API std::string lastDiagnosis();

// Makes the device fail for good, as a fault inside a kernel does. The first call wins.
EMULATION_API void fail(int device, cudaError_t sticky, const std::string& why);

}  // namespace emulation
