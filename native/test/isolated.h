// Tests that need a process of their own, because of what a process reads or does once: the executable starts itself
// for that one test.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "test/test.h"

namespace dtrain::test {

using Environment = std::vector<std::string>;  // NAME=value

struct Ended {
  int status;  // of waitpid
  std::string output;
};
// Whether this process was started by the two functions below.
bool isChild();
// Runs the tests whose names contain `filter`, with these settings and no others of the emulation.
Ended runSelf(const std::string& filter, const Environment& environment);

// Runs body in a process with these settings. `test` is the name of the test that calls it.
void isolated(const std::string& test, const Environment& environment, const std::function<void()>& body);

}  // namespace dtrain::test
