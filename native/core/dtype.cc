// Names, sizes and promotion of element types.
#include "core/dtype.h"

#include <cstring>

namespace dtrain {

const char* name(DType dtype) {
  static const char* const names[] = {"float32", "float64",  "int64", "uint8", "bool",
                                      "float16", "bfloat16", "int32", "int16", "int8"};
  return names[static_cast<int>(dtype)];
}

void storeNumber(double value, DType dtype, void* to) {
  dispatch(dtype, [&](auto zero) {
    using T = decltype(zero);
    T element;
    if constexpr (std::is_same_v<T, bool>) element = value != 0;
    else if constexpr (std::is_integral_v<T>) element = static_cast<T>(static_cast<int64_t>(value));
    else element = static_cast<T>(value);
    std::memcpy(to, &element, sizeof element);
  });
}

double loadNumber(const void* from, DType dtype) {
  return dispatch(dtype, [&](auto element) {
    std::memcpy(&element, from, sizeof element);
    return static_cast<double>(element);
  });
}

void failDType(const char* op, DType dtype) {
  fail(Code::dtype, op, ": not implemented for ", dtype, "; convert with x.to('float32')");
}

DType promote(DType a, DType b) {
  if (a == b) return a;
  if (category(a) != category(b)) return category(a) > category(b) ? a : b;
  if (category(a) == 2) {  // two different halves need the range and the precision of float32
    if (itemSize(a) == 2 && itemSize(b) == 2) return DType::float32;
    return itemSize(a) > itemSize(b) ? a : b;
  }
  // uint8 with int8 needs int16; otherwise the wider integer holds both.
  if (itemSize(a) == itemSize(b)) return DType::int16;
  return itemSize(a) > itemSize(b) ? a : b;
}

}  // namespace dtrain
