// Helpers for the tests of the emulated runtime. Settings are read once per process and a failed device stays failed,
// so a test that needs either runs its body in a process of its own (isolated).
#pragma once

#include <cuda_runtime.h>

#include <functional>
#include <source_location>
#include <string>
#include <vector>

#include "emulation/cuda/emulation.h"
#include "test/isolated.h"

namespace dtrain::test {

inline void ok(cudaError_t error, std::source_location at = std::source_location::current()) {
  expect(error == cudaSuccess, at.file_name(), ":", at.line(), ": ", cudaGetErrorName(error), ": ",
         cudaGetErrorString(error));
}

// The error is the expected one and the latest diagnosis contains `why`.
inline void refused(cudaError_t error, cudaError_t expected, const std::string& why,
                    std::source_location at = std::source_location::current()) {
  expect(error == expected && emulation::lastDiagnosis().find(why) != std::string::npos, at.file_name(), ":", at.line(),
         ": ", cudaGetErrorName(error), ": ", emulation::lastDiagnosis());
}

class Stream {
 public:
  Stream() { ok(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }
  ~Stream() { cudaStreamDestroy(stream_); }
  Stream(const Stream&) = delete;
  operator cudaStream_t() const { return stream_; }
  void wait() const { ok(cudaStreamSynchronize(stream_)); }

 private:
  cudaStream_t stream_ = nullptr;
};

class Event {
 public:
  explicit Event(unsigned flags = cudaEventDisableTiming) { ok(cudaEventCreateWithFlags(&event_, flags)); }
  ~Event() { cudaEventDestroy(event_); }
  Event(const Event&) = delete;
  operator cudaEvent_t() const { return event_; }

 private:
  cudaEvent_t event_ = nullptr;
};

template <class T>
T* allocate(cudaStream_t stream, size_t n) {
  void* p = nullptr;
  ok(cudaMallocAsync(&p, n * sizeof(T), stream));
  return static_cast<T*>(p);
}

template <class T>
T* zeros(cudaStream_t stream, size_t n) {
  T* p = allocate<T>(stream, n);
  ok(cudaMemsetAsync(p, 0, n * sizeof(T), stream));
  return p;
}

template <class T>
T* upload(cudaStream_t stream, const std::vector<T>& values) {
  T* p = allocate<T>(stream, values.size());
  ok(cudaMemcpyAsync(p, values.data(), values.size() * sizeof(T), cudaMemcpyHostToDevice, stream));
  ok(cudaStreamSynchronize(stream));
  return p;
}

template <class T>
std::vector<T> download(cudaStream_t stream, const T* p, size_t n) {
  std::vector<T> values(n);
  ok(cudaMemcpyAsync(values.data(), p, n * sizeof(T), cudaMemcpyDeviceToHost, stream));
  return values;
}

template <class... Parameters, class... Actual>
cudaError_t launch(cudaStream_t stream, void (*kernel)(Parameters...), dim3 grid, dim3 block, Actual&&... actual) {
  cudaLaunchConfig_t config{};
  config.gridDim = grid;
  config.blockDim = block;
  config.stream = stream;
  return cudaLaunchKernelEx(&config, kernel, static_cast<Parameters>(actual)...);
}

// Keeps a stream busy until it is destroyed: a gate that operations behind it wait at.
class Gate {
 public:
  explicit Gate(cudaStream_t stream);
  ~Gate() { open(); }
  void open();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace dtrain::test
