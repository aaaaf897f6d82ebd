// CUDA devices, streams and events; src/cuda is their public face. Without a CUDA backend there are no devices, and
// everything but the count says so.
#include "binding/table.h"
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

enum class Choice { matmulTf32, convTf32, convBenchmark, convDeterministic, deterministic };

std::atomic<bool>& flag(Choice which) {
  switch (which) {
    case Choice::matmulTf32: return libraryChoices.matmulTf32;
    case Choice::convTf32: return libraryChoices.convTf32;
    case Choice::convBenchmark: return libraryChoices.convBenchmark;
    case Choice::convDeterministic: return libraryChoices.convDeterministic;
    default: return libraryChoices.deterministic;
  }
}

int cudaDeviceCount() { return cudaRuntime() ? cudaRuntime()->deviceCount() : 0; }

std::string cudaUnavailable() {
  return cudaRuntime() ? cudaRuntime()->whyNoDevice()
                       : "this build has no CUDA backend; build one with DTRAIN_CUDA=on scripts/setup.sh";
}

std::map<std::string, std::string> cudaLibraries() {
  std::map<std::string, std::string> out;
  for (const LibraryVersion& library : cudaLibraryVersions()) out[library.name] = library.version;
  return out;
}

napi_value cudaInfo(Device device) {
  const DeviceInfo info = runtimeOf("deviceProperties", device).info(device.index);
  const napi_env env = instance().env;
  return toObject(env, {{"name", toJs(env, info.name)},
                        {"memory", toJs(env, info.memory)},
                        {"major", toJs(env, info.major)},
                        {"minor", toJs(env, info.minor)},
                        {"multiprocessors", toJs(env, info.multiprocessors)},
                        {"l2", toJs(env, info.l2)},
                        {"memoryPools", toJs(env, info.memoryPools)}});
}

std::vector<std::string> cudaUuids() {
  std::vector<std::string> out;
  for (int i = 0; i < cudaDeviceCount(); i++) out.push_back(cudaRuntime()->uuid(i));
  return out;
}

int cudaCurrentDevice() { return currentCudaDevice(); }
void cudaSetDevice(int index) { setCurrentCudaDevice(index); }
void cudaSynchronize(Device device) { runtimeOf("synchronize", device).synchronizeDevice(device.index); }

bool cudaChoice(Choice which) { return flag(which); }
void cudaSetChoice(Choice which, bool on) { flag(which) = on; }

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

Group group("cuda");

DT_OP(cudaDeviceCount);
// Why there is no device, or '' when there is one.
DT_OP(cudaUnavailable);
// Versions of the libraries that are opened at first use, or why one cannot be.
DT_OP(cudaLibraries);
DT_OP_AS(cudaInfo, "CudaInfo", device);
// Of each device, without taking any into use.
DT_OP(cudaUuids);
DT_OP(cudaCurrentDevice);
DT_OP(cudaSetDevice, index);
DT_OP(cudaSynchronize, device);
// What NVIDIA's libraries may do for speed: src/cuda/backends.ts.
DT_OP(cudaChoice, which);
DT_OP(cudaSetChoice, which, on);
DT_OP(cudaStream, device, priority);
// The compute stream.
DT_OP(cudaDefaultStream, device);
DT_OP(cudaSetStream, stream);
DT_OP(streamDevice, stream);
DT_OP(streamDone, stream);
DT_OP(streamSynchronize, stream);
DT_OP(streamWaitEvent, stream, event);
DT_OP(cudaEvent, device, timing);
DT_OP(eventRecord, event, stream);
DT_OP(eventDone, event);
DT_OP(eventSynchronize, event);
DT_OP(eventElapsed, start, end);
DT_OP(recordStream, x, stream);

}  // namespace
}  // namespace dtrain::binding
