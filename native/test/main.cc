// Runs the native tests and prints `N passed, N failed`. Arguments select tests by part of their name.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "test/test.h"

namespace dtrain::test {
std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}
}  // namespace dtrain::test

int main(int argc, char** argv) {
  using namespace dtrain::test;
#ifdef DTRAIN_EMULATED_LIBRARIES
  setenv("DTRAIN_LIBRARY_PATH", DTRAIN_EMULATED_LIBRARIES, 0);  // they are beside the addon, not beside this program
#endif
  setenv("NCCL_RUNTIME_CONNECT", "0", 0);  // as in every rank that the launcher starts
  int passed = 0, failed = 0;
  for (const Case& c : cases()) {
    const bool wanted = argc == 1 || std::any_of(argv + 1, argv + argc, [&](const char* part) {
                          return c.name.find(part) != std::string::npos;
                        });
    if (!wanted) continue;
    std::string problem;
    try {
      c.run();
    } catch (const Failure& f) {
      problem = f.what;
    } catch (const std::exception& e) {
      problem = e.what();
    }
    (problem.empty() ? passed : failed)++;
    if (!problem.empty()) std::printf("FAIL %s\n  %s\n", c.name.c_str(), problem.c_str());
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
