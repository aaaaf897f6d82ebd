// What a wild pointer does to a GPU: the kernel that follows it faults, and the device is lost. The emulated libraries
// ask here, when an operation's turn on the stream comes, about the exact bytes that it will touch.
#pragma once

#include <initializer_list>
#include <sstream>

#include "emulation/cuda/emulation.h"

namespace emulation {

struct Operand {
  const char* name;
  const void* p;
  size_t bytes;
};

// True when all operands lie in memory of the stream's device. Otherwise the device fails, and the caller must return.
inline bool reachable(cudaStream_t stream, int device, const char* call, std::initializer_list<Operand> operands) {
  for (const Operand& o : operands) {
    if (o.bytes == 0 || checkDevicePointer(stream, o.p, o.bytes) == cudaSuccess) continue;
    std::ostringstream why;
    why << call << ": " << o.name << " is not in device memory: " << o.bytes << " bytes at " << o.p;
    if (const std::string more = lastDiagnosis(); !more.empty()) why << " (" << more << ")";
    fail(device, cudaErrorIllegalAddress, why.str());
    return false;
  }
  return true;
}

}  // namespace emulation
