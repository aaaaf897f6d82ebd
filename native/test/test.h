// A test is TEST("name") { EXPECT(...); }. Files register themselves; main.cc runs all or those whose name contains an
// argument. What cannot run on this machine says so with SKIP(reason) and is printed. No framework, so that the
// executable builds wherever the core does and sanitizers see nothing else.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/error.h"

namespace dtrain::test {

struct Case {
  std::string name;
  std::function<void()> run;
};
std::vector<Case>& cases();

struct Register {
  Register(std::string name, std::function<void()> run) { cases().push_back({std::move(name), std::move(run)}); }
};

struct Failure {
  std::string what;
};

// Not an Error, so that what catches those lets it pass.
struct Skipped {
  std::string why;
};

// The parts are made into a text only where it is needed: most calls are once an element.
template <class... Parts>
void expect(bool ok, const Parts&... parts) {
  if (!ok) throw Failure{str(parts...)};
}

inline bool close(double a, double b, double tolerance) {
  return a == b || std::abs(a - b) <= tolerance * std::max({1.0, std::abs(a), std::abs(b)});
}

// The Error that f throws, or a failure when it throws none.
template <class F>
Error thrownBy(F&& f) {
  try {
    f();
  } catch (const Error& e) {
    return e;
  }
  throw Failure{"expected an Error, none was thrown"};
}

#define DT_JOIN2(a, b) a##b
#define DT_JOIN(a, b) DT_JOIN2(a, b)
#define TEST(name)                                                                                    \
  static void DT_JOIN(test, __LINE__)();                                                              \
  static const ::dtrain::test::Register DT_JOIN(registered, __LINE__)(name, DT_JOIN(test, __LINE__)); \
  static void DT_JOIN(test, __LINE__)()
#define SKIP(...) \
  throw ::dtrain::test::Skipped { ::dtrain::str(__VA_ARGS__) }
#define EXPECT(condition) \
  ::dtrain::test::expect(static_cast<bool>(condition), __FILE__, ":", __LINE__, ": ", #condition)

}  // namespace dtrain::test
