// float16 and bfloat16, which are for storage: a value becomes a float to be computed with, and is rounded once when it
// is stored, to nearest, ties to even. Both conversions are implicit, so kernels over T read the same for all types.
//
// Always inline, because this is compiled for several instruction sets (kernels/cpu/loops): a copy out of line of the
// best one could be what the linker keeps for everybody.
#pragma once

#include <cstdint>
#include <limits>

#ifdef __CUDACC__
#define DT_INLINE constexpr __host__ __device__ __forceinline__
#else
#define DT_INLINE constexpr __attribute__((always_inline)) inline
#endif

namespace dtrain {

DT_INLINE uint32_t bitsOf(float x) { return __builtin_bit_cast(uint32_t, x); }
DT_INLINE float floatOf(uint32_t bits) { return __builtin_bit_cast(float, bits); }

// 1 bit of sign, 5 of exponent (bias 15), 10 of mantissa. All cases are computed and one is chosen, so that loops
// become vector code.
struct Half {
  uint16_t bits;

  Half() = default;
  DT_INLINE Half(float x) : bits() {
    const uint32_t sign = bitsOf(x) >> 16 & 0x8000, size = bitsOf(x) & 0x7fffffff;
    const uint32_t normal = (size - (112u << 23) + 0xfff + (size >> 13 & 1)) >> 13;  // the exponent's bias is 127 - 112
    // Beside 0.5, a float's last bit counts 2^-24, as a subnormal half's does.
    const uint32_t subnormal = bitsOf(floatOf(size) + 0.5f) - bitsOf(0.5f);
    const uint32_t finite = size < bitsOf(0x1p-14f) ? subnormal : normal;
    const uint32_t infinite = size > 0x7f800000 ? 0x7e00 : 0x7c00;  // NaN is beyond infinity
    bits = static_cast<uint16_t>(sign | (size < bitsOf(65520.f) ? finite : infinite));
  }
  DT_INLINE operator float() const {
    const uint32_t sign = (bits & 0x8000u) << 16, size = bits & 0x7fffu;
    const uint32_t normal = (size << 13) + (112u << 23);
    const uint32_t subnormal = bitsOf(static_cast<float>(static_cast<int32_t>(size)) * 0x1p-24f);
    const uint32_t infinite = normal + (112u << 23);
    return floatOf(sign | (size < 0x0400 ? subnormal : size < 0x7c00 ? normal : infinite));
  }
};

// The upper half of a float.
struct BFloat16 {
  uint16_t bits;

  BFloat16() = default;
  DT_INLINE BFloat16(float x) : bits() {
    const uint32_t from = bitsOf(x), rounded = (from + 0x7fff + (from >> 16 & 1)) >> 16;
    bits = static_cast<uint16_t>((from & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : rounded);
  }
  DT_INLINE operator float() const { return floatOf(static_cast<uint32_t>(bits) << 16); }
};

DT_INLINE Half& operator+=(Half& x, float y) { return x = x + y; }
DT_INLINE BFloat16& operator+=(BFloat16& x, float y) { return x = x + y; }

}  // namespace dtrain

template <>
struct std::numeric_limits<dtrain::Half> {
  static constexpr bool is_specialized = true, has_infinity = true, is_integer = false, is_signed = true;
  static constexpr dtrain::Half infinity() { return __builtin_inff(); }
  static constexpr dtrain::Half lowest() { return -65504.f; }
  static constexpr dtrain::Half max() { return 65504.f; }
};
template <>
struct std::numeric_limits<dtrain::BFloat16> {
  static constexpr bool is_specialized = true, has_infinity = true, is_integer = false, is_signed = true;
  static constexpr dtrain::BFloat16 infinity() { return __builtin_inff(); }
  static constexpr dtrain::BFloat16 lowest() { return -0x1.fep127f; }
  static constexpr dtrain::BFloat16 max() { return 0x1.fep127f; }
};
