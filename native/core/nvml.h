// What the driver's library NVML says of all GPUs of the machine, whichever of them this process sees. Opened at the
// first question. A value that a GPU or its driver does not tell is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dtrain {

struct GpuProcess {
  int64_t pid;  // in the caller's container, or the machine's where the driver is older
  std::optional<int64_t> memory;
};

struct GpuState {
  int index = 0;            // NVML's, in the order of the bus; CUDA may number otherwise
  std::optional<int> part;  // of that GPU (MIG): such a row follows the GPU's own
  std::string name, uuid, busId;
  std::optional<double> utilization, memoryUtilization;    // percent of the last moments
  std::optional<double> memoryUsed, memoryTotal;           // bytes
  std::optional<double> temperature, power, powerLimit;    // degrees Celsius, watts
  std::optional<double> multiprocessorClock, memoryClock;  // MHz
  std::vector<GpuProcess> processes;                       // that compute on it
  std::string problem;                                     // why values are absent that every GPU has
};

// Why NVML cannot be asked, or an empty text.
std::string nvmlUnavailable();
// Empty where it cannot be asked.
std::vector<GpuState> gpuStates();

}  // namespace dtrain
