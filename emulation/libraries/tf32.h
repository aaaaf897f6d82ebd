// float32 as the tensor cores see it where TF32 is allowed: 10 bits of mantissa.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace emulation {

inline float toTf32(float x) {
  const auto bits = std::bit_cast<uint32_t>(x);
  if ((bits & 0x7f800000) == 0x7f800000) return x;  // infinite or NaN
  return std::bit_cast<float>((bits + 0x1000) & ~uint32_t{0x1fff});
}
inline double toTf32(double x) { return x; }

// The operand as the tensor cores would see it; `store` keeps what had to be rounded.
template <class T>
const T* operand(bool tf32, const T* x, int64_t n, std::vector<T>& store) {
  if (!tf32) return x;
  store.resize(n);
  std::transform(x, x + n, store.begin(), [](T v) { return toTf32(v); });
  return store.data();
}

}  // namespace emulation
