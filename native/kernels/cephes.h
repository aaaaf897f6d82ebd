// Single-precision log and sincos after the Cephes library (S. L. Moshier), rounded operation by operation as PyTorch's
// vectorised normal_() does, so that randn gives its very bits. Compile without contraction: fma stands where it is
// meant.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>

namespace dtrain::cephes {

// x in (0, 1]
inline float log(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  float e = static_cast<float>(static_cast<int>(bits >> 23) - 127) + 1.0f;
  float m = std::bit_cast<float>((bits & ~0x7f800000u) | std::bit_cast<uint32_t>(0.5f));  // in [0.5, 1)
  if (m < 0.707106781186547524f) {
    e -= 1.0f;
    m = (m - 1.0f) + m;
  } else {
    m = m - 1.0f;
  }
  const float z = m * m;
  float y = 7.0376836292E-2f;
  for (float c : {-1.1514610310E-1f, 1.1676998740E-1f, -1.2420140846E-1f, 1.4249322787E-1f, -1.6668057665E-1f,
                  2.0000714765E-1f, -2.4999993993E-1f, 3.3333331174E-1f})
    y = std::fma(y, m, c);
  y = y * m;
  y = std::fma(y, z, e * -2.12194440e-4f);
  y = std::fma(-z, 0.5f, y);
  return std::fma(e, 0.693359375f, m + y);
}

struct SinCos {
  float sine, cosine;
};

// x in [0, 2 pi)
inline SinCos sincos(float x) {
  float y = x * 1.27323954473516f;  // 4 / pi
  const int j = (static_cast<int>(y) + 1) & ~1;
  y = static_cast<float>(j);
  const float sinSign = (j & 4) ? -1.0f : 1.0f, cosSign = ((j - 2) & 4) == 0 ? -1.0f : 1.0f;
  const bool direct = (j & 2) == 0;
  x = std::fma(y, -0.78515625f, x);
  x = std::fma(y, -2.4187564849853515625e-4f, x);
  x = std::fma(y, -3.77489497744594108e-8f, x);
  const float z = x * x;
  float c = std::fma(2.443315711809948E-005f, z, -1.388731625493765E-003f);
  c = std::fma(c, z, 4.166664568298827E-002f);
  c = std::fma(c * z, z, -(z * 0.5f)) + 1.0f;
  float s = std::fma(-1.9515295891E-4f, z, 8.3321608736E-3f);
  s = std::fma(s, z, -1.6666654611E-1f);
  s = std::fma(s * z, x, x);
  return {sinSign * (direct ? s : c), cosSign * (direct ? c : s)};
}

}  // namespace dtrain::cephes
