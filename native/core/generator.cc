// MT19937 (Matsumoto and Nishimura, 1998); seeding uses the low 32 bits, as PyTorch does. Philox itself is in
// kernels/random.cu.
#include "core/generator.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

#include "core/error.h"
#include "core/runtime.h"

namespace dtrain {

void Generator::manualSeed(uint64_t seed) {
  seed_ = seed;
  words_[0] = static_cast<uint32_t>(seed);
  for (int i = 1; i < kN; i++)
    words_[i] = 1812433253u * (words_[i - 1] ^ (words_[i - 1] >> 30)) + static_cast<uint32_t>(i);
  left_ = 1;
  next_ = 0;
  nextNormal.reset();
  offset_ = 0;
}

void Generator::refill() {
  constexpr int m = 397;
  const auto turn = [this](int i, int next, int far) {
    const uint32_t y = (words_[i] & 0x80000000u) | (words_[next] & 0x7fffffffu);
    words_[i] = words_[far] ^ (y >> 1) ^ (-(y & 1) & 0x9908b0dfu);
  };
  for (int i = 0; i < kN - m; i++) turn(i, i + 1, i + m);
  for (int i = kN - m; i < kN - 1; i++) turn(i, i + 1, i + m - kN);
  turn(kN - 1, 0, m - 1);
  left_ = kN;
  next_ = 0;
}

namespace {
uint32_t tempered(uint32_t y) {
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ y >> 18;
}
}  // namespace

uint32_t Generator::random() {
  if (--left_ == 0) refill();
  return tempered(words_[next_++]);
}

void Generator::random(uint32_t* out, int64_t n) {
  while (n > 0) {
    if (left_ == 1) {
      refill();
      left_++;
    }
    const int64_t count = std::min<int64_t>(n, left_ - 1);
    for (int64_t i = 0; i < count; i++) out[i] = tempered(words_[next_ + i]);
    left_ -= static_cast<int>(count);
    next_ += static_cast<uint32_t>(count);
    out += count;
    n -= count;
  }
}

namespace {
// PyTorch's CPUGeneratorImplState, little-endian.
struct State {
  uint64_t seed;
  int32_t left;
  int32_t seeded;
  uint64_t next;
  uint64_t words[624];
  double normalX, normalY, normalRho;  // only normalY is used: the cached normal
  int32_t normalValid;
  int32_t padding;
  float floatNormal;
  uint32_t floatNormalValid;
};
static_assert(sizeof(State) == 5056);

// PyTorch's CUDAGeneratorImpl.
struct PhiloxState {
  uint64_t seed, offset;
};
}  // namespace

std::vector<uint8_t> Generator::state() {
  if (!device.isCpu()) {
    std::vector<uint8_t> out(sizeof(PhiloxState));
    const PhiloxState s{seed_, offset_};
    std::memcpy(out.data(), &s, sizeof s);
    return out;
  }
  State s{};
  s.seed = seed_;
  s.left = left_;
  s.seeded = 1;
  s.next = next_;
  std::copy(words_.begin(), words_.end(), s.words);
  s.normalY = nextNormal.value_or(0);
  s.normalValid = nextNormal.has_value();
  const auto* bytes = reinterpret_cast<const uint8_t*>(&s);
  return {bytes, bytes + sizeof s};
}

void Generator::setState(const uint8_t* bytes, size_t n) {
  if (!device.isCpu()) {
    PhiloxState s;
    check(n == sizeof s, Code::argument, "setGeneratorState: expected the ", sizeof s, " bytes of getState() of a ",
          device, " generator, got ", n, " bytes");
    std::memcpy(&s, bytes, sizeof s);
    check(s.offset % 4 == 0, Code::argument, "setGeneratorState: the offset must be a multiple of 4, got ", s.offset);
    seed_ = s.seed;
    offset_ = s.offset;
    return;
  }
  State s;
  check(n == sizeof s, Code::argument, "setGeneratorState: expected the ", sizeof s, " bytes of getState(), got ", n,
        " bytes");
  std::memcpy(&s, bytes, sizeof s);
  check(s.seeded == 1 && s.left > 0 && s.left <= kN && s.next <= kN && s.left + static_cast<int>(s.next) <= kN + 1,
        Code::argument, "setGeneratorState: the bytes are not a valid mt19937 state");
  seed_ = s.seed;
  std::transform(s.words, s.words + kN, words_.begin(), [](uint64_t w) { return static_cast<uint32_t>(w); });
  left_ = s.left;
  next_ = static_cast<uint32_t>(s.next);
  nextNormal = s.normalValid ? std::optional<double>(s.normalY) : std::nullopt;
}

namespace {
struct Defaults {
  uint64_t seed = kDefaultSeed;  // of devices that have not been used yet
  Ref<Generator> cpu = make<Generator>(kDefaultSeed);
  std::array<Ref<Generator>, kMaxDevices> cuda;
};
thread_local Defaults defaults;

// See Note [Replica streams].
struct ReplicaDraws {
  bool on = false;
  uint64_t rank = 0, call = 0;
  std::map<int, Ref<Generator>> generators;  // by device, made when first asked for
  std::optional<uint64_t> seed;              // given while it was on
};
thread_local ReplicaDraws replica;

Generator& usualGenerator(Device device) {
  if (device.isCpu()) return *defaults.cpu;
  Ref<Generator>& found = defaults.cuda.at(device.index);
  if (!found) found = make<Generator>(defaults.seed, device);
  return *found;
}
}  // namespace

Generator& defaultGenerator(Device device) {
  if (!replica.on) return usualGenerator(device);
  Ref<Generator>& found = replica.generators[device.isCpu() ? -1 : device.index];
  if (!found) {
    const uint64_t seed = mixed(mixed(usualGenerator(device).initialSeed()) ^ replica.call);
    found = make<Generator>(replica.seed.value_or(mixed(seed ^ replica.rank)), device);
  }
  return *found;
}

void beginReplicaDraws(int rank) {
  replica.on = true;
  replica.rank = static_cast<uint64_t>(rank);
  replica.call++;
}

void endReplicaDraws() {
  replica.on = false;
  replica.seed.reset();
  replica.generators.clear();
}

uint64_t replicaCalls() { return replica.call; }
void setReplicaCalls(uint64_t calls) { replica.call = calls; }

void seedAll(uint64_t seed) {
  if (replica.on) {
    replica.seed = seed;
    replica.generators.clear();
    return;
  }
  replica.call = 0;
  defaults.seed = seed;
  defaults.cpu->manualSeed(seed);
  for (const Ref<Generator>& g : defaults.cuda)
    if (g) g->manualSeed(seed);
}

}  // namespace dtrain
