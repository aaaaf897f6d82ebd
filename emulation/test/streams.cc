// Streams and events: what runs at the same time, what waits for what, and that forgetting to wait shows.
#include <atomic>
#include <chrono>
#include <thread>

#include "emulation/test/support.h"

namespace dtrain::test {
namespace {

__global__ void fill(int* p, int value, int n) {
  for (int i = static_cast<int>(threadIdx.x); i < n; i += static_cast<int>(blockDim.x)) p[i] = value;
}

__global__ void copyInts(int* to, const int* from, int n) {
  for (int i = static_cast<int>(threadIdx.x); i < n; i += static_cast<int>(blockDim.x)) to[i] = from[i];
}

TEST("emulation streams: operations of one stream run in order") {
  const Stream stream;
  int* p = allocate<int>(stream, 64);
  for (int i = 0; i < 100; i++) ok(launch(stream, fill, 1, 32, p, i, 64));
  EXPECT(download(stream, p, 64) == std::vector<int>(64, 99));
}

TEST("emulation streams: two streams run at the same time") {
  const Stream a, b;
  std::atomic<int> seen{0};
  // Each waits for the other, so neither could finish if one ran after the other.
  for (const Stream* s : {&a, &b})
    ok(emulation::enqueue(*s, [&seen] {
      seen++;
      while (seen < 2) std::this_thread::yield();
    }));
  a.wait();
  b.wait();
}

TEST("emulation streams: query and synchronize tell whether the work is done") {
  const Stream stream;
  ok(cudaStreamQuery(stream));
  Gate gate(stream);
  EXPECT(cudaStreamQuery(stream) == cudaErrorNotReady);
  EXPECT(cudaGetLastError() == cudaErrorNotReady && cudaGetLastError() == cudaSuccess);
  gate.open();
  ok(cudaDeviceSynchronize());
  ok(cudaStreamQuery(stream));
}

TEST("emulation streams: a destroyed stream finishes its work, and its handle is refused") {
  std::atomic<bool> ran{false};
  cudaStream_t stream;
  ok(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  Gate gate(stream);
  ok(emulation::enqueue(stream, [&ran] { ran = true; }));
  ok(cudaStreamDestroy(stream));
  refused(cudaStreamSynchronize(stream), cudaErrorInvalidResourceHandle, "destroyed");
  gate.open();
  ok(cudaDeviceSynchronize());
  EXPECT(ran);
}

TEST("emulation streams: the default streams are refused") {
  for (const cudaStream_t s : {cudaStream_t{}, cudaStreamLegacy, cudaStreamPerThread}) {
    refused(cudaStreamSynchronize(s), cudaErrorInvalidResourceHandle, "default streams");
    refused(launch(s, fill, 1, 1, nullptr, 0, 0), cudaErrorInvalidResourceHandle, "default streams");
    EXPECT(emulation::deviceOf(s) == -1);
  }
}

TEST("emulation streams: priorities are kept within their range, and a stream knows its device") {
  int least = 1, greatest = 1, priority = 1, device = -1;
  ok(cudaDeviceGetStreamPriorityRange(&least, &greatest));
  EXPECT(least == 0 && greatest < 0);
  cudaStream_t stream;
  ok(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, greatest - 10));
  ok(cudaStreamGetPriority(stream, &priority));
  ok(cudaStreamGetDevice(stream, &device));
  EXPECT(priority == greatest && device == 0);
  ok(cudaStreamDestroy(stream));
}

void setFlag(void* flag) { *static_cast<bool*>(flag) = true; }
void callCuda(void* error) {
  int device;
  *static_cast<cudaError_t*>(error) = cudaGetDevice(&device);
}

TEST("emulation streams: a host function runs in order and must not call CUDA") {
  const Stream stream;
  bool flag = false;
  cudaError_t error = cudaSuccess;
  Gate gate(stream);
  ok(cudaLaunchHostFunc(stream, setFlag, &flag));
  ok(cudaLaunchHostFunc(stream, callCuda, &error));
  gate.open();
  stream.wait();
  EXPECT(flag && error == cudaErrorNotPermitted);
}

TEST("emulation events: a stream waits for the record that was latest at the call") {
  const Stream writer, reader;
  int* p = zeros<int>(writer, 1);
  int* out = allocate<int>(writer, 1);
  writer.wait();
  const Event event;
  Gate first(writer);
  ok(launch(writer, fill, 1, 1, p, 1, 1));
  ok(cudaEventRecord(event, writer));
  ok(cudaStreamWaitEvent(reader, event));
  ok(launch(reader, copyInts, 1, 1, out, p, 1));
  const Event read;
  ok(cudaEventRecord(read, reader));
  ok(cudaStreamWaitEvent(writer, read));
  Gate second(writer);
  ok(launch(writer, fill, 1, 1, p, 2, 1));
  ok(cudaEventRecord(event, writer));  // the reader's wait is for the first record
  EXPECT(cudaEventQuery(event) == cudaErrorNotReady && cudaStreamQuery(reader) == cudaErrorNotReady);
  first.open();
  EXPECT(download(reader, out, 1)[0] == 1);
  EXPECT(cudaEventQuery(event) == cudaErrorNotReady);
  second.open();
  ok(cudaEventSynchronize(event));
  EXPECT(download(writer, p, 1)[0] == 2);
}

TEST("emulation events: one that was never recorded holds nobody up, and one may be destroyed while it is waited for") {
  const Stream a, b;
  const Event never;
  ok(cudaStreamWaitEvent(a, never));
  ok(cudaEventQuery(never));
  ok(cudaEventSynchronize(never));
  a.wait();
  cudaEvent_t event;
  ok(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
  Gate gate(a);
  ok(cudaEventRecord(event, a));
  ok(cudaStreamWaitEvent(b, event));
  ok(cudaEventDestroy(event));
  refused(cudaEventQuery(event), cudaErrorInvalidResourceHandle, "destroyed");
  EXPECT(cudaStreamQuery(b) == cudaErrorNotReady);
  gate.open();
  b.wait();
}

TEST("emulation events: the time between two of them") {
  const Stream stream;
  const Event start(cudaEventDefault), end(cudaEventDefault), untimed;
  float ms = -1;
  ok(cudaEventRecord(start, stream));
  EXPECT(cudaEventElapsedTime(&ms, start, end) == cudaErrorInvalidResourceHandle);
  ok(cudaEventSynchronize(start));
  Gate gate(stream);
  ok(cudaEventRecord(end, stream));
  ok(cudaEventRecord(untimed, stream));
  EXPECT(cudaEventElapsedTime(&ms, start, end) == cudaErrorNotReady);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  gate.open();
  stream.wait();
  ok(cudaEventElapsedTime(&ms, start, end));
  EXPECT(ms >= 20 && ms < 20000);
  refused(cudaEventElapsedTime(&ms, start, untimed), cudaErrorInvalidResourceHandle, "without timing");
}

// How often the reader sees the old value when it does or does not wait for the writer.
int oldValues(bool waits) {
  const Stream writer, reader;
  int* p = zeros<int>(writer, 1);
  int* out = allocate<int>(writer, 1);
  writer.wait();
  const Event written;
  int old = 0;
  for (int i = 1; i <= 50; i++) {
    ok(launch(writer, fill, 1, 1, p, i, 1));
    ok(cudaEventRecord(written, writer));
    if (waits) ok(cudaStreamWaitEvent(reader, written));
    ok(launch(reader, copyInts, 1, 1, out, p, 1));
    old += download(reader, out, 1)[0] != i;
    writer.wait();
  }
  return old;
}

TEST("emulation jitter: a reader that waits for the writer's event always sees the new value") {
  isolated("emulation jitter: a reader that waits", {"DTRAIN_EMULATION=jitter=500us"},
           [] { EXPECT(oldValues(true) == 0); });
}

#ifndef __SANITIZE_THREAD__  // it is a data race, and ThreadSanitizer says so
TEST("emulation jitter: a reader that forgets to wait sees the old value") {
  isolated("emulation jitter: a reader that forgets", {"DTRAIN_EMULATION=jitter=500us"},
           [] { EXPECT(oldValues(false) > 5); });
}
#else
TEST("emulation streams: ThreadSanitizer reports a reader that forgets to wait, also when all goes well") {
  const char* name = "emulation streams: ThreadSanitizer";
  if (!isChild()) {
    EXPECT(runSelf(name, {}).output.find("ThreadSanitizer: data race") != std::string::npos);
    return;
  }
  const Stream writer, reader;
  int* p = zeros<int>(writer, 1);
  int* out = allocate<int>(writer, 1);
  writer.wait();
  ok(launch(writer, fill, 1, 1, p, 1, 1));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // the writer has finished, but nobody waited for it
  ok(launch(reader, copyInts, 1, 1, out, p, 1));
  reader.wait();
}
#endif

TEST("emulation streams: several threads may use one stream and one device") {
  const Stream stream;
  int* p = zeros<int>(stream, 4);
  stream.wait();
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (int t = 0; t < 4; t++)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; i++) {
        cudaEvent_t event = nullptr;
        void* more = nullptr;
        for (const cudaError_t e :
             {cudaMallocAsync(&more, 4096, stream), launch(stream, fill, 1, 1, p + t, i, 1),
              cudaFreeAsync(more, stream), cudaEventCreateWithFlags(&event, cudaEventDisableTiming),
              cudaEventRecord(event, stream), cudaEventSynchronize(event), cudaEventDestroy(event)})
          failures += e != cudaSuccess;
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT(failures == 0 && download(stream, p, 4) == std::vector<int>(4, 49));
}

}  // namespace
}  // namespace dtrain::test
