// Emulated NVML: the devices of the machine, whatever CUDA_VISIBLE_DEVICES says, and what all processes of this user do
// with them. Memory and processes are true. How busy a device is comes from the streams of all processes, between one
// question and the next; temperature, power and clocks follow from that by rules of thumb.
#include "nvml.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "emulation/cuda/emulation.h"

using emulation::faultDue;

struct nvmlDevice_st {
  int physical;
  int part;  // -1: the whole device
};

namespace {

constexpr int kMostDevices = 64, kMostParts = 7;
constexpr unsigned kIdleCelsius = 30, kHotCelsius = 75, kIdleWatts = 60, kMostWatts = 350;
constexpr unsigned kIdleMegahertz = 345, kMostMegahertz = 1755, kMemoryMegahertz = 1593;

emulation::Machine machine{};
bool initialized = false;

// What a device did since it was last asked for: `percent` stands until enough time has gone by to say it anew.
struct Busy {
  std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  uint64_t nanoseconds = 0;
  unsigned percent = 0;
};

unsigned busyPercent(int physical) {
  static auto* const mutex = new std::mutex;
  static auto* const all = new std::array<Busy, kMostDevices>;
  constexpr auto least = std::chrono::milliseconds(50);
  uint64_t nanoseconds = 0;
  for (const auto& process : emulation::usages(physical)) nanoseconds += process.nanoseconds;
  const std::lock_guard lock(*mutex);
  Busy& busy = (*all)[static_cast<size_t>(physical)];
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::nanoseconds passed = now - busy.since;
  if (passed < least) return busy.percent;
  // Less than before: a process has ended.
  const uint64_t more = nanoseconds > busy.nanoseconds ? nanoseconds - busy.nanoseconds : 0;
  busy = {now, nanoseconds, static_cast<unsigned>(std::min<uint64_t>(100, more * 100 / passed.count()))};
  return busy.percent;
}

// Between two values, by how busy the device is.
unsigned between(int physical, unsigned idle, unsigned most) {
  return idle + (most - idle) * busyPercent(physical) / 100;
}

nvmlReturn_t copyText(const std::string& text, char* out, unsigned length) {
  if (out == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
  if (text.size() >= length) return NVML_ERROR_INSUFFICIENT_SIZE;
  std::memcpy(out, text.c_str(), text.size() + 1);
  return NVML_SUCCESS;
}

// Whether a question about the device has an answer. Of a part there are names, memory and processes only, and a device
// in parts does not say how busy it is.
enum class About { identity, memory, load, sensor };

nvmlReturn_t mayAsk(nvmlDevice_t device, const void* result, About about) {
  if (!initialized) return NVML_ERROR_UNINITIALIZED;
  if (device == nullptr || result == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
  if (about == About::identity) return NVML_SUCCESS;
  if (faultDue("gpulost")) return NVML_ERROR_GPU_IS_LOST;
  if (about == About::memory) return NVML_SUCCESS;
  const bool inParts = about == About::load && machine.parts > 0;
  return device->part >= 0 || inParts || faultDue("nosensor") ? NVML_ERROR_NOT_SUPPORTED : NVML_SUCCESS;
}

nvmlReturn_t sensor(nvmlDevice_t device, unsigned* out, unsigned idle, unsigned most, unsigned unit) {
  if (const nvmlReturn_t no = mayAsk(device, out, About::sensor); no != NVML_SUCCESS) return no;
  *out = between(device->physical, idle, most) * unit;
  return NVML_SUCCESS;
}

nvmlDevice_t handle(int physical, int part) {
  static auto* const all = [] {
    auto* made = new std::vector<nvmlDevice_st>;
    for (int device = 0; device < kMostDevices; device++)
      for (int i = -1; i < kMostParts; i++) made->push_back({device, i});
    return made;
  }();
  return &(*all)[static_cast<size_t>(physical * (kMostParts + 1) + part + 1)];
}

}  // namespace

nvmlReturn_t nvmlInit_v2() {
  if (faultDue("nodriver")) return NVML_ERROR_DRIVER_NOT_LOADED;
  if (!emulation::machine(machine)) return NVML_ERROR_UNKNOWN;
  initialized = true;
  return NVML_SUCCESS;
}

const char* nvmlErrorString(nvmlReturn_t result) {
  switch (result) {
    case NVML_SUCCESS: return "Success";
    case NVML_ERROR_UNINITIALIZED: return "Uninitialized";
    case NVML_ERROR_INVALID_ARGUMENT: return "Invalid Argument";
    case NVML_ERROR_NOT_SUPPORTED: return "Not Supported";
    case NVML_ERROR_NO_PERMISSION: return "Insufficient Permissions";
    case NVML_ERROR_NOT_FOUND: return "Not Found";
    case NVML_ERROR_INSUFFICIENT_SIZE: return "Insufficient Size";
    case NVML_ERROR_DRIVER_NOT_LOADED: return "Driver Not Loaded";
    case NVML_ERROR_GPU_IS_LOST: return "GPU is lost";
    case NVML_ERROR_ARGUMENT_VERSION_MISMATCH: return "Argument version mismatch";
    case NVML_ERROR_UNKNOWN: break;
  }
  return "Unknown Error";
}

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned* count) {
  if (!initialized) return NVML_ERROR_UNINITIALIZED;
  if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
  *count = static_cast<unsigned>(machine.devices);
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t* device) {
  if (!initialized) return NVML_ERROR_UNINITIALIZED;
  if (device == nullptr || index >= static_cast<unsigned>(machine.devices)) return NVML_ERROR_INVALID_ARGUMENT;
  *device = handle(static_cast<int>(index), -1);
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char* name, unsigned length) {
  const nvmlReturn_t may = mayAsk(device, name, About::identity);
  if (may != NVML_SUCCESS) return may;
  return copyText(device->part < 0 ? "Emulated GPU" : "Emulated GPU MIG 1g", name, length);
}

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char* uuid, unsigned length) {
  if (const nvmlReturn_t no = mayAsk(device, uuid, About::identity); no != NVML_SUCCESS) return no;
  char bytes[16] = {};
  emulation::uuidOf(device->physical, bytes);
  bytes[15] = static_cast<char>(device->part + 1);
  std::string text = device->part < 0 ? "GPU" : "MIG";
  for (int i = 0; i < 16; i++) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%s%02x", i == 0 || (i >= 4 && i <= 10 && i % 2 == 0) ? "-" : "",
                  static_cast<unsigned char>(bytes[i]));
    text += digits;
  }
  return copyText(text, uuid, length);
}

nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t* pci) {
  if (const nvmlReturn_t no = mayAsk(device, pci, About::identity); no != NVML_SUCCESS) return no;
  *pci = {};
  pci->bus = static_cast<unsigned>(emulation::busOf(device->physical));
  std::snprintf(pci->busIdLegacy, sizeof pci->busIdLegacy, "0000:%02X:00.0", pci->bus & 0xff);
  std::snprintf(pci->busId, sizeof pci->busId, "00000000:%02X:00.0", pci->bus & 0xff);
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t* utilization) {
  if (const nvmlReturn_t no = mayAsk(device, utilization, About::load); no != NVML_SUCCESS) return no;
  const unsigned percent = busyPercent(device->physical);
  *utilization = {percent, percent / 2};
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t* memory) {
  if (const nvmlReturn_t no = mayAsk(device, memory, About::memory); no != NVML_SUCCESS) return no;
  if (memory->version != nvmlMemory_v2) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  uint64_t used = 0;
  // CUDA does not know of parts, so all that is used is the first one's.
  if (device->part <= 0)
    for (const auto& process : emulation::usages(device->physical)) used += process.bytes;
  memory->total = device->part < 0 ? machine.memory : machine.memory / static_cast<uint64_t>(machine.parts);
  memory->reserved = 0;
  memory->used = std::min<uint64_t>(used, memory->total);  // each process has all of the device
  memory->free = memory->total - memory->used;
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, nvmlTemperatureSensors_t sensorType, unsigned* temp) {
  if (sensorType != NVML_TEMPERATURE_GPU) return NVML_ERROR_INVALID_ARGUMENT;
  return sensor(device, temp, kIdleCelsius, kHotCelsius, 1);
}

nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned* power) {
  return sensor(device, power, kIdleWatts, kMostWatts, 1000);
}

nvmlReturn_t nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t device, unsigned* limit) {
  return sensor(device, limit, kMostWatts, kMostWatts, 1000);
}

nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, nvmlClockType_t type, unsigned* clock) {
  const bool memory = type == NVML_CLOCK_MEM;
  return sensor(device, clock, memory ? kMemoryMegahertz : kIdleMegahertz, memory ? kMemoryMegahertz : kMostMegahertz,
                1);
}

nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned* infoCount,
                                                     nvmlProcessInfo_t* infos) {
  if (const nvmlReturn_t no = mayAsk(device, infoCount, About::memory); no != NVML_SUCCESS) return no;
  std::vector<nvmlProcessInfo_t> found;
  for (const auto& process : emulation::usages(device->physical))
    if (process.bytes > 0 && device->part <= 0)
      found.push_back({static_cast<unsigned>(process.pid), process.bytes, ~0u, ~0u});
  const bool fits = found.size() <= *infoCount;
  *infoCount = static_cast<unsigned>(found.size());
  if (!fits) return NVML_ERROR_INSUFFICIENT_SIZE;
  std::copy(found.begin(), found.end(), infos);
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t device, unsigned* count) {
  if (const nvmlReturn_t no = mayAsk(device, count, About::identity); no != NVML_SUCCESS) return no;
  *count = machine.parts > 0 ? kMostParts : 0;
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t device, unsigned index, nvmlDevice_t* migDevice) {
  if (const nvmlReturn_t no = mayAsk(device, migDevice, About::identity); no != NVML_SUCCESS) return no;
  if (machine.parts == 0) return NVML_ERROR_NOT_SUPPORTED;
  if (device->part >= 0 || index >= kMostParts) return NVML_ERROR_INVALID_ARGUMENT;
  if (index >= static_cast<unsigned>(machine.parts)) return NVML_ERROR_NOT_FOUND;
  *migDevice = handle(device->physical, static_cast<int>(index));
  return NVML_SUCCESS;
}
