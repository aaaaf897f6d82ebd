// Memory: allocation in stream order, copies, limits, and what is filled and hidden.
#include <sys/wait.h>

#include <chrono>
#include <cstring>
#include <limits>
#include <thread>

#include "emulation/test/support.h"

namespace dtrain::test {
namespace {

__global__ void addOne(int* p, int n) {
  for (int i = static_cast<int>(threadIdx.x); i < n; i += static_cast<int>(blockDim.x)) p[i]++;
}

size_t freeBytes() {
  size_t free = 0, total = 0;
  ok(cudaMemGetInfo(&free, &total));
  return free;
}

TEST("emulation memory: fresh memory is NaN, also where a freed allocation was") {
  const Stream stream;
  for (int round = 0; round < 50; round++) {
    auto* p = allocate<float>(stream, 1000);
    for (const float v : download(stream, p, 1000)) EXPECT(std::isnan(v));
    ok(cudaMemsetAsync(p, 0, 4000, stream));
    ok(cudaFreeAsync(p, stream));
    stream.wait();
  }
}

TEST("emulation memory: a block is counted until the stream has reached its end") {
  const Stream stream;
  ok(cudaDeviceSynchronize());  // what earlier tests have freed counts until their streams have got there
  const size_t before = freeBytes();
  void* p = allocate<char>(stream, 1 << 20);
  EXPECT(freeBytes() == before - (1 << 20));
  Gate gate(stream);
  ok(cudaFreeAsync(p, stream));
  EXPECT(freeBytes() == before - (1 << 20));
  gate.open();
  stream.wait();
  EXPECT(freeBytes() == before);
}

TEST("emulation memory: cudaMalloc and cudaFree, which waits for the device") {
  const Stream stream;
  void* p = nullptr;
  ok(cudaDeviceSynchronize());  // what earlier tests have freed counts until their streams have got there
  const size_t before = freeBytes();
  ok(cudaMalloc(&p, 1000));
  EXPECT(p != nullptr && reinterpret_cast<uintptr_t>(p) % 256 == 0);
  ok(launch(stream, addOne, 1, 32, static_cast<int*>(p), 250));
  ok(cudaFree(p));
  EXPECT(freeBytes() == before && cudaStreamQuery(stream) == cudaSuccess);
  ok(cudaFree(nullptr));
  ok(cudaMalloc(&p, 0));
  EXPECT(p == nullptr);
}

TEST("emulation memory: the limit of a device, and memory that streams are about to give back") {
  isolated("emulation memory: the limit", {"DTRAIN_EMULATION=memory=8MiB,devices=2"}, [] {
    const Stream stream;
    void *big = allocate<char>(stream, 6 << 20), *p = &big;
    EXPECT(cudaMallocAsync(&p, 3 << 20, stream) == cudaErrorMemoryAllocation);
    EXPECT(cudaGetLastError() == cudaErrorMemoryAllocation && cudaGetLastError() == cudaSuccess);
    EXPECT(cudaMalloc(&p, size_t{1} << 62) == cudaErrorMemoryAllocation);
    ok(emulation::enqueue(stream, [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }));
    ok(cudaFreeAsync(big, stream));
    ok(cudaMallocAsync(&p, 7 << 20, stream));  // waits for the stream
    ok(cudaFreeAsync(p, stream));
    // Many sizes: fragmentation and quarantine must not use up the addresses.
    for (int i = 0; i < 2000; i++) {
      const size_t bytes = size_t{1} << (i * 7 % 22);
      ok(cudaMallocAsync(&p, bytes, stream));
      ok(cudaFreeAsync(p, stream));
    }
    ok(cudaSetDevice(1));  // has its own
    ok(cudaMalloc(&p, 8 << 20));
    size_t free = 1, total = 0;
    ok(cudaMemGetInfo(&free, &total));
    EXPECT(free == 0 && total == 8 << 20);
  });
}

TEST("emulation memory: the pool's numbers, and trimming it") {
  isolated("emulation memory: the pool", {}, [] {
    const Stream stream;
    cudaMemPool_t pool = nullptr;
    ok(cudaDeviceGetDefaultMemPool(&pool, 0));
    const auto get = [&](cudaMemPoolAttr attribute) {
      uint64_t value = 0;
      ok(cudaMemPoolGetAttribute(pool, attribute, &value));
      return value;
    };
    uint64_t threshold = UINT64_MAX, zero = 0;
    ok(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &threshold));
    EXPECT(get(cudaMemPoolAttrReleaseThreshold) == UINT64_MAX);
    void* p = allocate<char>(stream, 64 << 20);
    EXPECT(get(cudaMemPoolAttrUsedMemCurrent) == 64 << 20 && get(cudaMemPoolAttrReservedMemCurrent) >= 64 << 20);
    ok(cudaFreeAsync(p, stream));
    stream.wait();
    EXPECT(get(cudaMemPoolAttrUsedMemCurrent) == 0 && get(cudaMemPoolAttrUsedMemHigh) == 64 << 20);
    EXPECT(get(cudaMemPoolAttrReservedMemCurrent) >= 64 << 20);
    ok(cudaMemPoolTrimTo(pool, 4 << 20));
    EXPECT(get(cudaMemPoolAttrReservedMemCurrent) == 4 << 20);
    ok(cudaMemPoolTrimTo(pool, 0));
    EXPECT(get(cudaMemPoolAttrReservedMemCurrent) == 0);
    ok(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &zero));
    EXPECT(get(cudaMemPoolAttrUsedMemHigh) == 0);
    EXPECT(std::isnan(download(stream, allocate<float>(stream, 1 << 20), 1 << 20)[12345]));
    refused(cudaMemPoolTrimTo(reinterpret_cast<cudaMemPool_t>(&zero), 0), cudaErrorInvalidValue, "memory pool");
  });
}

TEST("emulation copies: pageable memory is read when the stream gets there and written before the call returns") {
  const Stream stream;
  int* p = allocate<int>(stream, 4);
  std::vector<int> host{0, 0, 0, 0};
  Gate gate(stream);
  ok(cudaMemcpyAsync(p, host.data(), 16, cudaMemcpyHostToDevice, stream));
  host = {1, 2, 3, 4};
  ok(launch(stream, addOne, 1, 4, p, 4));
  std::thread opener([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    gate.open();
  });
  ok(cudaMemcpyAsync(host.data(), p, 16, cudaMemcpyDeviceToHost, stream));  // waits for the gate
  EXPECT((host == std::vector<int>{2, 3, 4, 5}));
  opener.join();
}

TEST("emulation copies: pinned memory is read and written when the stream gets there") {
  const Stream stream;
  int *p = allocate<int>(stream, 1), *from = nullptr, *to = nullptr;
  ok(cudaHostAlloc(reinterpret_cast<void**>(&from), 4, cudaHostAllocDefault));
  ok(cudaHostAlloc(reinterpret_cast<void**>(&to), 4, cudaHostAllocPortable));
  *from = 1;
  *to = 0;
  Gate gate(stream);
  ok(cudaMemcpyAsync(p, from, 4, cudaMemcpyDefault, stream));
  ok(cudaMemcpyAsync(to, p, 4, cudaMemcpyDeviceToHost, stream));
  *from = 2;
  EXPECT(*to == 0 && cudaStreamQuery(stream) == cudaErrorNotReady);
  gate.open();
  stream.wait();
  EXPECT(*to == 2);
  ok(cudaFreeHost(from));
  ok(cudaFreeHost(to));
  refused(cudaFreeHost(to), cudaErrorInvalidValue, "not pinned");
}

TEST("emulation copies: a kernel writes to mapped memory of the host") {
  const Stream stream;
  int* host = nullptr;
  ok(cudaHostAlloc(reinterpret_cast<void**>(&host), 4, cudaHostAllocMapped));
  *host = 41;
  int* seen = nullptr;
  ok(cudaHostGetDevicePointer(reinterpret_cast<void**>(&seen), host, 0));
  ok(launch(stream, addOne, 1, 1, seen, 1));
  stream.wait();
  EXPECT(*host == 42);
  cudaPointerAttributes attributes;
  ok(cudaPointerGetAttributes(&attributes, host));
  EXPECT(attributes.type == cudaMemoryTypeHost && attributes.device == 0);
  ok(cudaFreeHost(host));
  ok(cudaPointerGetAttributes(&attributes, &attributes));
  EXPECT(attributes.type == cudaMemoryTypeUnregistered && attributes.devicePointer == nullptr);
}

TEST("emulation copies: between devices, and from host to host") {
  isolated("emulation copies: between devices", {"DTRAIN_EMULATION=devices=2"}, [] {
    const Stream first;
    int* p = upload<int>(first, {7, 8});
    first.wait();
    ok(cudaSetDevice(1));
    const Stream second;
    int* q = allocate<int>(second, 2);
    refused(cudaMemcpyAsync(q, p, 8, cudaMemcpyDeviceToDevice, second), cudaErrorInvalidValue, "memory of device 0");
    ok(cudaMemcpyPeerAsync(q, 1, p, 0, 8, second));
    EXPECT((download(second, q, 2) == std::vector<int>{7, 8}));
    refused(cudaFreeAsync(q, first), cudaErrorInvalidValue, "the stream belongs to device 0");
    refused(emulation::checkDevicePointer(first, q, 8), cudaErrorInvalidValue, "the stream belongs to device 0");
    cudaPointerAttributes attributes;
    ok(cudaPointerGetAttributes(&attributes, q + 1));
    EXPECT(attributes.type == cudaMemoryTypeDevice && attributes.device == 1);
    int from = 3, to = 0, can = 0;
    ok(cudaMemcpyAsync(&to, &from, 4, cudaMemcpyHostToHost, second));
    ok(cudaDeviceCanAccessPeer(&can, 0, 1));
    EXPECT(to == 3 && can == 1);
  });
}

TEST("emulation copies: wrong ends, sizes and directions are refused at the call") {
  isolated("emulation copies: wrong ends", {}, [] {
    const Stream stream;
    int* p = allocate<int>(stream, 4);
    int host[8] = {};
    int* pinned = nullptr;
    ok(cudaHostAlloc(reinterpret_cast<void**>(&pinned), 16, 0));
    const auto copy = [&](void* to, const void* from, size_t bytes, int kind) {
      return cudaMemcpyAsync(to, from, bytes, static_cast<cudaMemcpyKind>(kind), stream);
    };
    refused(copy(p, host, 20, cudaMemcpyHostToDevice), cudaErrorInvalidValue, "past the end");
    refused(copy(p + 1, host, 16, cudaMemcpyHostToDevice), cudaErrorInvalidValue, "past the end");
    refused(copy(pinned + 1, p, 16, cudaMemcpyDeviceToHost), cudaErrorInvalidValue, "end of pinned memory");
    refused(copy(host + 4, host, 16, cudaMemcpyHostToDevice), cudaErrorInvalidValue, "cudaMemcpyHostToHost");
    refused(copy(p, p + 1, 8, cudaMemcpyDeviceToDevice), cudaErrorInvalidValue, "overlap");
    refused(copy(p, nullptr, 4, cudaMemcpyHostToDevice), cudaErrorInvalidValue, "null");
    refused(copy(p, host, 4, 9), cudaErrorInvalidMemcpyDirection, "kind");
    refused(cudaMemsetAsync(host, 0, 4, stream), cudaErrorInvalidValue, "not device memory");
    refused(cudaMemsetAsync(p, 0, 17, stream), cudaErrorInvalidValue, "past the end");
    refused(cudaFreeAsync(p + 1, stream), cudaErrorInvalidValue, "beginning");
    refused(cudaFreeAsync(host, stream), cudaErrorInvalidValue, "not device memory");
    refused(emulation::checkDevicePointer(stream, p, 17), cudaErrorInvalidValue, "past the end");
    refused(emulation::checkDevicePointer(stream, host, 1), cudaErrorInvalidValue, "not device memory");
    ok(emulation::checkDevicePointer(stream, p, 16));
    ok(cudaFreeAsync(p, stream));
    refused(emulation::checkDevicePointer(stream, p, 16), cudaErrorInvalidValue, "freed");
    refused(copy(p, host, 4, cudaMemcpyHostToDevice), cudaErrorInvalidValue, "freed");
    refused(cudaFreeAsync(p, stream), cudaErrorInvalidValue, "freed");
    EXPECT(std::string(cudaGetErrorString(cudaErrorInvalidValue)).rfind("invalid argument (", 0) == 0);
    ok(copy(nullptr, nullptr, 0, cudaMemcpyHostToDevice));
    stream.wait();
  });
}

TEST("emulation memory: wrong flags, attributes and handles are refused") {
  void* p = nullptr;
  cudaEvent_t event;
  cudaStream_t stream;
  cudaMemPool_t pool;
  uint64_t value = 1;
  ok(cudaDeviceGetDefaultMemPool(&pool, 0));
  refused(cudaHostAlloc(&p, 4, 64), cudaErrorInvalidValue, "flags: 64");
  refused(cudaHostGetDevicePointer(&p, &value, 0), cudaErrorInvalidValue, "not pinned");
  refused(cudaEventCreateWithFlags(&event, 4), cudaErrorInvalidValue, "flags that are not emulated: 4");
  refused(cudaStreamCreateWithFlags(&stream, 8), cudaErrorInvalidValue, "flags: 8");
  refused(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &value), cudaErrorInvalidValue, "cannot be set");
  refused(cudaMemPoolGetAttribute(pool, cudaMemPoolAttr{1}, &value), cudaErrorInvalidValue, "not emulated");
  refused(cudaMalloc(nullptr, 4), cudaErrorInvalidValue, "null");
  EXPECT(std::string(cudaGetErrorName(cudaErrorInvalidValue)) == "cudaErrorInvalidValue");
}

int readByHost(const int* p) { return *const_cast<const volatile int*>(p); }

TEST("emulation protect: the host dies when it reads device memory") {
  const char* name = "emulation protect: the host dies";
  if (!isChild()) {
    const Ended ended =
        runSelf(name, {"DTRAIN_EMULATION=protect=1", "ASAN_OPTIONS=handle_segv=0", "TSAN_OPTIONS=handle_segv=0"});
    EXPECT(ended.output.find("before") != std::string::npos && ended.output.find("after") == std::string::npos);
    EXPECT(WIFSIGNALED(ended.status) && WTERMSIG(ended.status) == SIGSEGV);
    return;
  }
  const Stream stream;
  int* p = upload<int>(stream, {5});
  ok(launch(stream, addOne, 1, 1, p, 1));
  std::printf("before %d\n", download(stream, p, 1)[0]);
  std::fflush(nullptr);
  std::printf("after %d\n", readByHost(p));
}

}  // namespace
}  // namespace dtrain::test
