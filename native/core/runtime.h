// What a type of device offers besides kernels: memory, streams, events, copies. The CPU needs none of it, since its
// kernels have finished when they return. A runtime that is not in the build is a null pointer from runtime-absent.cc.
//
// Note [Streams]
// A stream is a device's queue: kernels and copies run in its order, streams side by side. Every thread has a current
// stream per device, at first the device's compute stream. Kernels go there, and memory belongs to the stream it was
// allocated on: a freed block is given only to that stream again, where the order of the queue makes it safe. Whoever
// uses a tensor on another stream makes that stream wait for the tensor's (an event) before, and the tensor's stream
// wait for it after, before the tensor is let go; or says recordStream(), which keeps the freed block aside until then.
//
// Note [Device failures]
// A device computes later than the host asks. What goes wrong there (a class index out of range, a peer that died in a
// collective) is noticed where the host waits for the device: every wait ends with checkDevice(), which throws it.
#pragma once

#include <functional>
#include <string>

#include "core/allocator.h"
#include "core/stream.h"

namespace dtrain {

constexpr int kMaxDevices = 64;

struct DeviceInfo {
  std::string name;
  int64_t memory;    // bytes
  int major, minor;  // compute capability
  int multiprocessors;
  int threadsPerMultiprocessor;
  int64_t l2;        // bytes of the cache that all multiprocessors share
  bool memoryPools;  // whether memory can be allocated in the order of a stream
};

struct Runtime {
  int (*deviceCount)();          // 0 without a driver or a device, never throws
  std::string (*whyNoDevice)();  // a sentence; empty when there is a device
  DeviceInfo (*info)(int device);
  // What tells it from all others, as in 8932f937-d72c-4106-c12f-20bd9faed9f6. Asking does not take the device into
  // use.
  std::string (*uuid)(int device);
  CachingAllocator& (*allocator)(int device);

  StreamHandle (*computeStream)(int device);
  // A null stream is the compute stream.
  StreamHandle (*currentStream)(int device);
  void (*setCurrentStream)(int device, StreamHandle stream);
  StreamHandle (*makeStream)(int device, int priority);  // 0 normal, -1 high
  void (*destroyStream)(StreamHandle stream);
  bool (*streamDone)(StreamHandle stream);
  void (*synchronizeStream)(int device, StreamHandle stream);
  void (*synchronizeDevice)(int device);
  // All devices that this process has used. Says no error of CUDA once one has been thrown.
  void (*synchronizeAll)();

  EventHandle (*makeEvent)(int device, bool timing);
  void (*destroyEvent)(EventHandle event);
  void (*recordEvent)(EventHandle event, StreamHandle stream);
  void (*waitEvent)(StreamHandle stream, EventHandle event);  // later work of the stream waits
  bool (*eventDone)(EventHandle event);
  void (*synchronizeEvent)(EventHandle event);
  double (*elapsedMs)(EventHandle start, EventHandle end);
  void (*callWhenReached)(StreamHandle stream,
                          std::function<void()> f);  // on a thread of the driver; f must not call CUDA

  // On the current stream of the device that takes part (of `to` between two). From and to memory of the host: has
  // happened on return, unless `async`, which needs pinned memory that lives until the stream has got there.
  void (*copy)(void* to, Device toDevice, const void* from, Device fromDevice, size_t bytes, bool async);

  void* (*allocatePinned)(size_t bytes);  // null when there is none
  void (*releasePinned)(void* p);
};

const Runtime* cudaRuntime();

// The runtime of a device, or Error{unsupported} that says how to get one.
const Runtime& runtime(Device device);
// Throws unless there is such a device.
void checkDeviceExists(Device device);

// Called at the end of every wait; see Note [Device failures]. A check throws what it has found.
void addDeviceCheck(std::function<void()> f);
void checkDevice();

}  // namespace dtrain
