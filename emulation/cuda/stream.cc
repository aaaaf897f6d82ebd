// The threads of streams: what they do with their queues, and how they come to a halt when the process ends.
#include "emulation/cuda/stream.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <random>
#include <thread>
#include <unordered_map>

#include "emulation/cuda/sanitizers.h"
#include "emulation/cuda/settings.h"

namespace emulation {
namespace {

constexpr int kLeastPriority = 0, kGreatestPriority = -5;

constinit thread_local Stream* served = nullptr;

// All streams that exist, with those that are destroyed but not empty yet.
struct Streams {
  std::mutex mutex;
  std::unordered_map<cudaStream_t, std::shared_ptr<Stream>> all;
  uint64_t created = 0;
};

Streams& streams() {
  static Streams* const instance = new Streams;
  return *instance;
}

// [The end of the process] exit() takes down the libraries that a stream may be computing with, OpenBLAS and its
// threads among them. So at its beginning the streams come to a halt. Work that is left is lost, as on a GPU. One that
// waits for a peer or an event may wait for good, and does no harm.
struct Halt {
  std::mutex mutex;
  std::condition_variable changed;
  bool asked = false;
  int computing = 0;
};

Halt& halt() {
  static Halt* const instance = new Halt;
  return *instance;
}

void haltStreams() {
  constexpr auto patience = std::chrono::milliseconds(300);
  Halt& h = halt();
  const Unobserved unobserved;
  std::unique_lock lock(h.mutex);
  h.asked = true;
  h.changed.wait_for(lock, patience, [&] { return h.computing == 0; });
}

// A stream computes while this exists. The constructor does not return once the process ends.
class Computing {
 public:
  Computing() {
    const Unobserved unobserved;
    std::unique_lock lock(halt().mutex);
    halt().changed.wait(lock, [] { return !halt().asked; });
    halt().computing++;
  }
  ~Computing() {
    const Unobserved unobserved;
    const std::lock_guard lock(halt().mutex);
    if (--halt().computing == 0 && halt().asked) halt().changed.notify_all();
  }
};

void create(cudaStream_t* handle, unsigned flags, int priority) {
  if (handle == nullptr) refuse(cudaErrorInvalidValue, "cudaStreamCreateWithFlags: the stream has no place to go");
  if ((flags & ~cudaStreamNonBlocking) != 0)
    refuse(cudaErrorInvalidValue, "cudaStreamCreateWithFlags: unknown flags: ", flags);
  Device& device = currentDevice();
  static const int atEnd = std::atexit(haltStreams);
  static_cast<void>(atEnd);
  Streams& s = streams();
  std::unique_lock lock(s.mutex);
  const auto made =
      std::make_shared<Stream>(device, flags, std::clamp(priority, kGreatestPriority, kLeastPriority), ++s.created);
  std::thread([made] {
    made->serve();
    Streams& all = streams();
    const std::lock_guard guard(all.mutex);
    all.all.erase(made.get());
  }).detach();
  s.all[made.get()] = made;
  *handle = made.get();
}

}  // namespace

std::shared_ptr<Stream> stream(cudaStream_t handle, const char* call) {
  makeContext();
  return findStream(handle, call);
}

std::shared_ptr<Stream> findStream(cudaStream_t handle, const char* call) {
  if (handle == nullptr || handle == cudaStreamLegacy || handle == cudaStreamPerThread)
    refuse(cudaErrorInvalidResourceHandle, call, ": the default streams are not emulated: create a stream");
  Streams& s = streams();
  const std::lock_guard lock(s.mutex);
  const auto found = s.all.find(handle);
  if (found == s.all.end() || found->second->destroyed)
    refuse(cudaErrorInvalidResourceHandle, call, ": ", hex(handle), " is not a stream, or has been destroyed");
  return found->second;
}

void drainDevice(const Device& device) {
  std::vector<std::shared_ptr<Stream>> concerned;
  {
    Streams& s = streams();
    const std::lock_guard lock(s.mutex);
    for (const auto& [handle, stream] : s.all)
      if (&stream->device == &device) concerned.push_back(stream);
  }
  for (const auto& stream : concerned) stream->drain();
}

cudaError_t enqueue(cudaStream_t handle, std::function<void()> f) {
  return api([&] {
    const auto s = findStream(handle, "enqueue");
    refuseIfFailed(s->device);
    s->submit([&region = s->device.memory.region, f = std::move(f)](BlockRunner&) {
      const Access access(region);
      f();
    });
  });
}

int deviceOf(cudaStream_t handle) {
  int index = -1;
  api([&] { index = findStream(handle, "deviceOf")->device.index; });
  return index;
}

}  // namespace emulation

using namespace emulation;

void CUstream_st::submit(std::function<void(BlockRunner&)> run, AfterFailure afterFailure) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({std::move(run), afterFailure});
    submitted_++;
    before(&queue_);
  }
  work_.notify_one();
}

void CUstream_st::drain() {
  std::unique_lock lock(mutex_);
  const uint64_t all = submitted_;
  while (completed_ < all) {
    awaited_ = std::min(awaited_, all);
    done_.wait(lock);
  }
  after(&done_);
}

bool CUstream_st::idle() {
  const std::lock_guard lock(mutex_);
  if (completed_ < submitted_) return false;
  after(&done_);
  return true;
}

void CUstream_st::finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
  }
  work_.notify_one();
}

CUstream_st* CUstream_st::current() { return served; }

void CUstream_st::serve() {
  served = this;
  BlockRunner runner;
  std::minstd_rand random(static_cast<unsigned>(mix(settings().seed, number)));
  const uint64_t jitter = settings().jitterMicroseconds;
  for (Operation operation; next(operation);) {
    if (jitter > 0)
      std::this_thread::sleep_for(
          std::chrono::microseconds(std::uniform_int_distribution<uint64_t>(0, jitter)(random)));
    const Computing computing;
    const auto start = std::chrono::steady_clock::now();
    try {
      if (device.sticky == cudaSuccess || operation.afterFailure == AfterFailure::run) operation.run(runner);
    } catch (const std::exception& e) {
      fail(device.index, cudaErrorUnknown, e.what());
    }
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - start;
    device.usage.nanoseconds.fetch_add(static_cast<uint64_t>(took.count()), std::memory_order_relaxed);
    operation.run = nullptr;  // what it owns is gone before anybody is told that it is done
    complete();
  }
}

// False when there is nothing to do and never will be.
bool CUstream_st::next(Operation& operation) {
  {
    const Unobserved unobserved;
    std::unique_lock lock(mutex_);
    work_.wait(lock, [&] { return !queue_.empty() || finishing_; });
    if (queue_.empty()) return false;
    operation = std::move(queue_.front());
    queue_.pop_front();
  }
  after(&queue_);
  return true;
}

void CUstream_st::complete() {
  before(&done_);
  const Unobserved unobserved;
  {
    const std::lock_guard lock(mutex_);
    if (++completed_ < awaited_) return;
    awaited_ = UINT64_MAX;
  }
  done_.notify_all();
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* handle, unsigned flags) {
  return api([&] { create(handle, flags, kLeastPriority); });
}

cudaError_t cudaStreamCreateWithPriority(cudaStream_t* handle, unsigned flags, int priority) {
  return api([&] { create(handle, flags, priority); });
}

cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* greatest) {
  return api([&] {
    currentDevice();
    if (least != nullptr) *least = kLeastPriority;
    if (greatest != nullptr) *greatest = kGreatestPriority;
  });
}

cudaError_t cudaStreamGetPriority(cudaStream_t handle, int* priority) {
  return api([&] {
    if (priority == nullptr) refuse(cudaErrorInvalidValue, "cudaStreamGetPriority: the priority has no place to go");
    *priority = stream(handle, "cudaStreamGetPriority")->priority;
  });
}

cudaError_t cudaStreamGetDevice(cudaStream_t handle, int* index) {
  return api([&] {
    if (index == nullptr) refuse(cudaErrorInvalidValue, "cudaStreamGetDevice: the device has no place to go");
    *index = stream(handle, "cudaStreamGetDevice")->device.index;
  });
}

cudaError_t cudaStreamDestroy(cudaStream_t handle) {
  return api([&] {
    const auto s = stream(handle, "cudaStreamDestroy");
    {
      const std::lock_guard lock(streams().mutex);
      s->destroyed = true;
    }
    s->finish();
    refuseIfFailed(s->device);
  });
}

cudaError_t cudaStreamSynchronize(cudaStream_t handle) {
  return api([&] {
    const auto s = stream(handle, "cudaStreamSynchronize");
    s->drain();
    refuseIfFailed(s->device);
  });
}

cudaError_t cudaStreamQuery(cudaStream_t handle) {
  return api([&] {
    const auto s = stream(handle, "cudaStreamQuery");
    refuseIfFailed(s->device);
    return s->idle() ? cudaSuccess : cudaErrorNotReady;
  });
}

cudaError_t cudaDeviceSynchronize() {
  return api([&] {
    Device& d = currentDevice();
    drainDevice(d);
    refuseIfFailed(d);
  });
}

cudaError_t cudaLaunchHostFunc(cudaStream_t handle, cudaHostFn_t function, void* userData) {
  return api([&] {
    const auto s = stream(handle, "cudaLaunchHostFunc");
    if (function == nullptr) refuse(cudaErrorInvalidValue, "cudaLaunchHostFunc: the function is null");
    refuseIfFailed(s->device);
    s->submit([=](BlockRunner&) {
      setInsideHostFunction(true);
      function(userData);
      setInsideHostFunction(false);
    });
  });
}
