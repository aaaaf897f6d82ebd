// The executable is started once more with the name of one test, and an environment variable tells the child that it is
// one.
#include "test/isolated.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace dtrain::test {
namespace {
constexpr const char* marker = "DTRAIN_EMULATION_TEST";
}

bool isChild() { return std::getenv(marker) != nullptr; }

Ended runSelf(const std::string& filter, const Environment& environment) {
  EXPECT(!isChild());  // or the children would have children, without end
  std::vector<std::string> variables = environment;
  for (char** v = environ; *v != nullptr; v++) {
    const std::string variable = *v;
    bool ours = false;
    for (const char* name : {"DTRAIN_EMULATION", "CUDA_VISIBLE_DEVICES", "RANK="})
      ours = ours || variable.rfind(name, 0) == 0;
    if (!ours) variables.push_back(variable);
  }
  variables.push_back(std::string(marker) + "=" + filter);
  std::vector<char*> pointers;
  for (std::string& v : variables) pointers.push_back(v.data());
  pointers.push_back(nullptr);

  int ends[2];
  EXPECT(pipe(ends) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  std::string self = "dtrain_test", argument = filter;
  char* arguments[] = {self.data(), argument.data(), nullptr};
  pid_t child = 0;
  const int started = posix_spawn(&child, "/proc/self/exe", &actions, nullptr, arguments, pointers.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  Ended ended{-1, {}};
  char buffer[4096];
  for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;) ended.output.append(buffer, static_cast<size_t>(n));
  ::close(ends[0]);
  EXPECT(started == 0 && waitpid(child, &ended.status, 0) == child);
  return ended;
}

void isolated(const std::string& test, const Environment& environment, const std::function<void()>& body) {
  if (const char* running = std::getenv(marker); running != nullptr && test == running) {
    static bool done = false;  // a test may call this once per setting, of which this process has one
    if (!std::exchange(done, true)) body();
    return;
  }
  const Ended ended = runSelf(test, environment);
  expect(ended.status == 0 && ended.output.find("1 passed, 0 failed") != std::string::npos,
         "in a process of its own:\n", ended.output);
}

}  // namespace dtrain::test
