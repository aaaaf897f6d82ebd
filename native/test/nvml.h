// How tests look at what NVML says of a GPU.
#pragma once

#include <string>

#include "core/nvml.h"
#include "test/test.h"

namespace dtrain::test {

// The GPU, or part of one, whose UUID ends so.
inline GpuState gpuWith(const std::string& uuid) {
  for (const GpuState& gpu : gpuStates())
    if (gpu.uuid.ends_with(uuid)) return gpu;
  throw Failure{"NVML knows no GPU " + uuid};
}

}  // namespace dtrain::test
