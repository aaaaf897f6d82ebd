// What the formulas of a graph have kept, for pictures of it: formulas are closures, so only running them tells.
// Tensors are seen as they are asked for; of numbers and sizes, and of what is called what, a formula speaks itself, by
// note().
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/autograd.h"

namespace dtrain {

struct SavedLog {
  std::vector<std::pair<Ref<Node>, Tensor>> tensors;
  std::vector<std::pair<Ref<Node>, std::pair<std::string, std::string>>> attributes;  // a name, and a text for it
};

// While there is one in this thread, Saved::get() and note() write into it what they are given, and by which node.
extern thread_local SavedLog* savedLog;

// A number that has a fraction in Python, even if that is 0.
struct Float {
  double value;
};

// What str() of it is in Python; of a tensor, what torchviz writes.
std::string inPython(bool value);
std::string inPython(double value);  // without a fraction, if that is 0
std::string inPython(Float value);
std::string inPython(const Dims& values);
std::string inPython(const Saved& x);
inline std::string inPython(const char* text) { return text; }
inline std::string inPython(int64_t value) { return std::to_string(value); }
inline std::string inPython(int value) { return std::to_string(value); }
template <class T>
std::string inPython(const std::optional<T>& value) {
  return value ? inPython(*value) : "None";
}

// Says what the formula that is running has kept, by the name that PyTorch has for it.
template <class T>
void note(const char* name, const T& value) {
  if (savedLog && currentNode) [[unlikely]]
    savedLog->attributes.emplace_back(Ref<Node>(currentNode), std::pair(name, inPython(value)));
}

}  // namespace dtrain
