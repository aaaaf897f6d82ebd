// Elements of a dtype that is known only at run time. Loads and stores are a switch, which all threads take the same
// way; beside the memory they wait for, it costs little. Included by *.cu only.
#pragma once

#include "kernels/device.cuh"

namespace dtrain::cuda {

// The element at p as C, the type of computeOf(dtype) or a wider one.
template <class C>
__device__ C loadElement(const char* p, DType dtype) {
  if constexpr (!std::is_same_v<C, int64_t>) {
    switch (dtype) {
      case DType::float32: return static_cast<C>(*reinterpret_cast<const float*>(p));
      case DType::float64: return static_cast<C>(*reinterpret_cast<const double*>(p));
      case DType::float16: return static_cast<C>(*reinterpret_cast<const Half*>(p));
      case DType::bfloat16: return static_cast<C>(*reinterpret_cast<const BFloat16*>(p));
      default: break;
    }
  }
  switch (dtype) {
    case DType::int64: return static_cast<C>(*reinterpret_cast<const int64_t*>(p));
    case DType::int32: return static_cast<C>(*reinterpret_cast<const int32_t*>(p));
    case DType::int16: return static_cast<C>(*reinterpret_cast<const int16_t*>(p));
    case DType::int8: return static_cast<C>(*reinterpret_cast<const int8_t*>(p));
    default: return static_cast<C>(*reinterpret_cast<const uint8_t*>(p));  // bool too
  }
}

// Calls f with a value of the type that a kernel is compiled for: floats are their own, and all integers are int64,
// loaded by loadElement.
template <class F>
void dispatchLoad(DType dtype, F&& f) {
  if (isFloat(dtype)) dispatchFloat("load", dtype, f);
  else f(int64_t());
}

// C as an element, rounded once.
template <class C>
__device__ void storeElement(char* p, DType dtype, C value) {
  switch (dtype) {
    case DType::float32: *reinterpret_cast<float*>(p) = static_cast<float>(value); break;
    case DType::float64: *reinterpret_cast<double*>(p) = static_cast<double>(value); break;
    case DType::float16: *reinterpret_cast<Half*>(p) = static_cast<float>(value); break;
    case DType::bfloat16: *reinterpret_cast<BFloat16*>(p) = static_cast<float>(value); break;
    case DType::int64: *reinterpret_cast<int64_t*>(p) = Convert<int64_t>()(value); break;
    case DType::int32: *reinterpret_cast<int32_t*>(p) = Convert<int32_t>()(value); break;
    case DType::int16: *reinterpret_cast<int16_t*>(p) = Convert<int16_t>()(value); break;
    case DType::int8: *reinterpret_cast<int8_t*>(p) = Convert<int8_t>()(value); break;
    case DType::uint8: *reinterpret_cast<uint8_t*>(p) = Convert<uint8_t>()(value); break;
    case DType::boolean: *reinterpret_cast<bool*>(p) = Convert<bool>()(value); break;
  }
}

// C rounded to the values that dtype has.
template <class C>
__device__ C roundedTo(DType dtype, C value) {
  alignas(double) char bytes[sizeof(double)]{};
  storeElement(bytes, dtype, value);
  return loadElement<C>(bytes, dtype);
}

}  // namespace dtrain::cuda
