// What the tests of the emulated NCCL share: a communicator that ends with its scope, and ranks as threads.
#pragma once

#include <nccl.h>

#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "emulation/test/support.h"

namespace dtrain::test {

using Clock = std::chrono::steady_clock;

inline void ok(ncclResult_t result, std::source_location at = std::source_location::current()) {
  expect(result == ncclSuccess, at.file_name(), ":", at.line(), ": ", ncclGetErrorString(result), ": ",
         ncclGetLastError(nullptr));
}
using dtrain::test::ok;

inline ncclUniqueId newId() {
  ncclUniqueId id;
  ok(ncclGetUniqueId(&id));
  return id;
}

inline double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}
inline void sleepMs(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

struct Comm {
  Comm(int ranks, const ncclUniqueId& id, int rank) {
    ok(ncclCommInitRank(&comm, ranks, id, rank));
    const std::lock_guard lock(mutex);
    live.insert(comm);
  }
  ~Comm() {
    {
      const std::lock_guard lock(mutex);
      live.erase(comm);
    }
    ncclCommAbort(comm);  // waits for the peers, which come here too; refused if it has been done
  }
  operator ncclComm_t() const { return comm; }
  ncclComm_t comm;

  // The peers of a rank that has failed would wait for ever.
  static void abortAll() {
    const std::lock_guard lock(mutex);
    for (const ncclComm_t comm : live) ncclCommAbort(comm);
  }

 private:
  inline static std::mutex mutex;
  inline static std::set<ncclComm_t> live;
};

// Runs f(rank) on n threads, each with the device of its rank, and hands on the first failure.
template <class F>
void onRanks(int n, F&& f) {
  std::vector<std::string> problems(n);
  std::vector<std::thread> threads;
  for (int r = 0; r < n; r++)
    threads.emplace_back([&, r] {
      try {
        ok(cudaSetDevice(r));
        f(r);
      } catch (const Failure& e) {
        problems[r] = e.what;
        Comm::abortAll();
      }
    });
  for (std::thread& t : threads) t.join();
  for (int r = 0; r < n; r++) expect(problems[r].empty(), "rank ", r, ": ", problems[r]);
}

inline ncclConfig_t nonblocking() {
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.blocking = 0;
  return config;
}

// What a nonblocking communicator has come to.
inline ncclResult_t outcome(ncclComm_t comm) {
  ncclResult_t state = ncclInProgress;
  for (const auto start = Clock::now(); state == ncclInProgress && secondsSince(start) < 10; sleepMs(1))
    ok(ncclCommGetAsyncError(comm, &state));
  return state;
}

inline ncclResult_t stateOf(ncclComm_t comm) {
  ncclResult_t state;
  ok(ncclCommGetAsyncError(comm, &state));
  return state;
}

inline bool busy(cudaStream_t stream) { return cudaStreamQuery(stream) == cudaErrorNotReady; }

}  // namespace dtrain::test
