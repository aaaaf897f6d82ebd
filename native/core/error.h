// The one exception type of the core. Native code never prints, exits or aborts: a failure becomes an Error, which the
// binding turns into the DtrainError subclass of the same code. Text reads "op: rule: values".
#pragma once

#include <exception>
#include <sstream>
#include <string>

namespace dtrain {

enum class Code {
  argument,
  shape,
  dtype,
  index,
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

template <class... Parts>
std::string str(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

template <class... Parts>
[[noreturn]] void fail(Code code, const Parts&... parts) {
  throw Error(code, str(parts...));
}

// Parts are formatted only when the check fails.
template <class... Parts>
inline void check(bool ok, Code code, const Parts&... parts) {
  if (!ok) [[unlikely]]
    fail(code, parts...);
}

}  // namespace dtrain
