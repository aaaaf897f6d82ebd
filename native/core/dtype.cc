// Names, sizes and promotion of element types, and the names of error codes.
#include "core/dtype.h"

namespace dtrain {

const char* codeName(Code code) {
  static const char* const names[] = {"argument",    "shape",       "dtype",       "index", "autograd", "disposed",
                                      "outOfMemory", "unsupported", "distributed", "peer",  "internal"};
  return names[static_cast<int>(code)];
}

const char* name(DType dtype) {
  static const char* const names[] = {"float32", "float64",  "int64", "uint8", "bool",
                                      "float16", "bfloat16", "int32", "int16", "int8"};
  return names[static_cast<int>(dtype)];
}

int64_t itemSize(DType dtype) {
  static const int8_t sizes[] = {4, 8, 8, 1, 1, 2, 2, 4, 2, 1};
  return sizes[static_cast<int>(dtype)];
}

std::ostream& operator<<(std::ostream& out, DType dtype) { return out << name(dtype); }

void failDType(const char* op, DType dtype) {
  if (static_cast<int>(dtype) >= kDTypes)
    fail(Code::unsupported, op, ": dtype ", dtype, " is not supported yet; use float32, float64, int64, uint8 or bool");
  fail(Code::dtype, op, ": not implemented for ", dtype, "; convert with x.to('float32')");
}

namespace {
int category(DType d) { return d == DType::boolean ? 0 : isFloat(d) ? 2 : 1; }
}  // namespace

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
