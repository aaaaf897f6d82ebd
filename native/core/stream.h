// Streams and events of devices as counted objects. What they are for: Note [Streams] in runtime.h.
#pragma once

#include "core/device.h"
#include "core/ref.h"

namespace dtrain {

using EventHandle = void*;

class Stream : public RefCounted {
 public:
  Stream(Device device, int priority);
  Stream(Device device, StreamHandle borrowed) : device(device), handle(borrowed), owned_(false) {}
  ~Stream() override;
  const Device device;
  const StreamHandle handle;

 private:
  const bool owned_;
};

// The handle may have been another event's: until record() there is nothing to wait for.
class Event : public RefCounted {
 public:
  explicit Event(Device device, bool timing = false);
  ~Event() override;
  void record(StreamHandle stream) const;
  void wait(StreamHandle stream) const;  // the stream waits for what was recorded
  bool done() const;
  void synchronize() const;
  double elapsedMs(const Event& end) const;  // from this one; both with timing
  const Device device;
  const EventHandle handle;

 private:
  mutable bool recorded_ = false;
};

// Makes a stream current for a scope.
class StreamGuard {
 public:
  StreamGuard(Device device, StreamHandle stream);
  ~StreamGuard();

 private:
  const Device device_;
  const StreamHandle before_;
};

}  // namespace dtrain
