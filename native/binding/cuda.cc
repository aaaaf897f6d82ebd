// The devices, streams and events of cuda.h, each function a check and a call of the runtime's table. What ends a wait
// also asks whether the device has failed.
#include "binding/cuda.h"

#include "core/library.h"
#include "kernels/choices.h"

namespace dtrain::binding {

namespace {

const Runtime& runtimeOf(const char* op, Device device) {
  check(!device.isCpu(), Code::argument, op, ": expected a CUDA device, got cpu");
  return runtime(device);
}

// To learn that the device is done is the end of a wait: see Note [Device failures].
bool checked(bool done) {
  if (done) checkDevice();
  return done;
}

std::atomic<bool>& choice(const std::string& which) {
  if (which == "matmulTf32") return libraryChoices.matmulTf32;
  if (which == "convTf32") return libraryChoices.convTf32;
  if (which == "convDeterministic") return libraryChoices.convDeterministic;
  check(which == "convBenchmark", Code::argument, "cudaChoice: there is no choice '", which, "'");
  return libraryChoices.convBenchmark;
}

}  // namespace

int cudaDeviceCount() { return cudaRuntime() ? cudaRuntime()->deviceCount() : 0; }

std::string cudaUnavailable() {
  return cudaRuntime() ? cudaRuntime()->whyNoDevice()
                       : "this build has no CUDA backend; build one with DTRAIN_CUDA=on scripts/setup.sh";
}

napi_value cudaLibraries() {
  const napi_env env = instance().env;
  napi_value out;
  napi_create_object(env, &out);
  for (const LibraryVersion& library : cudaLibraryVersions())
    napi_set_named_property(env, out, library.name.c_str(), toJs(env, library.version));
  return out;
}

napi_value cudaInfo(Device device) {
  const DeviceInfo info = runtimeOf("deviceProperties", device).info(device.index);
  const napi_env env = instance().env;
  napi_value out;
  napi_create_object(env, &out);
  const auto add = [&](const char* name, napi_value value) { napi_set_named_property(env, out, name, value); };
  add("name", toJs(env, info.name));
  add("memory", toJs(env, info.memory));
  add("major", toJs(env, info.major));
  add("minor", toJs(env, info.minor));
  add("multiprocessors", toJs(env, info.multiprocessors));
  add("l2", toJs(env, info.l2));
  add("memoryPools", toJs(env, info.memoryPools));
  return out;
}

int cudaCurrentDevice() { return currentCudaDevice(); }
void cudaSetDevice(int index) { setCurrentCudaDevice(index); }
void cudaSynchronize(Device device) { runtimeOf("synchronize", device).synchronizeDevice(device.index); }

bool cudaChoice(const std::string& which) { return choice(which); }
void cudaSetChoice(const std::string& which, bool on) { choice(which) = on; }

Ref<Stream> cudaStream(Device device, int priority) {
  runtimeOf("Stream", device);
  return make<Stream>(device, priority);
}
Ref<Stream> cudaDefaultStream(Device device) {
  return make<Stream>(device, runtimeOf("defaultStream", device).computeStream(device.index));
}
void cudaSetStream(const Ref<Stream>& stream) {
  runtime(stream->device).setCurrentStream(stream->device.index, stream->handle);
}
std::string streamDevice(const Ref<Stream>& stream) { return str(stream->device); }
bool streamDone(const Ref<Stream>& stream) { return checked(runtime(stream->device).streamDone(stream->handle)); }
void streamSynchronize(const Ref<Stream>& stream) {
  runtime(stream->device).synchronizeStream(stream->device.index, stream->handle);
}
void streamWaitEvent(const Ref<Stream>& stream, const Ref<Event>& event) { event->wait(stream->handle); }

Ref<Event> cudaEvent(Device device, bool timing) {
  runtimeOf("Event", device);
  return make<Event>(device, timing);
}
void eventRecord(const Ref<Event>& event, const Ref<Stream>& stream) {
  check(event->device == stream->device, Code::argument, "record: the event is of ", event->device, ", the stream of ",
        stream->device, "; use an event of the stream's device");
  event->record(stream->handle);
}
bool eventDone(const Ref<Event>& event) { return checked(event->done()); }
void eventSynchronize(const Ref<Event>& event) { event->synchronize(); }
double eventElapsed(const Ref<Event>& start, const Ref<Event>& end) { return start->elapsedMs(*end); }
void recordStream(const Tensor& x, const Ref<Stream>& stream) {
  check(x.device() == stream->device, Code::argument, "recordStream: the tensor is on ", x.device(),
        ", the stream is of ", stream->device);
  x.impl()->storage->recordStream(stream);
}

}  // namespace dtrain::binding
