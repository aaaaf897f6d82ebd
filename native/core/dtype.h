// Element types. The order is the wire format of the binding and of src/tensor/dtype.ts: never reorder. The first five
// are implemented; the others are reserved so that files and messages can name them.
#pragma once

#include <cstdint>
#include <ostream>

#include "core/error.h"

namespace dtrain {

enum class DType : uint8_t { float32, float64, int64, uint8, boolean, float16, bfloat16, int32, int16, int8 };

constexpr int kDTypes = 5;  // implemented ones

const char* name(DType dtype);
int64_t itemSize(DType dtype);
inline bool isFloat(DType d) {
  return d == DType::float32 || d == DType::float64 || d == DType::float16 || d == DType::bfloat16;
}
std::ostream& operator<<(std::ostream& out, DType dtype);

// PyTorch's promotion of two dtypes of equal standing (both tensors with dimensions, say).
DType promote(DType a, DType b);

template <class T>
constexpr DType dtypeOf();
template <>
constexpr DType dtypeOf<float>() {
  return DType::float32;
}
template <>
constexpr DType dtypeOf<double>() {
  return DType::float64;
}
template <>
constexpr DType dtypeOf<int64_t>() {
  return DType::int64;
}
template <>
constexpr DType dtypeOf<uint8_t>() {
  return DType::uint8;
}
template <>
constexpr DType dtypeOf<bool>() {
  return DType::boolean;
}

[[noreturn]] void failDType(const char* op, DType dtype);

// Calls f with a value of the C++ type behind dtype: dispatch("sum", x.dtype(), [&](auto zero) { using T =
// decltype(zero); … })
template <class F>
auto dispatch(const char* op, DType dtype, F&& f) {
  switch (dtype) {
    case DType::float32: return f(float());
    case DType::float64: return f(double());
    case DType::int64: return f(int64_t());
    case DType::uint8: return f(uint8_t());
    case DType::boolean: return f(bool());
    default: failDType(op, dtype);
  }
}

template <class F>
auto dispatchFloat(const char* op, DType dtype, F&& f) {
  switch (dtype) {
    case DType::float32: return f(float());
    case DType::float64: return f(double());
    default: failDType(op, dtype);
  }
}

}  // namespace dtrain
