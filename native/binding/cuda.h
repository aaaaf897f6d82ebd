// CUDA devices, streams and events as JavaScript sees them; src/cuda is their public face. Without a CUDA backend there
// are no devices, and everything but the count says so.
#pragma once

#include "binding/value.h"

namespace dtrain::binding {

int cudaDeviceCount();
std::string cudaUnavailable();
napi_value cudaLibraries();
napi_value cudaInfo(Device device);
int cudaCurrentDevice();
void cudaSetDevice(int index);
void cudaSynchronize(Device device);
bool cudaChoice(const std::string& which);
void cudaSetChoice(const std::string& which, bool on);

Ref<Stream> cudaStream(Device device, int priority);
Ref<Stream> cudaDefaultStream(Device device);
void cudaSetStream(const Ref<Stream>& stream);
std::string streamDevice(const Ref<Stream>& stream);
bool streamDone(const Ref<Stream>& stream);
void streamSynchronize(const Ref<Stream>& stream);
void streamWaitEvent(const Ref<Stream>& stream, const Ref<Event>& event);

Ref<Event> cudaEvent(Device device, bool timing);
void eventRecord(const Ref<Event>& event, const Ref<Stream>& stream);
bool eventDone(const Ref<Event>& event);
void eventSynchronize(const Ref<Event>& event);
double eventElapsed(const Ref<Event>& start, const Ref<Event>& end);
void recordStream(const Tensor& x, const Ref<Stream>& stream);

}  // namespace dtrain::binding
