// The one exception type of the core. Native code never prints, exits or aborts: a failure becomes an Error, which the
// binding turns into the DtrainError subclass of the same code. Text reads "op: rule: values".
//
// A text is put together from parts in error.cc, once for all: a check at its place only notes where its values are.
#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>

namespace dtrain {

enum class Code {
  argument,
  shape,
  dtype,
  index,
  linalg,  // a matrix that has no such factor
  autograd,
  disposed,
  outOfMemory,
  unsupported,
  distributed,
  peer,  // a collective failed because of another rank
  internal
};

const char* codeName(Code code);

class Error : public std::exception {
 public:
  Error(Code code, std::string message) : code(code), message(std::move(message)) {}
  const char* what() const noexcept override { return message.c_str(); }

  const Code code;
  const std::string message;
};

class Dims;
enum class DType : uint8_t;
struct Device;

// A piece of a text. What is larger than a number is referred to, so a Part must not outlive the call it is made for.
// Numbers read as C++ streams print them: six digits of a double, 1 and 0 for a bool.
class Part {
 public:
  Part(const char* text) : kind_(Kind::text), text_(text) {}
  Part(const std::string& text) : kind_(Kind::string), string_(&text) {}
  Part(const std::string_view& text) : kind_(Kind::view), view_(&text) {}
  Part(char value) : kind_(Kind::character), integer_(value) {}
  template <std::signed_integral T>
  Part(T value) : kind_(Kind::integer), integer_(value) {}
  template <std::unsigned_integral T>
  Part(T value) : kind_(Kind::natural), natural_(value) {}
  template <std::floating_point T>
  Part(T value) : kind_(Kind::real), real_(value) {}
  Part(const Dims& sizes) : kind_(Kind::dims), dims_(&sizes) {}
  Part(DType dtype) : kind_(Kind::dtype), dtype_(dtype) {}
  Part(const Device& device) : kind_(Kind::device), device_(&device) {}

 private:
  friend std::string join(std::initializer_list<Part> parts);
  void appendTo(std::string& out) const;

  enum class Kind : uint8_t { text, string, view, character, integer, natural, real, dims, dtype, device } kind_;
  union {
    const char* text_;
    const std::string* string_;
    const std::string_view* view_;
    int64_t integer_;
    uint64_t natural_;
    double real_;
    const Dims* dims_;
    DType dtype_;
    const Device* device_;
  };
};

std::string join(std::initializer_list<Part> parts);
[[noreturn, gnu::cold]] void failWith(Code code, std::initializer_list<Part> parts);

template <class... Parts>
std::string str(const Parts&... parts) {
  return join({Part(parts)...});
}

template <class... Parts>
[[noreturn]] inline void fail(Code code, const Parts&... parts) {
  failWith(code, {Part(parts)...});
}

// Parts are formatted only when the check fails.
template <class... Parts>
inline void check(bool ok, Code code, const Parts&... parts) {
  if (!ok) [[unlikely]]
    failWith(code, {Part(parts)...});
}

}  // namespace dtrain
