#include "core/stream.h"

#include "core/runtime.h"

namespace dtrain {

Stream::Stream(Device device, int priority)
    : device(device), handle(runtime(device).makeStream(device.index, priority)), owned_(true) {}
Stream::~Stream() {
  if (owned_) runtime(device).destroyStream(handle);
}

Event::Event(Device device, bool timing) : device(device), handle(runtime(device).makeEvent(device.index, timing)) {}
Event::~Event() { runtime(device).destroyEvent(handle); }
void Event::record(StreamHandle stream) const { runtime(device).recordEvent(handle, stream); }
void Event::wait(StreamHandle stream) const { runtime(device).waitEvent(stream, handle); }
bool Event::done() const { return runtime(device).eventDone(handle); }

StreamGuard::StreamGuard(Device device, StreamHandle stream)
    : device_(device), before_(device.isCpu() ? nullptr : runtime(device).currentStream(device.index)) {
  if (!device.isCpu()) runtime(device).setCurrentStream(device.index, stream);
}
StreamGuard::~StreamGuard() {
  if (!device_.isCpu()) runtime(device_).setCurrentStream(device_.index, before_);
}

}  // namespace dtrain
