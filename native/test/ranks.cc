// Ranks as processes are forked and say by their exit code how they failed; ranks as threads throw. Either way they
// share a segment in memory.
#include "test/ranks.h"

#include <omp.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <barrier>
#include <thread>

#include "core/runtime.h"

// Ranks that are processes start threads after a fork, which ThreadSanitizer puts up with only if it is told to.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_options() { return "die_after_fork=0"; }

namespace dtrain::test {

int codeOf(const Error& e) {
  return e.code == Code::distributed ? kDistributed : e.code == Code::peer ? kPeer : kOtherError;
}

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

namespace {

int gpuCount() { return cudaRuntime() ? cudaRuntime()->deviceCount() : 0; }

// Ranks that are threads have one context on a GPU between them. On a real one an abort of one rank then is an illegal
// access of the other, and who waits for the device waits for both (seen with NCCL 2.30 on an H200), so there each
// wants a GPU of its own. The ranks of a job are processes, which share one well.
#ifdef DTRAIN_EMULATED_LIBRARIES
constexpr bool kThreadsShare = true;
#else
constexpr bool kThreadsShare = false;
#endif

int placesOn(int gpus) { return kThreadsShare && gpus > 0 && ncclEngine()->sharesGpus() ? 2 * gpus : gpus; }

// Skips the test if there is no place for all ranks.
void requirePlaces(int ranks, int gpus) {
  if (ranks <= gpus) return;
  if (gpus == 0) SKIP("no GPU: ", cudaRuntime() ? cudaRuntime()->whyNoDevice() : "this build has no CUDA backend");
  if (!kThreadsShare) SKIP(ranks, " ranks that are threads want as many GPUs, there are ", gpus);
  if (ranks > 2 * gpus) SKIP(ranks, " ranks need ", (ranks + 1) / 2, " GPUs, two on each; there are ", gpus);
  if (!ncclEngine()->sharesGpus()) SKIP(ranks, " ranks need ", ranks, " GPUs, of ", gpus, ": NCCL is older than 2.30");
}

int makeSegment(int ranks) {
  const int fd = memfd_create("control", 0);
  EXPECT(fd >= 0 && ftruncate(fd, static_cast<off_t>(segmentBytes(ranks))) == 0);
  return fd;
}

}  // namespace

int ranksUpTo(int wanted) { return wanted <= gpuCount() || wanted <= placesOn(gpuCount()) ? wanted : 2; }

void requireGpus(int ranks) {
  if (ranks > gpuCount()) SKIP("needs ", ranks, " GPUs, there are ", gpuCount());
}

std::vector<int> inProcesses(int ranks, int64_t timeoutMs, const std::function<int(Group&)>& f) {
  const int fd = makeSegment(ranks);
  std::vector<pid_t> pids;
  for (int rank = 0; rank < ranks; rank++) {
    std::fflush(nullptr);  // or the child would print our buffer again
    const pid_t pid = fork();
    if (pid == 0) {
      omp_set_num_threads(1);  // the parent's OpenMP threads do not exist here
      alarm(60);
      int code;
      try {
        code = f(*new Group(rank, ranks, fd, timeoutMs));
      } catch (const Error& e) {  // a peer may fail while this rank is still joining
        code = codeOf(e);
      }
      _exit(code);
    }
    pids.push_back(pid);
  }
  ::close(fd);
  std::vector<int> codes;
  for (pid_t pid : pids) {
    int status;
    waitpid(pid, &status, 0);
    codes.push_back(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
  }
  return codes;
}

void inThreads(int ranks, int64_t timeoutMs, const std::function<void(Group&, Device)>& f, int firstGpu) {
  const int gpus = gpuCount() - firstGpu;
  requirePlaces(ranks, gpus);
  const int fd = makeSegment(ranks);
  const std::vector<uint8_t> id = ncclEngine() && ranks > 1 ? ncclEngine()->uniqueId() : std::vector<uint8_t>();
  std::vector<std::exception_ptr> errors(ranks);
  std::barrier allDone(ranks);
  std::vector<std::thread> threads;
  for (int rank = 0; rank < ranks; rank++)
    threads.emplace_back([&, rank] {
      try {
        const Device device{Device::cuda, static_cast<int8_t>(firstGpu + rank % gpus)};
        setCurrentCudaDevice(device.index);
        // On one stream, a rank would wait for the collective of the other, which waits for this one.
        const Stream own(device, 0);
        const StreamGuard guard(device, ranks > gpus ? own.handle : nullptr);
        Group group(rank, ranks, fd, timeoutMs, id);
        try {
          f(group, device);
        } catch (...) {
          errors[rank] = std::current_exception();
          group.abort("a test has failed");
        }
        allDone.arrive_and_wait();
      } catch (...) {
        errors[rank] = std::current_exception();
        allDone.arrive_and_drop();
      }
    });
  for (std::thread& thread : threads) thread.join();
  ::close(fd);
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

}  // namespace dtrain::test
