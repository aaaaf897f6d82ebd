// Normal numbers by Box and Muller in single precision, with log and sincos after the Cephes library (S. L. Moshier),
// rounded operation by operation as PyTorch's vectorised normal_() does, so that randn gives its very bits; see
// math/convert.h for how it is included. Compile without contraction: fma stands where it is meant.

// x in (0, 1]
inline float cephesLog(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  const float exponent = static_cast<float>(static_cast<int32_t>(bits >> 23) - 127) + 1.0f;
  bits = (bits & ~0x7f800000u) | 0x3f000000u;
  float m;  // in [0.5, 1)
  __builtin_memcpy(&m, &bits, sizeof m);
  const bool low = m < 0.707106781186547524f;
  const float e = low ? exponent - 1.0f : exponent;
  m = low ? (m - 1.0f) + m : m - 1.0f;
  const float z = m * m;
  float y = 7.0376836292E-2f;
  y = __builtin_fmaf(y, m, -1.1514610310E-1f);
  y = __builtin_fmaf(y, m, 1.1676998740E-1f);
  y = __builtin_fmaf(y, m, -1.2420140846E-1f);
  y = __builtin_fmaf(y, m, 1.4249322787E-1f);
  y = __builtin_fmaf(y, m, -1.6668057665E-1f);
  y = __builtin_fmaf(y, m, 2.0000714765E-1f);
  y = __builtin_fmaf(y, m, -2.4999993993E-1f);
  y = __builtin_fmaf(y, m, 3.3333331174E-1f);
  y = y * m;
  y = __builtin_fmaf(y, z, e * -2.12194440e-4f);
  y = __builtin_fmaf(-z, 0.5f, y);
  return __builtin_fmaf(e, 0.693359375f, m + y);
}

// x in [0, 2 pi)
inline void cephesSinCos(float x, float& sine, float& cosine) {
  const int32_t j = (static_cast<int32_t>(x * 1.27323954473516f) + 1) & ~1;  // 4 / pi
  const float y = static_cast<float>(j);
  const float sinSign = (j & 4) ? -1.0f : 1.0f, cosSign = ((j - 2) & 4) == 0 ? -1.0f : 1.0f;
  const bool direct = (j & 2) == 0;
  x = __builtin_fmaf(y, -0.78515625f, x);
  x = __builtin_fmaf(y, -2.4187564849853515625e-4f, x);
  x = __builtin_fmaf(y, -3.77489497744594108e-8f, x);
  const float z = x * x;
  float c = __builtin_fmaf(2.443315711809948E-005f, z, -1.388731625493765E-003f);
  c = __builtin_fmaf(c, z, 4.166664568298827E-002f);
  c = __builtin_fmaf(c * z, z, -(z * 0.5f)) + 1.0f;
  float s = __builtin_fmaf(-1.9515295891E-4f, z, 8.3321608736E-3f);
  s = __builtin_fmaf(s, z, -1.6666654611E-1f);
  s = __builtin_fmaf(s * z, x, x);
  sine = sinSign * (direct ? s : c);
  cosine = cosSign * (direct ? c : s);
}
