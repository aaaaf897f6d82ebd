// Last errors, names and texts. The text of an error that the emulation can explain is CUDA's with the sentence behind
// it in brackets, so that whoever prints cudaGetErrorString shows the reason without knowing of the emulation.
#include "emulation/cuda/errors.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

#include "emulation/cuda/runtime.h"
#include "emulation/cuda/settings.h"

namespace emulation {
namespace {

struct Named {
  cudaError_t error;
  const char* name;
  const char* text;
};

constexpr Named kNames[] = {
    {cudaSuccess, "cudaSuccess", "no error"},
    {cudaErrorInvalidValue, "cudaErrorInvalidValue", "invalid argument"},
    {cudaErrorMemoryAllocation, "cudaErrorMemoryAllocation", "out of memory"},
    {cudaErrorInitializationError, "cudaErrorInitializationError", "initialization error"},
    {cudaErrorInvalidConfiguration, "cudaErrorInvalidConfiguration", "invalid configuration argument"},
    {cudaErrorInvalidMemcpyDirection, "cudaErrorInvalidMemcpyDirection", "invalid copy direction for memcpy"},
    {cudaErrorInsufficientDriver, "cudaErrorInsufficientDriver",
     "CUDA driver version is insufficient for CUDA runtime version"},
    {cudaErrorInvalidDeviceFunction, "cudaErrorInvalidDeviceFunction", "invalid device function"},
    {cudaErrorNoDevice, "cudaErrorNoDevice", "no CUDA-capable device is detected"},
    {cudaErrorInvalidDevice, "cudaErrorInvalidDevice", "invalid device ordinal"},
    {cudaErrorPeerAccessUnsupported, "cudaErrorPeerAccessUnsupported",
     "peer access is not supported between these two devices"},
    {cudaErrorInvalidResourceHandle, "cudaErrorInvalidResourceHandle", "invalid resource handle"},
    {cudaErrorNotReady, "cudaErrorNotReady", "device not ready"},
    {cudaErrorIllegalAddress, "cudaErrorIllegalAddress", "an illegal memory access was encountered"},
    {cudaErrorLaunchOutOfResources, "cudaErrorLaunchOutOfResources", "too many resources requested for launch"},
    {cudaErrorLaunchTimeout, "cudaErrorLaunchTimeout", "the launch timed out and was terminated"},
    {cudaErrorPeerAccessAlreadyEnabled, "cudaErrorPeerAccessAlreadyEnabled", "peer access is already enabled"},
    {cudaErrorPeerAccessNotEnabled, "cudaErrorPeerAccessNotEnabled", "peer access has not been enabled"},
    {cudaErrorAssert, "cudaErrorAssert", "device-side assert triggered"},
    {cudaErrorMisalignedAddress, "cudaErrorMisalignedAddress", "misaligned address"},
    {cudaErrorLaunchFailure, "cudaErrorLaunchFailure", "unspecified launch failure"},
    {cudaErrorNotPermitted, "cudaErrorNotPermitted", "operation not permitted"},
    {cudaErrorNotSupported, "cudaErrorNotSupported", "operation not supported"},
    {cudaErrorStreamCaptureUnsupported, "cudaErrorStreamCaptureUnsupported",
     "operation not permitted when stream is capturing"},
    {cudaErrorUnknown, "cudaErrorUnknown", "unknown error"},
};

const Named* find(cudaError_t error) {
  const auto found =
      std::find_if(std::begin(kNames), std::end(kNames), [&](const Named& n) { return n.error == error; });
  return found == std::end(kNames) ? nullptr : found;
}

struct Explained {
  std::mutex mutex;
  std::map<cudaError_t, std::string> latest;  // per error, so that a sticky one keeps its reason
  std::string why;                            // of them all
  std::set<std::string> texts;                // what cudaGetErrorString has returned; callers may keep it for ever
};

Explained& explained() {
  static Explained* const instance = new Explained;
  return *instance;
}

constinit thread_local cudaError_t last = cudaSuccess;
constinit thread_local bool insideHostFunction = false;

}  // namespace

std::string hex(const void* p) {
  char text[32];
  std::snprintf(text, sizeof text, "%p", p);
  return text;
}

void explain(cudaError_t error, const std::string& why) {
  Explained& e = explained();
  const std::lock_guard lock(e.mutex);
  e.latest[error] = why;
  e.why = why;
}

cudaError_t note(cudaError_t error) { return last = error; }

void mayCall() {
  if (insideHostFunction) [[unlikely]]
    refuse(cudaErrorNotPermitted, "a host function of a stream must not call CUDA");
  if (!settings().problem.empty()) [[unlikely]]
    refuse(cudaErrorInitializationError, settings().problem);
}

void setInsideHostFunction(bool inside) { insideHostFunction = inside; }

std::string lastDiagnosis() {
  Explained& e = explained();
  const std::lock_guard lock(e.mutex);
  return e.why;
}

}  // namespace emulation

using namespace emulation;

cudaError_t cudaPeekAtLastError() {
  const cudaError_t sticky = currentSticky();
  return sticky != cudaSuccess ? sticky : last;
}

cudaError_t cudaGetLastError() {
  const cudaError_t error = cudaPeekAtLastError();
  last = cudaSuccess;
  return error;
}

const char* cudaGetErrorName(cudaError_t error) {
  const Named* named = find(error);
  return named == nullptr ? "unrecognized error code" : named->name;
}

const char* cudaGetErrorString(cudaError_t error) {
  const Named* named = find(error);
  if (named == nullptr) return "unrecognized error code";
  Explained& e = explained();
  const std::lock_guard lock(e.mutex);
  const auto why = e.latest.find(error);
  if (why == e.latest.end()) return named->text;
  return e.texts.insert(sentence(named->text, " (", why->second, ")")).first->c_str();
}
