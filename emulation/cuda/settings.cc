// Reads the settings and counts calls for fault injection.
#include "emulation/cuda/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <map>
#include <mutex>
#include <span>
#include <string_view>

#include "emulation/cuda/emulation.h"

namespace emulation {
namespace {

struct Unreadable {
  std::string why;
};

std::string_view trim(std::string_view s) {
  const size_t first = s.find_first_not_of(" \t");
  return first == s.npos ? std::string_view{} : s.substr(first, s.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> split(std::string_view s, char separator) {
  std::vector<std::string_view> parts;
  for (size_t from = 0; from <= s.size();) {
    const size_t to = std::min(s.find(separator, from), s.size());
    if (const auto part = trim(s.substr(from, to - from)); !part.empty()) parts.push_back(part);
    from = to + 1;
  }
  return parts;
}

// The number at the front; what follows it is left in `s`.
uint64_t number(std::string_view& s) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc{}) throw Unreadable{"a whole number is expected, not '" + std::string(s) + "'"};
  s.remove_prefix(static_cast<size_t>(end - s.data()));
  return value;
}

uint64_t count(std::string_view s, uint64_t least, uint64_t most) {
  const std::string given(s);
  const uint64_t value = number(s);
  if (!s.empty() || value < least || value > most)
    throw Unreadable{"a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                     " is expected, not '" + given + "'"};
  return value;
}

uint64_t scaled(std::string_view s, const std::map<std::string_view, uint64_t>& units) {
  const std::string given(s);
  const uint64_t value = number(s);
  const auto unit = units.find(s);
  if (unit == units.end()) throw Unreadable{"the unit of '" + given + "' is unknown"};
  if (value > (uint64_t{1} << 40) / unit->second) throw Unreadable{"'" + given + "' is more than 2^40"};
  return value * unit->second;
}

void assign(Settings& s, std::string_view name, std::string_view value) {
  if (name == "devices") s.devices = static_cast<int>(count(value, 0, 64));
  else if (name == "memory") s.memory = scaled(value, {{"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}});
  else if (name == "seed") s.seed = count(value, 0, UINT64_MAX);
  else if (name == "jitter") s.jitterMicroseconds = scaled(value, {{"us", 1}, {"ms", 1000}, {"", 1}});
  else if (name == "abort") s.abortMicroseconds = scaled(value, {{"us", 1}, {"ms", 1000}, {"s", 1'000'000}, {"", 1}});
  else if (name == "workers") s.workers = static_cast<int>(count(value, 1, 256));
  else if (name == "protect") s.protect = count(value, 0, 1) == 1;
  else if (name == "pools") s.pools = count(value, 0, 1) == 1;
  else if (name == "parts") s.parts = static_cast<int>(count(value, 0, 7));
  else if (name == "counts") s.counts = value;
  else if (name == "peers") s.peers = count(value, 0, 1) == 1;
  else if (name == "order" && value == "forward") s.order = Order::forward;
  else if (name == "order" && value == "reverse") s.order = Order::reverse;
  else if (name == "order" && value == "shuffle") s.order = Order::shuffle;
  else if (name == "order") throw Unreadable{"order is forward, reverse or shuffle, not '" + std::string(value) + "'"};
  else
    throw Unreadable{
        "there is no setting '" + std::string(name) +
        "'; there are devices, memory, pools, peers, order, seed, jitter, abort, workers, protect, parts and counts"};
}

std::pair<std::string_view, std::string_view> pair(std::string_view s) {
  const size_t equals = s.find('=');
  if (equals == s.npos) throw Unreadable{"'" + std::string(s) + "' has no value"};
  return {trim(s.substr(0, equals)), trim(s.substr(equals + 1))};
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : value;
}

constexpr std::array<std::string_view, 13> kFaults{"malloc",   "launch",    "nccl",      "stall",  "oldnccl",
                                                   "abort",    "heuristic", "algorithm", "matmul", "convolution",
                                                   "nodriver", "gpulost",   "nosensor"};

// "a, b and c"
std::string list(std::span<const std::string_view> words) {
  std::string out(words.front());
  for (size_t i = 1; i < words.size(); i++) out.append(i + 1 < words.size() ? ", " : " and ").append(words[i]);
  return out;
}

void readFaults(Settings& s) {
  const std::string_view own = environment("RANK");
  const uint64_t rank = own.empty() ? 0 : count(own, 0, UINT64_MAX);
  for (const auto rule : split(environment("DTRAIN_EMULATION_FAULT"), ';')) {
    const auto words = split(rule, ' ');
    Fault fault{std::string(words.front())};
    if (std::find(kFaults.begin(), kFaults.end(), fault.kind) == kFaults.end())
      throw Unreadable{"there is no fault '" + fault.kind + "'; there are " + list(kFaults)};
    bool concerned = true;
    for (size_t i = 1; i < words.size(); i++) {
      const auto [name, value] = pair(words[i]);
      if (name == "rank") concerned = count(value, 0, UINT64_MAX) == rank;
      else if (name == "after") fault.after = count(value, 0, UINT64_MAX);
      else if (name == "times") fault.times = count(value, 1, UINT64_MAX);
      else throw Unreadable{"a fault has rank=, after= and times=, not '" + std::string(name) + "'"};
    }
    if (concerned) s.faults.push_back(fault);
  }
}

// As NVIDIA's driver does it: the list ends at the first entry that names no device.
void chooseVisible(Settings& s) {
  const char* list = std::getenv("CUDA_VISIBLE_DEVICES");
  if (list == nullptr) {
    for (int i = 0; i < s.devices; i++) s.visible.push_back(i);
    return;
  }
  for (const auto entry : split(list, ',')) {
    int index = -1;
    const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), index);
    const bool known = error == std::errc{} && end == entry.data() + entry.size() && index >= 0 && index < s.devices;
    if (!known) return;
    for (const int other : s.visible)
      if (other == index) return;
    s.visible.push_back(index);
  }
}

Settings read() {
  Settings s;
  const char* source = "DTRAIN_EMULATION";
  try {
    for (const auto entry : split(environment(source), ',')) {
      const auto [name, value] = pair(entry);
      assign(s, name, value);
    }
    source = "DTRAIN_EMULATION_FAULT";
    readFaults(s);
  } catch (const Unreadable& e) {
    s.problem = std::string(source) + ": " + e.why;
  }
  chooseVisible(s);
  return s;
}

}  // namespace

const Settings& settings() {
  static const Settings* const read_ = new Settings(read());
  return *read_;
}

bool faultDue(const char* kind) {
  if (settings().faults.empty()) return false;
  static std::mutex* const mutex = new std::mutex;
  static auto* const calls = new std::map<std::string, uint64_t>;
  const std::lock_guard lock(*mutex);
  const uint64_t call = ++(*calls)[kind];
  for (const Fault& fault : settings().faults)
    if (fault.kind == kind && call > fault.after && call - fault.after <= fault.times) return true;
  return false;
}

std::chrono::microseconds abortPatience() { return std::chrono::microseconds(settings().abortMicroseconds); }

}  // namespace emulation
