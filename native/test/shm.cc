// The shared-memory engine between real processes: values, mismatches, death and lateness. A child reports by its exit
// code; the parent holds the control segment as the launcher would.
#include <omp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "comm/communicator.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "test/test.h"

namespace dtrain {
namespace {

// 10 distributed, 11 peer, 21 another Error.
int codeOf(const Error& e) { return e.code == Code::distributed ? 10 : e.code == Code::peer ? 11 : 21; }

// The code of f's Error, whose message must contain `text`; 20 if it does not, 22 if there is none.
int failureOf(const std::string& text, const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    if (e.message.find(text) != std::string::npos) return codeOf(e);
    std::fprintf(stderr, "message: %s\n", e.what());
    return 20;
  }
  return 22;
}

// Runs f(communicator) in `ranks` forked processes; returns their exit codes, or 128 + signal.
std::vector<int> inProcesses(int ranks, int64_t timeoutMs, const std::function<int(Communicator&)>& f) {
  const int fd = memfd_create("control", 0);
  EXPECT(fd >= 0 && ftruncate(fd, 1 << 20) == 0);
  std::vector<pid_t> pids;
  for (int rank = 0; rank < ranks; rank++) {
    std::fflush(nullptr);  // or the child would print our buffer again
    const pid_t pid = fork();
    if (pid == 0) {
      omp_set_num_threads(1);  // the parent's OpenMP threads do not exist here
      alarm(60);
      int code;
      try {
        code = f(*makeShmCommunicator(rank, ranks, fd, timeoutMs));
      } catch (const Error& e) {  // a peer may fail while this rank is still joining
        code = codeOf(e);
      }
      _exit(code);
    }
    pids.push_back(pid);
  }
  close(fd);
  std::vector<int> codes;
  for (pid_t pid : pids) {
    int status;
    waitpid(pid, &status, 0);
    codes.push_back(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
  }
  return codes;
}

Tensor ramp(int64_t n, double start, DType dtype) { return arange(start, start + static_cast<double>(n), 1, dtype); }

TEST("shm: all-reduce, broadcast, all-gather over sizes, dtypes and rank counts") {
  for (int ranks : {1, 2, 3, 5}) {
    const auto codes = inProcesses(ranks, 20'000, [&](Communicator& c) {
      for (int64_t n : {0, 1, 7, 64, 1000, 2'500'001}) {
        for (DType dtype : {DType::float32, DType::float64, DType::int64}) {
          const Tensor x = cast(ramp(n, c.rank() * 10, DType::int64), dtype);
          c.allReduce(x, ReduceOp::sum)->wait();
          const Tensor sum = cast(x, DType::float64);
          const double base = 10.0 * ranks * (ranks - 1) / 2;
          for (int64_t i = 0; i < n; i += 1 + n / 97)
            if (!test::close(sum.data<double>()[i], static_cast<double>(i) * ranks + base, 1e-6)) return 1;

          const Tensor y = cast(ramp(n, c.rank(), DType::int64), dtype);
          c.broadcast(y, ranks - 1)->wait();
          if (n > 0 && cast(y, DType::float64).data<double>()[n - 1] != static_cast<double>(n - 1 + ranks - 1))
            return 2;

          const Tensor all = empty({ranks, n}, dtype);
          c.allGather(cast(ramp(n, c.rank() * 3, DType::int64), dtype), all)->wait();
          const Tensor gathered = cast(all, DType::float64);
          for (int r = 0; r < ranks && n > 0; r++)
            if (gathered.data<double>()[r * n + n / 2] != static_cast<double>(r * 3 + n / 2)) return 3;
        }
      }
      c.barrier()->wait();
      return 0;
    });
    for (int code : codes) EXPECT(code == 0);
  }
}

TEST("shm: a shared buffer is averaged in place by weight") {
  const auto codes = inProcesses(3, 20'000, [](Communicator& c) {
    constexpr int64_t n = 10'000;
    const Ref<SharedBuffer> memory = c.shared(n * sizeof(float));
    const Tensor x(
        make<TensorImpl>(make<Storage>(memory->data(), n * sizeof(float), Device{}, Ref<RefCounted>(memory.get())),
                         Dims{n}, Dims{1}, 0, DType::float32));
    for (int64_t i = 0; i < n; i++) x.data<float>()[i] = static_cast<float>(i + 100 * c.rank());
    c.averageShared(*memory, x, c.rank())->wait();  // weights 0, 1, 2
    for (int64_t i = 0; i < n; i++)
      if (!test::close(x.data<float>()[i], static_cast<double>(i) + (100.0 + 2 * 200.0) / 3, 1e-6)) return 1;
    return 0;
  });
  for (int code : codes) EXPECT(code == 0);
}

TEST("shm: different collectives are refused on every rank, with both named") {
  const auto codes = inProcesses(2, 20'000, [](Communicator& c) {
    const Tensor x = full({c.rank() == 0 ? 4 : 5}, 1, DType::float32);
    return failureOf("rank 0 calls allReduce #1 sum float32 x 4, rank 1 calls allReduce #1 sum float32 x 5",
                     [&] { c.allReduce(x, ReduceOp::sum)->wait(); });
  });
  for (int code : codes) EXPECT(code == 10 || code == 11);
}

TEST("shm: a rank that dies is named within a second") {
  const auto start = std::chrono::steady_clock::now();
  const auto codes = inProcesses(3, 20'000, [](Communicator& c) {
    if (c.rank() == 1) raise(SIGKILL);
    return failureOf("rank 1 has ended", [&] { c.barrier()->wait(); });
  });
  EXPECT(codes[1] == 128 + SIGKILL && codes[0] == 11 && codes[2] == 11);
  EXPECT(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

TEST("shm: a rank that is late is named after the time limit") {
  const auto codes = inProcesses(2, 300, [](Communicator& c) {
    if (c.rank() == 1) {
      usleep(1'500'000);
      return failureOf("rank 0: distributed: barrier timed out", [&] { c.barrier()->wait(); });
    }
    return failureOf("barrier timed out after 0.3 s: no sign of rank 1", [&] { c.barrier()->wait(); });
  });
  EXPECT(codes[0] == 10 && codes[1] == 11);
}

TEST("shm: after a failure every later collective fails alike") {
  const auto codes = inProcesses(2, 20'000, [](Communicator& c) {
    if (c.rank() == 0) c.abort("enough");
    const int first = failureOf("enough", [&] { c.barrier()->wait(); });
    return first == 10 || first == 11 ? failureOf("enough", [&] { c.barrier()->wait(); }) : first;
  });
  for (int code : codes) EXPECT(code == 10 || code == 11);
}

}  // namespace
}  // namespace dtrain
