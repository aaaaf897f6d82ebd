// Random numbers as PyTorch's CPU generator draws them: MT19937, 32 bits at a time, with the spare normal that the
// scalar path of normal_() keeps between calls.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "core/ref.h"

namespace dtrain {

constexpr uint64_t kDefaultSeed = 67280421310721;  // PyTorch's default_rng_seed_val

class Generator : public RefCounted {
 public:
  explicit Generator(uint64_t seed) { manualSeed(seed); }

  // Held by an op for all its draws, because worker threads share the default generator. The functions below that
  // take or give a whole state hold it themselves.
  std::mutex mutex;

  void manualSeed(uint64_t seed);
  uint64_t initialSeed() const { return seed_; }
  uint32_t random();
  uint64_t random64() {
    const uint64_t high = random();
    return high << 32 | random();
  }

  // PyTorch's 5056 bytes (torch.get_rng_state). setState throws Error{argument} on anything else.
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
};

Generator& defaultGenerator();

}  // namespace dtrain
