// Where memory and kernels are.
#pragma once

#include <cstdint>
#include <string>

namespace dtrain {

struct Device {
  enum Type : uint8_t { cpu, cuda };
  Type type = cpu;
  int8_t index = 0;
  bool operator==(const Device& other) const { return type == other.type && index == other.index; }
  bool isCpu() const { return type == cpu; }
};

// A device's queue of work (a cudaStream_t); null on the CPU. See Note [Streams] in runtime.h.
using StreamHandle = void*;

// The device that cuda without a number means, of the calling thread.
int currentCudaDevice();
void setCurrentCudaDevice(int index);

// "cpu", "cuda", "cuda:1". Throws Error{argument} for anything else.
Device parseDevice(const std::string& text);

}  // namespace dtrain
