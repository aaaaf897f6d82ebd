// Questions to NVML, one by one: each may fail for a reason of its own.
#include "core/nvml.h"

#include <nvml.h>

#include <memory>

#include "core/library.h"

namespace dtrain {

namespace {

struct Functions {
  explicit Functions(const Library& library) : library(library) {}
  const Library& library;
  DT_LIBRARY_FUNCTION(nvmlInit_v2);
  DT_LIBRARY_FUNCTION(nvmlErrorString);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetCount_v2);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetHandleByIndex_v2);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetName);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetUUID);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetPciInfo_v3);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetUtilizationRates);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetMemoryInfo_v2);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetTemperature);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetPowerUsage);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetEnforcedPowerLimit);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetClockInfo);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetComputeRunningProcesses_v3);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetMaxMigDeviceCount);
  DT_LIBRARY_FUNCTION(nvmlDeviceGetMigDeviceHandleByIndex);
};

struct Nvml {
  std::unique_ptr<const Library> library;
  std::unique_ptr<const Functions> functions;  // null: `why` not
  std::string why;
};

Nvml open() {
  Nvml nvml;
  try {
    nvml.library = std::make_unique<Library>("NVML", "libnvidia-ml.so.1", "");
  } catch (const Error&) {
    nvml.why = "no NVIDIA driver (there is no libnvidia-ml.so.1)";
    return nvml;
  }
  try {
    nvml.functions = std::make_unique<Functions>(*nvml.library);
  } catch (const Error&) {
    nvml.why = str("the NVIDIA driver is older than 510 (", nvml.library->path(), " lacks functions of NVML)");
    return nvml;
  }
  const nvmlReturn_t status = nvml.functions->nvmlInit_v2();
  if (status == NVML_SUCCESS) return nvml;
  if (status == NVML_ERROR_DRIVER_NOT_LOADED) nvml.why = "no NVIDIA driver (it is not loaded)";
  else nvml.why = str("the NVIDIA driver does not answer: ", nvml.functions->nvmlErrorString(status), " (NVML)");
  nvml.functions = nullptr;
  return nvml;
}

// A start that failed is not tried again.
const Nvml& nvml() {
  static const auto* opened = new Nvml(open());
  return *opened;
}

// One device and what was answered about it.
class Questions {
 public:
  Questions(const Functions& functions, nvmlDevice_t device, GpuState& state)
      : f_(functions), device_(device), state_(state) {}

  void identity() {
    char text[NVML_DEVICE_UUID_V2_BUFFER_SIZE] = {};
    if (answered(f_.nvmlDeviceGetName(device_, text, sizeof text))) state_.name = text;
    if (answered(f_.nvmlDeviceGetUUID(device_, text, sizeof text))) state_.uuid = text;
  }

  void bus() {
    nvmlPciInfo_t pci{};
    if (answered(f_.nvmlDeviceGetPciInfo_v3(device_, &pci))) state_.busId = pci.busId;
  }

  void memory() {
    nvmlMemory_v2_t memory{};
    memory.version = nvmlMemory_v2;
    if (!answered(f_.nvmlDeviceGetMemoryInfo_v2(device_, &memory))) return;
    state_.memoryUsed = static_cast<double>(memory.used);
    state_.memoryTotal = static_cast<double>(memory.total);
  }

  void load() {
    nvmlUtilization_t utilization{};
    if (answered(f_.nvmlDeviceGetUtilizationRates(device_, &utilization))) {
      state_.utilization = utilization.gpu;
      state_.memoryUtilization = utilization.memory;
    }
    unsigned value = 0;
    if (answered(f_.nvmlDeviceGetTemperature(device_, NVML_TEMPERATURE_GPU, &value))) state_.temperature = value;
    if (answered(f_.nvmlDeviceGetPowerUsage(device_, &value))) state_.power = value / 1000.0;
    if (answered(f_.nvmlDeviceGetEnforcedPowerLimit(device_, &value))) state_.powerLimit = value / 1000.0;
    if (answered(f_.nvmlDeviceGetClockInfo(device_, NVML_CLOCK_SM, &value))) state_.multiprocessorClock = value;
    if (answered(f_.nvmlDeviceGetClockInfo(device_, NVML_CLOCK_MEM, &value))) state_.memoryClock = value;
  }

  void processes() {
    std::vector<nvmlProcessInfo_t> found(16);
    auto count = static_cast<unsigned>(found.size());
    nvmlReturn_t status = f_.nvmlDeviceGetComputeRunningProcesses_v3(device_, &count, found.data());
    for (int tries = 0; status == NVML_ERROR_INSUFFICIENT_SIZE && tries < 3; tries++) {
      found.resize(count += 16);  // more may start meanwhile
      status = f_.nvmlDeviceGetComputeRunningProcesses_v3(device_, &count, found.data());
    }
    if (!answered(status)) return;
    for (unsigned i = 0; i < count; i++) {
      const auto used = static_cast<int64_t>(found[i].usedGpuMemory);
      state_.processes.push_back(
          {found[i].pid, used == NVML_VALUE_NOT_AVAILABLE ? std::nullopt : std::optional<int64_t>(used)});
    }
  }

  std::vector<nvmlDevice_t> parts() {
    unsigned most = 0;
    std::vector<nvmlDevice_t> out;
    if (!answered(f_.nvmlDeviceGetMaxMigDeviceCount(device_, &most))) return out;
    for (unsigned i = 0; i < most; i++)
      if (nvmlDevice_t part; f_.nvmlDeviceGetMigDeviceHandleByIndex(device_, i, &part) == NVML_SUCCESS)
        out.push_back(part);
    return out;
  }

 private:
  bool answered(nvmlReturn_t status) {
    const bool unknown = status == NVML_ERROR_NOT_SUPPORTED || status == NVML_ERROR_NO_PERMISSION;
    if (status != NVML_SUCCESS && !unknown && state_.problem.empty()) state_.problem = f_.nvmlErrorString(status);
    return status == NVML_SUCCESS;
  }

  const Functions& f_;
  const nvmlDevice_t device_;
  GpuState& state_;
};

}  // namespace

std::string nvmlUnavailable() { return nvml().why; }

std::vector<GpuState> gpuStates() {
  std::vector<GpuState> out;
  const Functions* f = nvml().functions.get();
  unsigned count = 0;
  if (!f || f->nvmlDeviceGetCount_v2(&count) != NVML_SUCCESS) return out;
  for (unsigned i = 0; i < count; i++) {
    GpuState state;
    state.index = static_cast<int>(i);
    nvmlDevice_t device;
    if (const nvmlReturn_t status = f->nvmlDeviceGetHandleByIndex_v2(i, &device); status != NVML_SUCCESS) {
      state.problem = f->nvmlErrorString(status);
      out.push_back(state);
      continue;
    }
    Questions whole(*f, device, state);
    whole.identity();
    whole.bus();
    whole.memory();
    whole.load();
    whole.processes();
    const std::vector<nvmlDevice_t> parts = whole.parts();
    out.push_back(state);
    for (size_t p = 0; p < parts.size(); p++) {
      GpuState part;
      part.index = state.index;
      part.part = static_cast<int>(p);
      part.busId = state.busId;
      Questions questions(*f, parts[p], part);
      questions.identity();
      questions.memory();
      questions.processes();
      out.push_back(part);
    }
  }
  return out;
}

}  // namespace dtrain
