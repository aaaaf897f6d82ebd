// The guard of the launcher does this too, unless it is killed at the same moment. A thread waits, since the script may
// be busy in a loop of its own; and the process must be there still when the launcher has gone, since the children of
// the ranks have nobody else. Where nothing tells of the launcher's end, the thread looks twice a second.
#include "core/launcher.h"

#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace dtrain {

namespace {

constexpr int kLookMs = 500;
// A process may start another while it is about to be killed.
constexpr int kMostPasses = 10;

int pidfdOpen(pid_t pid) {
#ifdef SYS_pidfd_open
  return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
#else
  (void)pid;
  return -1;
#endif
}

bool isOfJob(pid_t pid, const std::string& variable) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/environ", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return text.compare(0, variable.size(), variable) == 0 || text.find('\0' + variable) != std::string::npos;
}

void waitForEnd(pid_t launcher) {
  pollfd ending{pidfdOpen(launcher), POLLIN, 0};
  while (getppid() == launcher) {
    if (ending.fd < 0 || poll(&ending, 1, kLookMs) != 0) usleep(ending.fd < 0 ? kLookMs * 1000 : 1000);
  }
}

// All processes of the job but this one's group.
void killJob(const std::string& job) {
  const std::string variable = "DTRAIN_JOB=" + job + '\0';
  bool found = true;
  for (int pass = 0; found && pass < kMostPasses; pass++) {
    found = false;
    std::vector<pid_t> pids;
    DIR* folder = opendir("/proc");
    if (!folder) return;
    while (const dirent* entry = readdir(folder))
      if (const pid_t pid = std::atoi(entry->d_name); pid > 0) pids.push_back(pid);
    closedir(folder);
    // Several ranks do this at a time: the latest processes go first, or ranks would kill each other before those.
    std::sort(pids.begin(), pids.end(), std::greater<>());
    for (const pid_t pid : pids) {
      if (getpgid(pid) == getpgrp() || !isOfJob(pid, variable)) continue;
      kill(pid, SIGKILL);
      found = true;
    }
  }
}

}  // namespace

void followLauncher() {
  static std::atomic<bool> follows{false};
  const char* launcher = std::getenv("DTRAIN_LAUNCHER_PID");
  const char* job = std::getenv("DTRAIN_JOB");
  if (!launcher || !job || std::atoi(launcher) != getppid() || follows.exchange(true)) return;
  // One that has been stopped would not come to it.
  prctl(PR_SET_PDEATHSIG, SIGCONT);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the threads of Node
  std::thread([pid = static_cast<pid_t>(std::atoi(launcher)), job = std::string(job)] {
    waitForEnd(pid);
    killJob(job);
    kill(-getpgrp(), SIGKILL);
  }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace dtrain
