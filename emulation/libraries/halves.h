// float16 and bfloat16 as the emulated libraries take them: stored in 16 bits, computed with as float, and rounded
// once, to nearest, ties to even.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace emulation {

struct Float16 {
  uint16_t bits;

  Float16() = default;
  Float16(float x) {
    const float size = std::abs(x);
    const int sign = std::signbit(x) ? 0x8000 : 0;
    if (size != size) {
      bits = 0x7e00;
    } else if (size >= 65520) {
      bits = static_cast<uint16_t>(sign | 0x7c00);
    } else {
      int exponent;
      std::frexp(size, &exponent);
      const int unit = size < 0x1p-14F ? -24 : exponent - 11;  // neighbours are 2^unit apart
      // In units of the smallest, the bits count through: a carry of the mantissa moves into the exponent.
      bits = static_cast<uint16_t>(sign | ((unit + 24) * 1024 + std::lrint(std::ldexp(size, -unit))));
    }
  }
  operator float() const {
    const int exponent = bits >> 10 & 31, mantissa = bits & 1023;
    const float size = exponent == 31 ? (mantissa ? NAN : INFINITY)
                       : exponent     ? std::ldexp(static_cast<float>(1024 + mantissa), exponent - 25)
                                      : std::ldexp(static_cast<float>(mantissa), -24);
    return bits & 0x8000 ? -size : size;
  }
};

// The upper half of a float.
struct BFloat16 {
  uint16_t bits;

  BFloat16() = default;
  BFloat16(float x) {
    const auto from = std::bit_cast<uint32_t>(x);
    bits = static_cast<uint16_t>(x != x ? 0x7fc0 : (from + 0x7fff + (from >> 16 & 1)) >> 16);
  }
  operator float() const { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }
};

// What elements of S are computed in.
template <class S>
using Computed = std::conditional_t<std::is_same_v<S, double>, double, float>;

// n elements as they are computed with; `store` keeps those that had to be converted.
template <class S>
const Computed<S>* widened(const S* x, int64_t n, std::vector<Computed<S>>& store) {
  if constexpr (std::is_same_v<S, Computed<S>>) {
    return x;
  } else {
    store.assign(x, x + n);
    return store.data();
  }
}

// Runs f(pointer to n elements as they are computed with) and leaves them in `out`, rounded. `reads`: f reads them too.
template <class S, class F>
void rounding(S* out, int64_t n, bool reads, F&& f) {
  if constexpr (std::is_same_v<S, Computed<S>>) {
    f(out);
  } else {
    std::vector<Computed<S>> wide(n);
    if (reads) std::copy_n(out, n, wide.begin());
    f(wide.data());
    std::copy(wide.begin(), wide.end(), out);
  }
}

}  // namespace emulation
