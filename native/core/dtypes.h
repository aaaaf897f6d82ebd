// Names and C++ types of the element types: plain data, which the inner loops of every instruction set may include. The
// order is the wire format of the binding and of src/tensor/dtype.ts: never reorder.
#pragma once

#include "core/half.h"

namespace dtrain {

#define DT_DTYPES(X)    \
  X(float32, float)     \
  X(float64, double)    \
  X(int64, int64_t)     \
  X(uint8, uint8_t)     \
  X(boolean, bool)      \
  X(float16, Half)      \
  X(bfloat16, BFloat16) \
  X(int32, int32_t)     \
  X(int16, int16_t)     \
  X(int8, int8_t)

#define DT_ENUMERATOR(dtype, T) dtype,
enum class DType : uint8_t { DT_DTYPES(DT_ENUMERATOR) };
#undef DT_ENUMERATOR
constexpr int kDTypes = 10;

// What arithmetic on elements is done in: the smallest of three types that holds them exactly. So there are three
// instances of a formula and not ten.
enum class Compute : uint8_t { float32, float64, int64 };
constexpr int kComputes = 3;

}  // namespace dtrain
