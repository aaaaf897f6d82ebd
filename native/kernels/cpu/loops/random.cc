// Numbers from random bits, for kernels/random.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

#include "kernels/math/normal.h"

// Of each sixteen in [0, 1), the first eight are u1 and the others u2.
void normals(int64_t n, float* d, float mean, float std) {
  for (int64_t at = 0; at + 15 < n; at += 16) {
    float *const first = d + at, *const second = first + 8;
#pragma omp simd
    for (int j = 0; j < 8; j++) {
      float sine, cosine;
      cephesSinCos(6.28318530717958648f * second[j], sine, cosine);
      const float radius = __builtin_sqrtf(-2.0f * cephesLog(1.0f - first[j]));
      first[j] = __builtin_fmaf(radius * cosine, std, mean);
      second[j] = __builtin_fmaf(radius * sine, std, mean);
    }
  }
}

void uniforms(int64_t n, const uint32_t* words, float* out) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) out[i] = static_cast<float>(static_cast<int32_t>(words[i] & 0xffffff)) * 0x1p-24f;
}

}  // namespace

extern const RandomLoops randomLoops;
const RandomLoops randomLoops = {normals, uniforms};

}  // namespace dtrain::DT_ISA
