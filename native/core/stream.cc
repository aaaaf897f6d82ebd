// Streams and events through the runtime's table. An event that was never recorded is done, and nobody waits for it.
#include "core/stream.h"

#include "core/error.h"
#include "core/runtime.h"

namespace dtrain {

Stream::Stream(Device device, int priority)
    : device(device), handle(runtime(device).makeStream(device.index, priority)), owned_(true) {}
Stream::~Stream() {
  if (owned_) runtime(device).destroyStream(handle);
}

Event::Event(Device device, bool timing) : device(device), handle(runtime(device).makeEvent(device.index, timing)) {}
Event::~Event() { runtime(device).destroyEvent(handle); }
void Event::record(StreamHandle stream) const {
  runtime(device).recordEvent(handle, stream);
  recorded_ = true;
}
void Event::wait(StreamHandle stream) const {
  if (recorded_) runtime(device).waitEvent(stream, handle);
}
bool Event::done() const { return !recorded_ || runtime(device).eventDone(handle); }
void Event::synchronize() const {
  if (recorded_) runtime(device).synchronizeEvent(handle);
}
double Event::elapsedMs(const Event& end) const {
  check(recorded_ && end.recorded_, Code::argument, "elapsedTime: both events must have been recorded");
  return runtime(device).elapsedMs(handle, end.handle);
}

StreamGuard::StreamGuard(Device device, StreamHandle stream)
    : device_(device), before_(device.isCpu() ? nullptr : runtime(device).currentStream(device.index)) {
  if (!device.isCpu()) runtime(device).setCurrentStream(device.index, stream);
}
StreamGuard::~StreamGuard() {
  if (!device_.isCpu()) runtime(device_).setCurrentStream(device_.index, before_);
}

}  // namespace dtrain
