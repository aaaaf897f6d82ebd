// The memory that others find, and how they find it.
#include "emulation/cuda/usage.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>
#include <string_view>

#include "emulation/cuda/emulation.h"

namespace emulation {
namespace {

constexpr size_t kBytes = kMostDevices * sizeof(Usage);
constexpr const char* kName = "dtrain-emulated-gpus";
// High, so that it is free in every process, and nobody has to look at all descriptors of all processes.
constexpr int kDescriptor = 900;

Usage* map() {
  int file = -1;
  if (const int first = memfd_create(kName, MFD_CLOEXEC); first >= 0) {
    file = fcntl(first, F_DUPFD_CLOEXEC, kDescriptor);
    close(first);
  }
  const bool shared = file >= 0 && ftruncate(file, kBytes) == 0;
  void* const p = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, shared ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS,
                       shared ? file : -1, 0);
  return p == MAP_FAILED ? new Usage[kMostDevices]() : static_cast<Usage*>(p);
}

}  // namespace

Usage& usageOf(int physical) {
  static Usage* const mine = map();
  return mine[physical];
}

std::vector<ProcessUsage> usages(int physical) {
  std::vector<ProcessUsage> out;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", none)) {
    const std::string name = entry.path().filename();
    ProcessUsage found{};
    if (std::from_chars(name.data(), name.data() + name.size(), found.pid).ec != std::errc()) continue;
    const std::string path = "/proc/" + name + "/fd/" + std::to_string(kDescriptor);
    char target[64];
    const auto length = std::max<ssize_t>(readlink(path.c_str(), target, sizeof target), 0);
    if (std::string_view(target, static_cast<size_t>(length)).find(kName) == std::string_view::npos) continue;
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    uint64_t values[2];
    if (pread(file, values, sizeof values, physical * static_cast<off_t>(sizeof(Usage))) == sizeof values)
      out.push_back({found.pid, values[0], values[1]});
    close(file);
  }
  return out;
}

}  // namespace emulation
