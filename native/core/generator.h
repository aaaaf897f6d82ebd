// Random numbers as PyTorch draws them. On the CPU: MT19937, 32 bits at a time, with the spare normal that the scalar
// path of normal_() keeps between calls. On CUDA: Philox, which is a function of (seed, offset, element), so that the
// state is two numbers of the host and every thread of a kernel draws for itself.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/device.h"
#include "core/ref.h"

namespace dtrain {

constexpr uint64_t kDefaultSeed = 67280421310721;  // PyTorch's default_rng_seed_val

class Generator : public RefCounted {
 public:
  explicit Generator(uint64_t seed, Device device = {}) : device(device) { manualSeed(seed); }

  const Device device;  // whose tensors it fills

  void manualSeed(uint64_t seed);
  uint64_t initialSeed() const { return seed_; }
  uint32_t random();
  void random(uint32_t* out, int64_t n);  // the next n
  uint64_t random64() {
    const uint64_t high = random();
    return high << 32 | random();
  }

  // CUDA: the offset of a kernel in which a thread draws up to n 32-bit numbers, and the next one moves on.
  uint64_t takeOffset(uint64_t n) { return std::exchange(offset_, offset_ + (n + 3) / 4 * 4); }

  // PyTorch's 5056 bytes (torch.get_rng_state), or 16 for CUDA. setState throws Error{argument} on anything else.
  std::vector<uint8_t> state();
  void setState(const uint8_t* bytes, size_t n);

  std::optional<double> nextNormal;

 private:
  static constexpr int kN = 624;
  void refill();

  uint64_t seed_ = 0;
  std::array<uint32_t, kN> words_{};
  int left_ = 1;  // draws until the next refill, plus one
  uint32_t next_ = 0;
  uint64_t offset_ = 0;  // CUDA: 32-bit draws made by each thread so far
};

// All bits of the result depend on all bits of x (splitmix64): for seeds and checksums.
inline uint64_t mixed(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// The generator of a device that ops use when they are given none. Every thread has its own, because worker threads
// cannot order their draws: equal seeds give equal numbers in each of them, whatever the others do. So no generator is
// ever used by two threads.
Generator& defaultGenerator(Device device = {});

// Note [Replica streams]
// What a replica draws depends on its rows, and the generator that the data are shuffled with must be in the same state
// on all ranks. So while a replica computes, this thread's default generators are others, seeded by the seed of those
// they stand for, the number of such calls since manualSeed(), and the rank. Afterwards the usual ones go on where they
// were. A seed given meanwhile is theirs: then every rank draws the numbers of that seed. A single process has no
// replicas and draws PyTorch's numbers.
void beginReplicaDraws(int rank);
void endReplicaDraws();
// That number of calls, which a training that goes on has to know.
uint64_t replicaCalls();
void setReplicaCalls(uint64_t calls);

// Seeds the calling thread's default generators of all devices, as torch.manual_seed does.
void seedAll(uint64_t seed);

}  // namespace dtrain
