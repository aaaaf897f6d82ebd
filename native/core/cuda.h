// The CUDA runtime as kernels and the NCCL engine use it. Included by *.cu and *.cuda.cc only: the header below is
// NVIDIA's, or that of emulation, which has the same names.
#pragma once

#include <cuda_runtime.h>

#include "core/runtime.h"

namespace dtrain::cuda {

// Throws Error{internal} (outOfMemory for cudaErrorMemoryAllocation): "<what>: CUDA: <text> (<name>)".
void check(cudaError_t status, const char* what);

// Makes the device current for CUDA calls of this thread. Cheap when it is already.
void use(int device);

inline cudaStream_t asStream(StreamHandle stream) { return static_cast<cudaStream_t>(stream); }
// The current stream of the device, which becomes the current device.
cudaStream_t stream(Device device);

// Runs kernel on the current stream of the device. Arguments are converted to the kernel's parameter types and copied.
template <class... Parameters, class... Arguments>
void launch(const char* what, Device device, void (*kernel)(Parameters...), dim3 grid, dim3 block,
            Arguments&&... arguments) {
  cudaLaunchConfig_t config{};
  config.gridDim = grid;
  config.blockDim = block;
  config.stream = stream(device);
  check(cudaLaunchKernelEx(&config, kernel, static_cast<Parameters>(arguments)...), what);
}

// Where a kernel reports a wrong value that the host could not have seen, such as a class index out of range. The first
// report of a device stands until the host waits and throws it: see Note [Device failures]. Memory of the host that
// the device writes. Its atomics are none for the host, so no word is changed by both at a time.
struct Fault {
  enum Kind : int { none, target, index };
  int ticket = 1;  // the host's alone, and counts what it has taken: a report is new where `claimed` is below
  int claimed;     // the device's alone: the ticket of its last report, whose thread writes the rest, and kind last
  int kind;
  int dim;         // index: which dimension
  const char* op;  // a literal of the host, carried through
  long long value, limit;
};
Fault* fault(Device device);

// Blocks of so many threads that the device can hold at a time.
int64_t residentBlocks(Device device, int threads);

// Number of blocks for n units of work, a block each, capped at what keeps the device busy; kernels stride by the grid.
unsigned blocksFor(Device device, int64_t n, int perBlock);

}  // namespace dtrain::cuda
