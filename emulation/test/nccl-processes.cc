// Emulated NCCL with ranks as processes, which are forked before anything has called CUDA: training steps, a rank that
// is killed, and what is left behind.
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "emulation/test/nccl-support.h"

namespace dtrain::test {
namespace {

struct Pipe {
  Pipe() { EXPECT(pipe(ends) == 0); }
  int ends[2];
};

// Runs f(rank, id) in a process per rank; rank 0 makes the identifier. f says how the process ends: true for well.
template <class F>
std::vector<int> onProcesses(int ranks, F&& f) {
  std::vector<Pipe> pipes(ranks);
  std::vector<pid_t> children;
  for (int rank = 0; rank < ranks; rank++) {
    children.push_back(fork());
    if (children.back() != 0) continue;
    alarm(60);  // a rank that fails leaves its peers waiting
    bool good = false;
    try {
      ncclUniqueId id;
      if (rank == 0) {
        ok(ncclGetUniqueId(&id));
        for (int r = 1; r < ranks; r++) EXPECT(write(pipes[r].ends[1], &id, sizeof id) == sizeof id);
      } else {
        EXPECT(read(pipes[rank].ends[0], &id, sizeof id) == sizeof id);
      }
      ok(cudaSetDevice(rank));
      good = f(rank, id);
    } catch (const Failure& e) {
      std::fprintf(stderr, "rank %d: %s\n", rank, e.what.c_str());
    }
    _exit(good ? 0 : 1);
  }
  for (const Pipe& p : pipes)
    for (const int end : p.ends) ::close(end);
  std::vector<int> statuses(ranks);
  for (int rank = 0; rank < ranks; rank++) waitpid(children[rank], &statuses[rank], 0);
  return statuses;
}

std::set<std::string> sharedMemory() {
  std::set<std::string> names;
  DIR* folder = opendir("/dev/shm");
  EXPECT(folder != nullptr);
  while (const dirent* entry = readdir(folder)) names.insert(entry->d_name);
  closedir(folder);
  return names;
}

int openMemoryFiles() {
  int n = 0;
  DIR* folder = opendir("/proc/self/fd");
  EXPECT(folder != nullptr);
  while (const dirent* entry = readdir(folder)) {
    char target[64] = {};
    const ssize_t length = readlink(str("/proc/self/fd/", entry->d_name).c_str(), target, sizeof target - 1);
    if (length > 0 && std::string(target).find("memfd:nccl") != std::string::npos) n++;
  }
  closedir(folder);
  return n;
}

TEST("emulated NCCL: processes sum up, and leave nothing behind") {
  isolated("emulated NCCL: processes sum up, and leave nothing behind", {}, [] {
    const auto before = sharedMemory();
    const int ranks = 4;
    const auto statuses = onProcesses(ranks, [&](int rank, const ncclUniqueId& id) {
      ncclComm_t comm;
      ok(ncclCommInitRank(&comm, ranks, id, rank));
      EXPECT(openMemoryFiles() == 0);
      const Stream stream;
      const size_t n = 500'000;
      float* p = upload(stream, std::vector<float>(n, 1.0F + static_cast<float>(rank)));
      for (int step = 0; step < 10; step++) {
        ok(ncclAllReduce(p, p, n, ncclFloat32, ncclSum, comm, stream));  // 10 after the first
        ok(ncclAllReduce(p, p, n, ncclFloat32, ncclAvg, comm, stream));
      }
      double want = 10;
      for (int step = 1; step < 10; step++) want *= ranks;
      EXPECT(download(stream, p, n) == std::vector<float>(n, static_cast<float>(want)));
      ok(ncclCommDestroy(comm));
      return true;
    });
    for (const int status : statuses) EXPECT(status == 0);
    EXPECT(sharedMemory() == before);
  });
}

TEST("emulated NCCL: a killed process is waited for until the others abort") {
  isolated("emulated NCCL: a killed process is waited for until the others abort", {}, [] {
    const auto before = sharedMemory();
    const auto statuses = onProcesses(3, [&](int rank, const ncclUniqueId& id) {
      ncclComm_t comm;
      ok(ncclCommInitRank(&comm, 3, id, rank));
      const Stream stream;
      auto* p = zeros<float>(stream, 100);
      ok(ncclAllReduce(p, p, 100, ncclFloat32, ncclSum, comm, stream));
      stream.wait();
      if (rank == 0) kill(getpid(), SIGKILL);  // the one that made the memory
      ok(ncclAllReduce(p, p, 100, ncclFloat32, ncclSum, comm, stream));
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      ncclResult_t state;
      ok(ncclCommGetAsyncError(comm, &state));
      EXPECT(state == ncclSuccess && cudaStreamQuery(stream) == cudaErrorNotReady);
      ok(ncclCommAbort(comm));
      stream.wait();
      return true;
    });
    EXPECT(WIFSIGNALED(statuses[0]) && WTERMSIG(statuses[0]) == SIGKILL);
    EXPECT(statuses[1] == 0 && statuses[2] == 0);
    EXPECT(sharedMemory() == before);
  });
}

TEST("emulated NCCL: an identifier whose maker is gone leads nowhere") {
  isolated("emulated NCCL: an identifier whose maker is gone leads nowhere", {}, [] {
    Pipe way;
    const pid_t maker = fork();
    if (maker == 0) {
      ncclUniqueId id;
      const bool made = ncclGetUniqueId(&id) == ncclSuccess;
      _exit(made && write(way.ends[1], &id, sizeof id) == sizeof id ? 0 : 1);
    }
    ncclUniqueId id;
    EXPECT(read(way.ends[0], &id, sizeof id) == sizeof id && waitpid(maker, nullptr, 0) == maker);
    ncclComm_t comm;
    EXPECT(ncclCommInitRank(&comm, 2, id, 1) == ncclRemoteError);
    ok(ncclCommAbort(comm));
  });
}

TEST("emulated NCCL: on a machine with one GPU two ranks share it, and what needs more is skipped") {
  const Ended tests = runSelf("nccl: ", {"DTRAIN_EMULATION=devices=1"});
  expect(tests.status == 0 && tests.output.find(" 0 failed") != std::string::npos &&
             tests.output.find("SKIP nccl: the same on three ranks: 3 ranks need 2 GPUs, two on each; there are 1") !=
                 std::string::npos &&
             tests.output.find("SKIP nccl: the same on two ranks") == std::string::npos,
         tests.output);
  const Ended old =
      runSelf("nccl: the same on two ranks", {"DTRAIN_EMULATION=devices=1", "DTRAIN_EMULATION_FAULT=oldnccl"});
  EXPECT(old.output.find("2 ranks need 2 GPUs, of 1: NCCL is older than 2.30") != std::string::npos);
}

}  // namespace
}  // namespace dtrain::test
