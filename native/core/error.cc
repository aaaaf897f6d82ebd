// How an Error's text is put together, and the names of the codes.
#include "core/error.h"

#include <charconv>
#include <cstdio>

#include "core/device.h"
#include "core/dims.h"
#include "core/dtype.h"

namespace dtrain {

const char* codeName(Code code) {
  static const char* const names[] = {"argument", "shape",       "dtype",       "index",       "linalg", "autograd",
                                      "disposed", "outOfMemory", "unsupported", "distributed", "peer",   "internal"};
  return names[static_cast<int>(code)];
}

namespace {

template <class T>
void appendInteger(std::string& out, T value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void appendReal(std::string& out, double value) {
  char digits[32];
  out.append(digits, std::snprintf(digits, sizeof digits, "%g", value));
}

void appendDims(std::string& out, const Dims& sizes) {
  out += '[';
  for (int i = 0; i < sizes.size(); i++) {
    if (i > 0) out += ", ";
    appendInteger(out, sizes[i]);
  }
  out += ']';
}

void appendDevice(std::string& out, const Device& device) {
  if (device.isCpu()) {
    out += "cpu";
    return;
  }
  out += "cuda:";
  appendInteger(out, int{device.index});
}

}  // namespace

void Part::appendTo(std::string& out) const {
  switch (kind_) {
    case Kind::text: out += text_; break;
    case Kind::string: out += *string_; break;
    case Kind::view: out += *view_; break;
    case Kind::character: out += static_cast<char>(integer_); break;
    case Kind::integer: appendInteger(out, integer_); break;
    case Kind::natural: appendInteger(out, natural_); break;
    case Kind::real: appendReal(out, real_); break;
    case Kind::dims: appendDims(out, *dims_); break;
    case Kind::dtype: out += name(dtype_); break;
    case Kind::device: appendDevice(out, *device_); break;
  }
}

std::string join(std::initializer_list<Part> parts) {
  std::string out;
  for (const Part& part : parts) part.appendTo(out);
  return out;
}

void failWith(Code code, std::initializer_list<Part> parts) { throw Error(code, join(parts)); }

}  // namespace dtrain
