// What all types of device share; see the notes in runtime.h.
#include "core/runtime.h"

#include <charconv>
#include <mutex>
#include <vector>

#include "core/error.h"

namespace dtrain {

const Runtime& runtime(Device device) {
  const Runtime* found = device.isCpu() ? nullptr : cudaRuntime();
  check(found, Code::unsupported, "device ", device,
        ": this build has no CUDA backend; use the CPU, or build one with ", "DTRAIN_CUDA=on scripts/setup.sh");
  return *found;
}

void checkDeviceExists(Device device) {
  if (device.isCpu()) return;
  const Runtime& r = runtime(device);
  const int count = r.deviceCount();
  check(count > 0, Code::unsupported, "device ", device, ": ", r.whyNoDevice(), "; use the CPU");
  check(device.index < count, Code::argument, "device ", device, ": there are ", count,
        " CUDA devices, cuda:0 to cuda:", count - 1);
}

namespace {
thread_local int currentCuda = 0;

std::mutex checksMutex;
std::vector<std::function<void()>>& checks() {
  static auto* list = new std::vector<std::function<void()>>;
  return *list;
}
}  // namespace

int currentCudaDevice() { return currentCuda; }

void setCurrentCudaDevice(int index) {
  check(index >= 0 && index <= INT8_MAX, Code::argument, "setDevice: expected the number of a CUDA device, got ",
        index);
  checkDeviceExists({Device::cuda, static_cast<int8_t>(index)});
  currentCuda = index;
}

Device parseDevice(const std::string& text) {
  if (text == "cpu") return {};
  if (text == "cuda") return {Device::cuda, static_cast<int8_t>(currentCuda)};
  constexpr std::string_view prefix = "cuda:";
  int index = -1;
  if (text.starts_with(prefix)) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + prefix.size(), end, index);
    if (error != std::errc() || stop != end || index > INT8_MAX) index = -1;
  }
  check(index >= 0, Code::argument, "device: expected 'cpu', 'cuda' or 'cuda:N', got '", text, "'");
  const Device device{Device::cuda, static_cast<int8_t>(index)};
  if (index >= kMaxDevices) checkDeviceExists(device);
  return device;
}

void addDeviceCheck(std::function<void()> f) {
  const std::lock_guard lock(checksMutex);
  checks().push_back(std::move(f));
}

void checkDevice() {
  std::vector<std::function<void()>> now;
  {
    const std::lock_guard lock(checksMutex);
    now = checks();
  }
  for (const auto& f : now) f();
}

}  // namespace dtrain
