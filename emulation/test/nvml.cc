// The emulated NVML, and what the core makes of its answers. The last devices are asked about: no other program of this
// machine is likely to use them meanwhile.

#include "test/nvml.h"

#include <nvml.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <thread>

#include "emulation/test/support.h"

namespace dtrain::test {
namespace {

constexpr size_t kMebi = size_t{1} << 20;

nvmlDevice_t device(unsigned index) {
  nvmlDevice_t out = nullptr;
  EXPECT(nvmlInit_v2() == NVML_SUCCESS && nvmlDeviceGetHandleByIndex_v2(index, &out) == NVML_SUCCESS);
  return out;
}

TEST("emulated nvml: all devices are there, with the memory that processes use of them") {
  isolated("emulated nvml: all devices", {"DTRAIN_EMULATION=devices=64,memory=1GiB", "CUDA_VISIBLE_DEVICES=61"}, [] {
    unsigned count = 0;
    EXPECT(nvmlDeviceGetCount_v2(&count) == NVML_ERROR_UNINITIALIZED);
    const nvmlDevice_t used = device(61);
    EXPECT(nvmlDeviceGetCount_v2(&count) == NVML_SUCCESS && count == 64);
    const Stream stream;
    float* p = allocate<float>(stream, 10 * kMebi / sizeof(float));
    stream.wait();
    nvmlMemory_v2_t memory{};
    EXPECT(nvmlDeviceGetMemoryInfo_v2(used, &memory) == NVML_ERROR_ARGUMENT_VERSION_MISMATCH);
    memory.version = nvmlMemory_v2;
    EXPECT(nvmlDeviceGetMemoryInfo_v2(used, &memory) == NVML_SUCCESS);
    EXPECT(memory.total == 1024 * kMebi && memory.used >= 10 * kMebi && memory.free == memory.total - memory.used);
    const auto mine = [&] {
      unsigned n = 64;
      nvmlProcessInfo_t processes[64];
      EXPECT(nvmlDeviceGetComputeRunningProcesses_v3(used, &n, processes) == NVML_SUCCESS);
      for (unsigned i = 0; i < n; i++)
        if (processes[i].pid == static_cast<unsigned>(getpid())) return processes[i].usedGpuMemory;
      return 0ull;
    };
    EXPECT(mine() == 10 * kMebi);
    unsigned none = 0;
    EXPECT(nvmlDeviceGetComputeRunningProcesses_v3(used, &none, nullptr) == NVML_ERROR_INSUFFICIENT_SIZE && none > 0);
    ok(cudaFreeAsync(p, stream));
    stream.wait();
    EXPECT(mine() == 0);
  });
}

TEST("emulated nvml: a device is as busy as its streams") {
  isolated("emulated nvml: a device is as busy", {"DTRAIN_EMULATION=devices=64", "CUDA_VISIBLE_DEVICES=62"}, [] {
    const nvmlDevice_t busy = device(62);
    nvmlUtilization_t utilization{};
    const Stream stream;
    EXPECT(nvmlDeviceGetUtilizationRates(busy, &utilization) == NVML_SUCCESS);
    constexpr auto sleep = [](void*) { std::this_thread::sleep_for(std::chrono::milliseconds(100)); };
    ok(cudaLaunchHostFunc(stream, sleep, nullptr));
    stream.wait();
    EXPECT(nvmlDeviceGetUtilizationRates(busy, &utilization) == NVML_SUCCESS && utilization.gpu >= 30);
    unsigned watts = 0, limit = 0;
    EXPECT(nvmlDeviceGetPowerUsage(busy, &watts) == NVML_SUCCESS && watts > 60'000);
    EXPECT(nvmlDeviceGetEnforcedPowerLimit(busy, &limit) == NVML_SUCCESS && watts <= limit);
  });
}

TEST("emulated nvml: what is asked wrongly is refused") {
  isolated("emulated nvml: what is asked wrongly", {"DTRAIN_EMULATION=devices=2"}, [] {
    const nvmlDevice_t first = device(0);
    nvmlDevice_t other = nullptr;
    char text[NVML_DEVICE_UUID_V2_BUFFER_SIZE];
    unsigned value = 0;
    EXPECT(nvmlDeviceGetHandleByIndex_v2(2, &other) == NVML_ERROR_INVALID_ARGUMENT);
    EXPECT(nvmlDeviceGetUUID(first, text, 8) == NVML_ERROR_INSUFFICIENT_SIZE);
    EXPECT(nvmlDeviceGetUUID(first, text, sizeof text) == NVML_SUCCESS);
    EXPECT(std::string(text) == "GPU-656d756c-6174-6564-2d30-000000000000");
    EXPECT(nvmlDeviceGetName(nullptr, text, sizeof text) == NVML_ERROR_INVALID_ARGUMENT);
    EXPECT(nvmlDeviceGetMaxMigDeviceCount(first, &value) == NVML_SUCCESS && value == 0);
    EXPECT(nvmlDeviceGetMigDeviceHandleByIndex(first, 0, &other) == NVML_ERROR_NOT_SUPPORTED);
  });
}

TEST("nvml: parts of a GPU follow it, and it does not say how busy it is") {
  isolated("nvml: parts of a GPU follow", {"DTRAIN_EMULATION=devices=2,parts=3,memory=3GiB"}, [] {
    EXPECT(gpuStates().size() == 8 && nvmlUnavailable().empty());
    const GpuState gpu = gpuWith("GPU-656d756c-6174-6564-2d31-000000000000"), part = gpuStates()[6];
    EXPECT(gpu.index == 1 && !gpu.part && !gpu.utilization && gpu.temperature && gpu.problem.empty());
    EXPECT(part.index == 1 && part.part == 1 && part.memoryTotal == 1024.0 * kMebi && !part.temperature);
    EXPECT(part.uuid == "MIG-656d756c-6174-6564-2d31-000000000002" && part.problem.empty());
    EXPECT(gpu.busId == "00000000:02:00.0" && part.busId == gpu.busId);
  });
}

TEST("nvml: what a GPU does not tell is absent") {
  isolated("nvml: what a GPU does not tell", {"DTRAIN_EMULATION=devices=1", "DTRAIN_EMULATION_FAULT=nosensor"}, [] {
    const GpuState gpu = gpuWith("2d30-000000000000");
    EXPECT(!gpu.utilization && !gpu.temperature && !gpu.power && !gpu.powerLimit && !gpu.multiprocessorClock);
    EXPECT(gpu.memoryTotal == 2048.0 * kMebi && gpu.name == "Emulated GPU" && gpu.problem.empty());
  });
}

TEST("nvml: a GPU that is lost says so") {
  isolated("nvml: a GPU that is lost", {"DTRAIN_EMULATION=devices=1", "DTRAIN_EMULATION_FAULT=gpulost"}, [] {
    const GpuState gpu = gpuWith("2d30-000000000000");
    EXPECT(!gpu.memoryTotal && !gpu.utilization && gpu.processes.empty());
    EXPECT(gpu.name == "Emulated GPU" && gpu.problem == "GPU is lost");
  });
}

TEST("nvml: without a driver there is a reason and no GPU") {
  isolated("nvml: without a driver", {"DTRAIN_EMULATION_FAULT=nodriver"},
           [] { EXPECT(nvmlUnavailable() == "no NVIDIA driver (it is not loaded)" && gpuStates().empty()); });
}

TEST("nvml: a driver that does not answer is a reason too") {
  isolated("nvml: a driver that does not answer", {"DTRAIN_EMULATION=speed=1"},
           [] { EXPECT(nvmlUnavailable() == "the NVIDIA driver does not answer: Unknown Error (NVML)"); });
}

}  // namespace
}  // namespace dtrain::test
