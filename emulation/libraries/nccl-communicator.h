// The state of an emulated NCCL communicator: its clique, its place in line, its handle, and the thread that works for
// it if it is nonblocking. Everything global is created by its first use and never destroyed, because streams may still
// run while the process ends.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <set>
#include <thread>

#include "emulation/cuda/emulation.h"
#include "emulation/libraries/nccl-data.h"

// Handles are never freed, so that one of a communicator that is gone is recognised.
struct ncclComm {};

namespace emulation {

using Guard = std::lock_guard<std::mutex>;

// The last error of the process, as ncclGetLastError returns it: text that stays. There are few different ones.
struct Messages {
  std::mutex mutex;
  std::set<std::string> all;
  const char* last = "";
};
inline Messages& messages() {
  static auto& m = *new Messages;
  return m;
}

inline ncclResult_t refuse(ncclResult_t result, const std::string& why) {
  Messages& m = messages();
  Guard guard(m.mutex);
  m.last = m.all.insert(why).first->c_str();
  return result;
}

inline ncclResult_t cudaFailure(cudaError_t error) {
  return refuse(ncclUnhandledCudaError, std::string("Cuda failure '") + cudaGetErrorString(error) + "'");
}

struct Communicator {
  Communicator(int rank, int ranks, std::string bus, int device, bool blocking)
      : clique(rank, ranks, std::move(bus)), device(device), blocking(blocking) {}

  Clique clique;
  const int device;
  const bool blocking;
  std::atomic<ncclResult_t> state{ncclInProgress};
  std::atomic<bool> finalized{false};

  std::mutex mutex;
  std::condition_variable changed;
  // Operations take effect in the order of their launch, whichever streams they are on. Those below `finished` are
  // done; `early` are done too, out of order, because their stream has dropped them.
  uint64_t launched = 0, finished = 0;
  std::set<uint64_t> early;
  int running = 0;
  std::map<int, Reduction> reductions;  // of ncclRedOpCreatePreMulSum

  // The thread of a nonblocking communicator.
  std::deque<std::function<void()>> jobs;
  bool working = false, closed = false;

  void finish(uint64_t ticket) {
    Guard guard(mutex);
    if (ticket < finished || !early.insert(ticket).second) return;
    while (early.erase(finished)) finished++;
    changed.notify_all();
  }

  bool waitUntilIdle() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return clique.aborted() || finished == launched; });
    return !clique.aborted();
  }
};
using CommRef = std::shared_ptr<Communicator>;

// An operation on its way through a stream. When the stream drops it, those behind it must not wait.
struct Turn {
  Turn(CommRef comm, uint64_t ticket) : comm(std::move(comm)), ticket(ticket) {}
  ~Turn() { comm->finish(ticket); }
  Turn(const Turn&) = delete;

  void run(const std::function<void()>& body) {
    Communicator& c = *comm;
    {
      std::unique_lock lock(c.mutex);
      c.changed.wait(lock, [&] { return c.clique.aborted() || c.finished == ticket; });
      if (c.clique.aborted()) return;
      c.running++;
    }
    body();
    c.finish(ticket);
    Guard guard(c.mutex);
    c.running--;
    c.changed.notify_all();
  }

  const CommRef comm;
  const uint64_t ticket;
};

struct Registry {
  std::mutex mutex;
  std::deque<ncclComm> handles;
  std::map<ncclComm_t, CommRef> live;
};
inline Registry& registry() {
  static auto& r = *new Registry;
  return r;
}

inline CommRef find(const char* call, ncclComm_t handle) {
  Registry& r = registry();
  Guard guard(r.mutex);
  const auto it = r.live.find(handle);
  if (it != r.live.end()) return it->second;
  refuse(ncclInvalidArgument,
         handle ? "Error: corrupted comm object detected" : std::string(call) + " : comm argument is NULL");
  return nullptr;
}

inline ncclComm_t enter(const CommRef& comm) {
  Registry& r = registry();
  Guard guard(r.mutex);
  const ncclComm_t handle = &r.handles.emplace_back();
  r.live[handle] = comm;
  return handle;
}

inline void forget(ncclComm_t handle) {
  Registry& r = registry();
  Guard guard(r.mutex);
  r.live.erase(handle);
}

// Whether the communicator takes another call.
inline ncclResult_t ready(const Communicator& comm) {
  const ncclResult_t state = comm.state;
  if (state != ncclInProgress) return state;
  return refuse(ncclInvalidArgument, "Attempt to use communicator before the previous operation returned ncclSuccess");
}

// What a refused call leaves behind: a nonblocking communicator stays in error.
inline ncclResult_t spoil(Communicator& comm, ncclResult_t result) {
  if (!comm.blocking) comm.state = result;
  return result;
}

inline void startWorker(const CommRef& comm) {
  std::thread([comm] {
    std::unique_lock lock(comm->mutex);
    for (;;) {
      comm->changed.wait(lock, [&] { return comm->closed || !comm->jobs.empty(); });
      if (comm->jobs.empty()) return;
      std::function<void()> job = std::move(comm->jobs.front());
      comm->jobs.pop_front();
      comm->working = true;
      lock.unlock();
      job();
      job = nullptr;  // what it holds may want the lock
      lock.lock();
      comm->working = false;
      comm->changed.notify_all();
    }
  }).detach();
}

// Lets the worker do `job` and makes its result the communicator's state, unless something spoils that meanwhile.
inline void post(const CommRef& comm, std::function<ncclResult_t()> job) {
  comm->state = ncclInProgress;
  Guard guard(comm->mutex);
  comm->jobs.push_back([c = comm.get(), job = std::move(job)] {
    const ncclResult_t result = job();
    ncclResult_t expected = ncclInProgress;
    c->state.compare_exchange_strong(expected, result);
  });
  comm->changed.notify_all();
}

// Ends the worker once it has nothing left to do.
inline void close(Communicator& comm) {
  Guard guard(comm.mutex);
  comm.closed = true;
  comm.changed.notify_all();
}

}  // namespace emulation
