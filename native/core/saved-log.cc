// The texts of saved-log.h.
#include "core/saved-log.h"

#include <charconv>
#include <cmath>

namespace dtrain {

thread_local SavedLog* savedLog = nullptr;

std::string inPython(bool value) { return value ? "True" : "False"; }

std::string inPython(double value) {
  const double size = std::abs(value);
  const bool isPlain = size == 0 || (size >= 1e-4 && size < 1e16);
  char text[64];
  const auto format = isPlain ? std::chars_format::fixed : std::chars_format::scientific;
  return {text, std::to_chars(text, text + sizeof text, value, format).ptr};
}

std::string inPython(Float real) {
  const std::string text = inPython(real.value);
  return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
}

std::string inPython(const Dims& values) {
  std::string text = "(";
  for (int i = 0; i < values.size(); i++) text += (i ? ", " : "") + std::to_string(values[i]);
  return text + (values.size() == 1 ? ",)" : ")");
}

std::string inPython(const Saved& x) { return x.defined() ? "[saved tensor]" : "None"; }

}  // namespace dtrain
