// What would be a hang, a fault or silent damage on a GPU: it must become an error of the device with a sentence that
// names the cause. A failed device stays failed, so each case has a process of its own.
#include "emulation/test/support.h"

namespace dtrain::test {
namespace {

constexpr const char* here = __FILE__;

__global__ void touch(int* p) {
  if (p != nullptr) *p = 1;
}

// The device fails with this error and sentence when the stream gets there, and for good.
void fails(const Stream& stream, cudaError_t expected, const std::string& why,
           std::source_location at = std::source_location::current()) {
  refused(cudaStreamSynchronize(stream), expected, why, at);
  const std::string text = cudaGetErrorString(expected);
  expect(text.find(why) != std::string::npos, text);
  void* p = nullptr;
  for (const cudaError_t later : {cudaMallocAsync(&p, 4, stream), cudaStreamQuery(stream), cudaDeviceSynchronize(),
                                  launch(stream, touch, 1, 1, nullptr), cudaGetLastError(), cudaGetLastError()})
    expect(later == expected, at.file_name(), ":", at.line(), ": a later call: ", cudaGetErrorName(later));
}

__global__ void someReturn() {
  if (threadIdx.x >= 40) return;
  __syncthreads();
}

TEST("emulation misuse: some threads return before a barrier") {
  isolated("emulation misuse: some threads return", {}, [] {
    const Stream stream;
    ok(launch(stream, someReturn, 2, 64));
    fails(stream, cudaErrorLaunchFailure, str("thread (0, 0, 0) of block (0, 0, 0) waits in __syncthreads at ", here));
    EXPECT(emulation::lastDiagnosis().find("thread (40, 0, 0) has returned") != std::string::npos);
  });
}

__global__ void twoBarriers(int* p) {
  if (threadIdx.x < 16) p[0] = __syncthreads_or(0);
  else p[1] = __syncthreads_and(1);
}

TEST("emulation misuse: threads of a block at different barriers") {
  for (const char* order : {"forward", "reverse", "shuffle"})
    isolated("emulation misuse: threads of a block at different", {str("DTRAIN_EMULATION=order=", order)}, [] {
      const Stream stream;
      ok(launch(stream, twoBarriers, 1, 64, allocate<int>(stream, 2)));
      fails(stream, cudaErrorLaunchFailure, "a block diverges: ");
      for (const char* part : {"__syncthreads_or", "__syncthreads_and"})
        EXPECT(emulation::lastDiagnosis().find(part) != std::string::npos);
    });
}

__global__ void sameKindElsewhere() {
  if (threadIdx.x < 16) __syncthreads();
  else __syncthreads();
}

TEST("emulation misuse: threads of a block at the same kind of barrier on different lines") {
  isolated("emulation misuse: threads of a block at the same kind", {}, [] {
    const Stream stream;
    ok(launch(stream, sameKindElsewhere, 1, 64));
    fails(stream, cudaErrorLaunchFailure, "a block diverges: ");
  });
}

__global__ void laneReturned(int* p) {
  if (threadIdx.x == 7) return;
  p[threadIdx.x] = __shfl_xor_sync(0xffffffff, static_cast<int>(threadIdx.x), 1);
}

TEST("emulation misuse: a shuffle names a lane that has returned") {
  isolated("emulation misuse: a shuffle names a lane that has", {}, [] {
    const Stream stream;
    ok(launch(stream, laneReturned, 1, 32, allocate<int>(stream, 32)));
    fails(stream, cudaErrorLaunchFailure, "but lane 7, which it names, has returned");
  });
}

__global__ void fullMask(int* p) { p[threadIdx.x] = __shfl_down_sync(0xffffffff, static_cast<int>(threadIdx.x), 1); }

TEST("emulation misuse: a shuffle names a lane that the block does not have") {
  isolated("emulation misuse: a shuffle names a lane that the", {}, [] {
    const Stream stream;
    ok(launch(stream, fullMask, 1, 48, allocate<int>(stream, 48)));
    fails(stream, cudaErrorLaunchFailure, "does not exist: the block has 48 threads");
  });
}

__global__ void narrowMask(int* p, unsigned mask, int from, int width) {
  p[threadIdx.x] = __shfl_sync(mask, static_cast<int>(threadIdx.x), from, width);
}

TEST("emulation misuse: a lane that its own mask does not name") {
  isolated("emulation misuse: a lane that its own", {}, [] {
    const Stream stream;
    ok(launch(stream, narrowMask, 1, 32, allocate<int>(stream, 32), 0x0000ffffu, 0, 32));
    fails(stream, cudaErrorLaunchFailure, "its own lane is missing");
  });
}

TEST("emulation misuse: a shuffle that reads a lane outside of its mask") {
  isolated("emulation misuse: a shuffle that reads", {}, [] {
    const Stream stream;
    ok(launch(stream, narrowMask, 1, 16, allocate<int>(stream, 16), 0x0000ffffu, 20, 32));
    fails(stream, cudaErrorLaunchFailure, "reads lane 20");
  });
}

TEST("emulation misuse: a shuffle of an impossible width") {
  isolated("emulation misuse: a shuffle of an", {}, [] {
    const Stream stream;
    ok(launch(stream, narrowMask, 1, 32, allocate<int>(stream, 32), 0xffffffffu, 0, 24));
    fails(stream, cudaErrorLaunchFailure, "not 24");
  });
}

TEST("emulation misuse: memory of another device as an argument") {
  isolated("emulation misuse: memory of another", {"DTRAIN_EMULATION=devices=2"}, [] {
    const Stream first;
    int *pooled = zeros<int>(first, 1), *plain = nullptr;
    ok(cudaMalloc(reinterpret_cast<void**>(&plain), 4));
    first.wait();
    ok(cudaSetDevice(1));
    const Stream second;
    ok(cudaDeviceEnablePeerAccess(0, 0));
    EXPECT(cudaDeviceEnablePeerAccess(0, 0) == cudaErrorPeerAccessAlreadyEnabled);
    ok(launch(second, touch, 1, 1, plain));  // what cudaMalloc gave may be used by a peer
    second.wait();
    refused(launch(first, touch, 1, 1, pooled), cudaErrorInvalidResourceHandle, "the current device is 1");
    cudaMemPool_t pool;
    ok(cudaDeviceGetDefaultMemPool(&pool, 0));
    cudaMemAccessDesc access{{cudaMemLocationTypeDevice, 1}, cudaMemAccessFlagsProtReadWrite};
    ok(cudaMemPoolSetAccess(pool, &access, 1));
    ok(launch(second, touch, 1, 1, pooled));  // and this after its pool has been opened
    second.wait();
    access.flags = cudaMemAccessFlags{1};
    refused(cudaMemPoolSetAccess(pool, &access, 1), cudaErrorInvalidValue, "all or none, not 1");
    access.flags = cudaMemAccessFlagsProtNone;
    ok(cudaMemPoolSetAccess(pool, &access, 1));
    ok(launch(second, touch, 1, 1, pooled));
    fails(second, cudaErrorIllegalAddress, "is memory of device 0, and the kernel runs on device 1");
    ok(cudaSetDevice(0));  // the other device is well
    ok(launch(first, touch, 1, 1, pooled));
    first.wait();
  });
}

TEST("emulation misuse: freed memory as an argument") {
  isolated("emulation misuse: freed memory as", {}, [] {
    const Stream stream;
    int* p = allocate<int>(stream, 1);
    ok(launch(stream, touch, 1, 1, p));
    ok(cudaFreeAsync(p, stream));
    ok(launch(stream, touch, 1, 1, p));  // reported later, as by a GPU
    fails(stream, cudaErrorIllegalAddress, "freed");
    EXPECT(emulation::lastDiagnosis().find("argument 1 of kernel(int*): ") == 0);
  });
}

TEST("emulation misuse: memory of the host as an argument") {
  isolated("emulation misuse: memory of the host", {}, [] {
    const Stream stream;
    int host = 0;
    ok(launch(stream, touch, 1, 1, &host));
    fails(stream, cudaErrorIllegalAddress, "memory of the host that no kernel can reach");
    EXPECT(host == 0);
  });
}

struct Inner {
  int n;
  int* pointers[3];
};
__global__ void touchInner(Inner inner) { inner.pointers[2][inner.n] = 1; }

TEST("emulation misuse: a wild pointer within a structure") {
  isolated("emulation misuse: a wild pointer", {}, [] {
    const Stream stream;
    int* p = allocate<int>(stream, 4);
    Inner inner{};
    inner.pointers[2] = p;
    ok(launch(stream, touchInner, 1, 1, inner));
    inner.pointers[2] = p + 4;  // the end is allowed
    inner.n = -1;
    ok(launch(stream, touchInner, 1, 1, inner));
    stream.wait();
    inner.pointers[2] = p + 5;
    ok(launch(stream, touchInner, 1, 1, inner));
    fails(stream, cudaErrorIllegalAddress, "lies in no allocation of device 0");
  });
}

struct Pair {
  int low, high;
};
__global__ void takePair(Pair pair, int* sum) { *sum = pair.low + pair.high; }

TEST("emulation: two numbers side by side are not taken for a pointer") {
  const Stream stream;
  int* sum = allocate<int>(stream, 1);
  // As unlucky as it gets: the upper half of a device's addresses above an ordinary size.
  const Pair pair{1 << 20, static_cast<int>(reinterpret_cast<uintptr_t>(sum) >> 32)};
  ok(launch(stream, takePair, 1, 1, pair, sum));
  EXPECT(download(stream, sum, 1)[0] == pair.low + pair.high);
}

TEST("emulation misuse: memory that another stream has not allocated yet") {
  isolated("emulation misuse: memory that another", {}, [] {
    const Stream owner, other;
    Gate gate(owner);
    int* p = allocate<int>(owner, 1);
    ok(cudaMemsetAsync(p, 0, 4, other));
    fails(other, cudaErrorIllegalAddress, "cudaMemsetAsync: ");
    EXPECT(emulation::lastDiagnosis().find("an event is missing") != std::string::npos);
    ok(cudaSetDevice(1));
    const Stream second, third;
    Gate gate2(second);
    p = allocate<int>(second, 1);
    ok(launch(third, touch, 1, 1, p));
    fails(third, cudaErrorIllegalAddress, "an event is missing");
  });
}

__global__ void waitFor(int* flag, int* reached) {
  atomicExch(reached, 1);
  while (atomicAdd(flag, 0) == 0) {
  }
}

TEST("emulation misuse: memory freed by one stream while a kernel of another uses it") {
  isolated("emulation misuse: memory freed by one", {}, [] {
    const Stream user, owner;
    int* p = allocate<int>(owner, 1);
    owner.wait();
    int* flags = nullptr;
    ok(cudaHostAlloc(reinterpret_cast<void**>(&flags), 8, cudaHostAllocMapped));
    flags[0] = flags[1] = 0;
    ok(launch(
        user, +[](int* f, int*) { waitFor(f, f + 1); }, 1, 1, flags, p));
    while (std::atomic_ref(flags[1]).load() == 0) {
    }
    ok(cudaFreeAsync(p, owner));
    fails(owner, cudaErrorIllegalAddress, "while a kernel of another stream uses it");
    std::atomic_ref(flags[0]).store(1);
    EXPECT(cudaStreamSynchronize(user) == cudaErrorIllegalAddress);
  });
}

TEST("emulation: a process may end while a stream works") {
  isolated("emulation: a process may end", {"DTRAIN_EMULATION=workers=2"}, [] {
    cudaStream_t stream;
    ok(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    int* flags = nullptr;
    ok(cudaHostAlloc(reinterpret_cast<void**>(&flags), 8, cudaHostAllocMapped));
    flags[0] = flags[1] = 0;
    ok(launch(stream, waitFor, 2, 1, flags, flags + 1));  // for ever
    while (std::atomic_ref(flags[1]).load() == 0) {
    }
  });
}

TEST("emulation misuse: pinned memory freed before it was copied") {
  isolated("emulation misuse: pinned memory", {}, [] {
    const Stream stream;
    void* pinned = nullptr;
    ok(cudaHostAlloc(&pinned, 4, 0));
    int* p = allocate<int>(stream, 1);
    Gate gate(stream);
    ok(cudaMemcpyAsync(p, pinned, 4, cudaMemcpyHostToDevice, stream));
    ok(cudaFreeHost(pinned));
    gate.open();
    fails(stream, cudaErrorIllegalAddress, "was freed before the stream had copied it");
  });
}

__global__ void writeAt(char* p, int i) { p[i] = 1; }

#ifndef __SANITIZE_ADDRESS__  // which sees the write itself: the next test
TEST("emulation misuse: guard bytes find a write past either end of an allocation") {
  isolated("emulation misuse: guard bytes", {}, [] {
    void* plain = nullptr;
    ok(cudaSetDevice(2));
    ok(cudaMalloc(&plain, 24));
    {
      const Stream stream;
      ok(launch(stream, writeAt, 1, 1, static_cast<char*>(plain), 87));  // into the last of at least 64 guard bytes
    }
    refused(cudaFree(plain), cudaErrorIllegalAddress, "wrote behind an allocation of 24 bytes");
    for (const int device : {0, 1}) {
      ok(cudaSetDevice(device));
      const Stream stream;
      char* p = allocate<char>(stream, 1000);
      ok(launch(stream, writeAt, 1, 1, p, device == 0 ? 1000 : -1));
      stream.wait();
      ok(cudaFreeAsync(p, stream));
      fails(stream, cudaErrorIllegalAddress,
            device == 0 ? "wrote behind an allocation of 1000 bytes: the byte at offset 1000"
                        : "wrote in front of an allocation of 1000 bytes: the byte at offset -1");
    }
  });
}
#else
TEST("emulation misuse: AddressSanitizer reports a write past the end of an allocation") {
  const char* name = "emulation misuse: AddressSanitizer";
  if (!isChild()) {
    const Ended ended = runSelf(name, {});
    EXPECT(ended.output.find("use-after-poison") != std::string::npos);
    EXPECT(ended.output.find("writeAt") != std::string::npos);
    return;
  }
  const Stream stream;
  char* p = allocate<char>(stream, 1000);
  ok(launch(stream, writeAt, 1, 1, p, 1000));
  stream.wait();
}
#endif

TEST("emulation misuse: a launch with an impossible shape, device or kernel is refused at the call") {
  isolated("emulation misuse: a launch with", {"DTRAIN_EMULATION=devices=2"}, [] {
    const Stream stream;
    for (const dim3 block : {dim3(1025), dim3(0), dim3(1, 1, 65), dim3(32, 33)})
      refused(launch(stream, touch, 1, block, nullptr), cudaErrorInvalidConfiguration, "a block of");
    for (const dim3 grid : {dim3(0), dim3(1, 65536), dim3(1u << 31), dim3(1, 1, 0)})
      refused(launch(stream, touch, grid, 1, nullptr), cudaErrorInvalidConfiguration, "a grid of");
    cudaLaunchConfig_t config{};
    config.stream = stream;
    config.dynamicSmemBytes = 1;
    refused(cudaLaunchKernelEx(&config, touch, nullptr), cudaErrorNotSupported, "dynamic shared memory");
    void (*none)(int*) = nullptr;
    refused(launch(stream, none, 1, 1, nullptr), cudaErrorInvalidDeviceFunction, "null");
    ok(cudaSetDevice(1));
    refused(launch(stream, touch, 1, 1, nullptr), cudaErrorInvalidResourceHandle, "the current device is 1");
    const Event event;  // of device 1
    refused(cudaEventRecord(event, stream), cudaErrorInvalidResourceHandle, "the event belongs to device 1");
    EXPECT(cudaSetDevice(2) == cudaErrorInvalidDevice);
    ok(cudaStreamSynchronize(stream));
  });
}

TEST("emulation misuse: a library makes a device fail, and waiting streams are released") {
  isolated("emulation misuse: a library", {}, [] {
    const Stream a, b;
    const Event event;
    Gate gate(a);
    ok(cudaEventRecord(event, a));
    ok(cudaStreamWaitEvent(b, event));
    bool ran = false;
    ok(emulation::enqueue(b, [&ran] { ran = true; }));
    emulation::fail(0, cudaErrorLaunchFailure, "a library says so");
    emulation::fail(0, cudaErrorIllegalAddress, "too late");
    gate.open();
    EXPECT(cudaStreamSynchronize(b) == cudaErrorLaunchFailure && !ran);
    EXPECT(std::string(cudaGetErrorString(cudaErrorLaunchFailure)).find("a library says so") != std::string::npos);
  });
}

}  // namespace
}  // namespace dtrain::test
