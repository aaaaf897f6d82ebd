// What the environment asks of the emulation, read once: DTRAIN_EMULATION, DTRAIN_EMULATION_FAULT, CUDA_VISIBLE_DEVICES
// and RANK. README.md describes them. A setting that cannot be read makes every CUDA call fail with `problem`, since
// silence would run other tests than were asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace emulation {

enum class Order { forward, reverse, shuffle };

struct Fault {
  std::string kind;
  uint64_t after = 0;
  uint64_t times = UINT64_MAX;
};

struct Settings {
  int devices = 8;
  size_t memory = size_t{2} << 30;
  Order order = Order::forward;
  uint64_t seed = 1;
  uint64_t jitterMicroseconds = 0;
  uint64_t abortMicroseconds = 300'000;
  int workers = 1;
  bool protect = false;
  bool pools = true;          // whether devices have memory pools
  std::string counts;         // a file; empty: none
  int parts = 0;              // of each device in NVML (MIG); CUDA has none of them
  bool peers = true;          // whether devices reach each other's memory
  std::vector<int> visible;   // physical indices, after CUDA_VISIBLE_DEVICES
  std::vector<Fault> faults;  // those of this rank
  std::string problem;
};
const Settings& settings();

// A number that looks random and depends on all bits of both (splitmix64's finalizer).
constexpr uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t x = a + 0x9e3779b97f4a7c15u * (b + 1);
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

}  // namespace emulation
