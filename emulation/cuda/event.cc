// Events. Each cudaEventRecord makes a Record of its own, and a wait holds the record that was latest at the time of
// the wait call. That is CUDA's rule, and it lets an event be recorded again or destroyed while others wait for it.
#include <chrono>
#include <unordered_map>

#include "emulation/cuda/stream.h"

namespace {

using namespace emulation;
using Clock = std::chrono::steady_clock;

struct Record {
  void complete() {
    {
      const std::lock_guard lock(mutex);
      time = Clock::now();
      done = true;
    }
    changed.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return done; });
  }
  bool isDone() {
    const std::lock_guard lock(mutex);
    return done;
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  Clock::time_point time;
};

}  // namespace

// The type behind cudaEvent_t, which NVIDIA's headers name.
struct CUevent_st {
  Device& device;
  const unsigned flags;
  std::shared_ptr<Record> latest;  // null: never recorded
};

namespace {

struct Events {
  std::mutex mutex;  // of the registry and of every `latest`
  std::unordered_map<cudaEvent_t, std::unique_ptr<CUevent_st>> all;
};

Events& events() {
  static Events* const instance = new Events;
  return *instance;
}

CUevent_st& find(cudaEvent_t handle, const char* call) {
  makeContext();
  const auto found = events().all.find(handle);
  if (found == events().all.end())
    refuse(cudaErrorInvalidResourceHandle, call, ": ", hex(handle), " is not an event, or has been destroyed");
  return *found->second;
}

struct Seen {
  Device& device;
  unsigned flags;
  std::shared_ptr<Record> latest;
};

Seen look(cudaEvent_t handle, const char* call) {
  const std::lock_guard lock(events().mutex);
  const CUevent_st& event = find(handle, call);
  return {event.device, event.flags, event.latest};
}

}  // namespace

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* handle, unsigned flags) {
  return api([&] {
    if (handle == nullptr) refuse(cudaErrorInvalidValue, "cudaEventCreateWithFlags: the event has no place to go");
    if ((flags & ~(cudaEventBlockingSync | cudaEventDisableTiming)) != 0)
      refuse(cudaErrorInvalidValue, "cudaEventCreateWithFlags: flags that are not emulated: ", flags);
    auto made = std::unique_ptr<CUevent_st>(new CUevent_st{currentDevice(), flags, nullptr});
    const std::lock_guard lock(events().mutex);
    *handle = made.get();
    events().all[*handle] = std::move(made);
  });
}

cudaError_t cudaEventRecord(cudaEvent_t handle, cudaStream_t streamHandle) {
  return api([&] {
    const auto s = stream(streamHandle, "cudaEventRecord");
    const auto record = std::make_shared<Record>();
    const std::lock_guard lock(events().mutex);  // held while submitting: `latest` and the queue agree on the order
    CUevent_st& event = find(handle, "cudaEventRecord");
    if (&event.device != &s->device)
      refuse(cudaErrorInvalidResourceHandle, "cudaEventRecord: the event belongs to device ", event.device.index,
             ", the stream to device ", s->device.index);
    refuseIfFailed(s->device);
    event.latest = record;
    s->submit([record](BlockRunner&) { record->complete(); }, Stream::AfterFailure::run);
  });
}

cudaError_t cudaStreamWaitEvent(cudaStream_t streamHandle, cudaEvent_t handle, unsigned flags) {
  return api([&] {
    const auto s = stream(streamHandle, "cudaStreamWaitEvent");
    if (flags != cudaEventWaitDefault) refuse(cudaErrorInvalidValue, "cudaStreamWaitEvent: flags must be 0");
    refuseIfFailed(s->device);
    if (const auto record = look(handle, "cudaStreamWaitEvent").latest)
      s->submit([record](BlockRunner&) { record->wait(); }, Stream::AfterFailure::run);
  });
}

cudaError_t cudaEventQuery(cudaEvent_t handle) {
  return api([&] {
    const Seen event = look(handle, "cudaEventQuery");
    refuseIfFailed(event.device);
    return event.latest == nullptr || event.latest->isDone() ? cudaSuccess : cudaErrorNotReady;
  });
}

cudaError_t cudaEventSynchronize(cudaEvent_t handle) {
  return api([&] {
    const Seen event = look(handle, "cudaEventSynchronize");
    if (event.latest != nullptr) event.latest->wait();
    refuseIfFailed(event.device);
  });
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  return api([&] {
    if (milliseconds == nullptr) refuse(cudaErrorInvalidValue, "cudaEventElapsedTime: the time has no place to go");
    const Seen a = look(start, "cudaEventElapsedTime"), b = look(end, "cudaEventElapsedTime");
    if (&a.device != &b.device)
      refuse(cudaErrorInvalidResourceHandle, "cudaEventElapsedTime: the events belong to different devices");
    for (const Seen* event : {&a, &b})
      if (event->latest == nullptr || (event->flags & cudaEventDisableTiming) != 0)
        refuse(cudaErrorInvalidResourceHandle,
               "cudaEventElapsedTime: an event was never recorded, or was created without timing");
    refuseIfFailed(a.device);
    if (!a.latest->isDone() || !b.latest->isDone()) return cudaErrorNotReady;
    *milliseconds = std::chrono::duration<float, std::milli>(b.latest->time - a.latest->time).count();
    return cudaSuccess;
  });
}

cudaError_t cudaEventDestroy(cudaEvent_t handle) {
  return api([&] {
    const std::lock_guard lock(events().mutex);
    find(handle, "cudaEventDestroy");
    events().all.erase(handle);
  });
}
