// What is known of element types: sizes, names, promotion, and the C++ type behind each.
#pragma once

#include <type_traits>

#include "core/dtypes.h"
#include "core/error.h"

namespace dtrain {

const char* name(DType dtype);

constexpr int64_t itemSize(DType dtype) {
#define DT_SIZE(dtype, T) sizeof(T),
  constexpr int8_t sizes[] = {DT_DTYPES(DT_SIZE)};
#undef DT_SIZE
  return sizes[static_cast<int>(dtype)];
}

// float16 and bfloat16, which are for storage.
constexpr bool isHalf(DType d) { return d == DType::float16 || d == DType::bfloat16; }
constexpr bool isFloat(DType d) { return d == DType::float32 || d == DType::float64 || isHalf(d); }
// PyTorch's category: bool, then integers, then floats.
constexpr int category(DType d) { return d == DType::boolean ? 0 : isFloat(d) ? 2 : 1; }

// A number as an element of dtype, at `to`: rounded for floats, cut off and wrapped for integers.
void storeNumber(double value, DType dtype, void* to);
double loadNumber(const void* from, DType dtype);

// PyTorch's promotion of two dtypes of equal standing (both tensors with dimensions, say).
DType promote(DType a, DType b);

constexpr Compute computeOf(DType d) {
  return d == DType::float64 ? Compute::float64 : isFloat(d) ? Compute::float32 : Compute::int64;
}
constexpr DType typeOf(Compute compute) {
  return compute == Compute::float32 ? DType::float32 : compute == Compute::float64 ? DType::float64 : DType::int64;
}
// Whether elements are computed in their own type.
constexpr bool isCompute(DType d) { return d == DType::float32 || d == DType::float64 || d == DType::int64; }

// The type that T is computed in.
template <class T>
using ComputeType =
    std::conditional_t<std::is_same_v<T, double>, double, std::conditional_t<std::is_integral_v<T>, int64_t, float>>;

template <class T>
constexpr DType dtypeOf() {
#define DT_SAME(dtype, U) \
  if (std::is_same_v<T, U>) return DType::dtype;
  DT_DTYPES(DT_SAME)
#undef DT_SAME
}

[[noreturn]] void failDType(const char* op, DType dtype);

#define DT_CASE(dtype, T) \
  case DType::dtype: return f(T());

// Calls f with a value of the C++ type behind dtype: dispatch(x.dtype(), [&](auto zero) { using T = decltype(zero); …
// })
template <class F>
auto dispatch(DType dtype, F&& f) {
  switch (dtype) { DT_DTYPES(DT_CASE) }
  __builtin_unreachable();
}
#undef DT_CASE

// The same for floats, all four of them.
template <class F>
auto dispatchFloat(const char* op, DType dtype, F&& f) {
  switch (dtype) {
    case DType::float32: return f(float());
    case DType::float64: return f(double());
    case DType::float16: return f(Half());
    case DType::bfloat16: return f(BFloat16());
    default: failDType(op, dtype);
  }
}

// The same for float32 and float64 alone.
template <class F>
auto dispatchFull(const char* op, DType dtype, F&& f) {
  switch (dtype) {
    case DType::float32: return f(float());
    case DType::float64: return f(double());
    default: failDType(op, dtype);
  }
}

// The same for the types that are computed in.
template <class F>
auto dispatchCompute(Compute compute, F&& f) {
  switch (compute) {
    case Compute::float32: return f(float());
    case Compute::float64: return f(double());
    case Compute::int64: break;
  }
  return f(int64_t());
}

}  // namespace dtrain
