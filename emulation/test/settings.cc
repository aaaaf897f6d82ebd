// Settings, visible devices, what devices report, and injected faults.
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>

#include "emulation/test/support.h"

namespace dtrain::test {
namespace {

__global__ void nothing() {}

int visibleDevices() {
  int count = -1;
  const cudaError_t error = cudaGetDeviceCount(&count);
  EXPECT(error == (count == 0 ? cudaErrorNoDevice : cudaSuccess));
  return count;
}

TEST("emulation settings: calls are counted by function, in a file if asked to") {
  const std::string file = str("/tmp/dtrain-counts-", getpid());
  isolated("emulation settings: calls are counted", {"DTRAIN_EMULATION=counts=" + file}, [] {
    int value = 0;
    EXPECT(emulation::calls("cudaGetDevice") == 0);
    for (int i = 0; i < 3; i++) ok(cudaGetDevice(&value));
    refused(cudaSetDevice(99), cudaErrorInvalidDevice, "");
    EXPECT(emulation::calls("cudaGetDevice") == 3 && emulation::calls("cudaSetDevice") == 1);
    EXPECT(emulation::calls("cudaNothing") == 0);
  });
  if (isChild()) return;
  std::ifstream in(file);
  std::map<std::string, uint64_t> found;
  for (char entry[64]; in.read(entry, sizeof entry) && entry[0];) {
    uint64_t calls = 0;
    std::memcpy(&calls, entry + 56, sizeof calls);
    found[entry] = calls;
  }
  std::remove(file.c_str());
  EXPECT(found["cudaGetDevice"] == 3 && found["cudaSetDevice"] == 1);
}

TEST("emulation settings: there are eight devices of 2 GiB unless told otherwise") {
  isolated("emulation settings: there are eight", {}, [] {
    EXPECT(visibleDevices() == 8);
    cudaDeviceProp p;
    ok(cudaGetDeviceProperties(&p, 7));
    EXPECT(std::string(p.name) == "Emulated GPU" && p.totalGlobalMem == size_t{2} << 30);
    EXPECT(p.warpSize == 32 && p.maxThreadsPerBlock == 1024 && p.multiProcessorCount > 0 && p.major >= 8);
    int value = 0, device = -1, version = 0;
    for (const auto& [attribute, expected] : {std::pair{cudaDevAttrMultiProcessorCount, p.multiProcessorCount},
                                              {cudaDevAttrWarpSize, 32},
                                              {cudaDevAttrMaxGridDimY, 65535},
                                              {cudaDevAttrComputeCapabilityMajor, p.major},
                                              {cudaDevAttrMemoryPoolsSupported, 1}}) {
      ok(cudaDeviceGetAttribute(&value, attribute, 7));
      EXPECT(value == expected);
    }
    refused(cudaDeviceGetAttribute(&value, cudaDeviceAttr{99}, 0), cudaErrorInvalidValue, "not emulated");
    ok(cudaRuntimeGetVersion(&version));
    EXPECT(version == 13000 && cudaSetDevice(8) == cudaErrorInvalidDevice &&
           cudaSetDevice(-1) == cudaErrorInvalidDevice);
    ok(cudaSetDevice(3));
    ok(cudaGetDevice(&device));
    EXPECT(device == 3);
  });
}

TEST("emulation settings: no memory pools") {
  isolated("emulation settings: no memory pools", {"DTRAIN_EMULATION=pools=0"}, [] {
    int value = -1;
    ok(cudaDeviceGetAttribute(&value, cudaDevAttrMemoryPoolsSupported, 0));
    EXPECT(value == 0);
    void* p = nullptr;
    cudaMemPool_t pool;
    const Stream stream;
    refused(cudaMallocAsync(&p, 8, stream), cudaErrorNotSupported, "no memory pools");
    refused(cudaDeviceGetDefaultMemPool(&pool, 0), cudaErrorNotSupported, "no memory pools");
    ok(cudaMalloc(&p, 8));
    ok(cudaFree(p));
  });
}

TEST("emulation settings: no devices at all") {
  for (const char* setting : {"DTRAIN_EMULATION=devices=0", "CUDA_VISIBLE_DEVICES=", "CUDA_VISIBLE_DEVICES=-1"})
    isolated("emulation settings: no devices", {setting}, [] {
      EXPECT(visibleDevices() == 0 && cudaSetDevice(0) == cudaErrorNoDevice);
      cudaStream_t stream;
      EXPECT(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) == cudaErrorNoDevice);
    });
}

TEST("emulation settings: CUDA_VISIBLE_DEVICES chooses and orders devices, up to the first that does not exist") {
  isolated("emulation settings: CUDA_VISIBLE", {"DTRAIN_EMULATION=devices=4", "CUDA_VISIBLE_DEVICES=2, 0,9,1"}, [] {
    EXPECT(visibleDevices() == 2);
    char first[16] = {}, second[16] = {};
    ok(cudaDeviceGetPCIBusId(first, sizeof first, 0));
    ok(cudaDeviceGetPCIBusId(second, sizeof second, 1));
    EXPECT(std::string(first) == "0000:03:00.0" && std::string(second) == "0000:01:00.0");
    refused(cudaDeviceGetPCIBusId(first, 12, 0), cudaErrorInvalidValue, "13 bytes");
    cudaDeviceProp a, b;
    ok(cudaGetDeviceProperties(&a, 0));
    ok(cudaGetDeviceProperties(&b, 1));
    EXPECT(std::memcmp(&a.uuid, &b.uuid, sizeof a.uuid) != 0);
  });
}

TEST("emulation settings: what cannot be read makes every call fail with the reason") {
  const std::vector<std::pair<const char*, const char*>> wrong = {
      {"DTRAIN_EMULATION=devices=many", "a whole number is expected, not 'many'"},
      {"DTRAIN_EMULATION=devices=65", "a whole number from 0 to 64 is expected, not '65'"},
      {"DTRAIN_EMULATION=memory=2TB", "the unit of '2TB' is unknown"},
      {"DTRAIN_EMULATION=memory=99999GiB", "'99999GiB' is more than 2^40"},
      {"DTRAIN_EMULATION=order=random", "order is forward, reverse or shuffle, not 'random'"},
      {"DTRAIN_EMULATION=speed=1", "there is no setting 'speed'"},
      {"DTRAIN_EMULATION=protect", "'protect' has no value"},
      {"DTRAIN_EMULATION=jitter=soon", "a whole number is expected, not 'soon'"},
      {"DTRAIN_EMULATION_FAULT=maloc rank=1",
       "there is no fault 'maloc'; there are malloc, launch, nccl, stall, oldnccl, abort, heuristic, algorithm, "
       "matmul, "
       "convolution, nodriver, gpulost and nosensor"},
      {"DTRAIN_EMULATION_FAULT=malloc when=3", "a fault has rank=, after= and times=, not 'when'"},
  };
  for (const auto& [setting, why] : wrong)
    isolated("emulation settings: what cannot", {setting, str("EXPECTED_TEXT=", why)}, [] {
      int count = 0;
      refused(cudaGetDeviceCount(&count), cudaErrorInitializationError, std::getenv("EXPECTED_TEXT"));
    });
}

TEST("emulation settings: more memory than there are addresses is named as the reason") {
  isolated("emulation settings: more memory", {"DTRAIN_EMULATION=memory=1024GiB,devices=64"}, [] {
    int count = -1;
    refused(cudaGetDeviceCount(&count), cudaErrorInitializationError, "no range of addresses");
    EXPECT(count == 0);
  });
}

TEST("emulation faults: malloc fails after so many calls, on that rank only") {
  for (const char* rank : {"RANK=1", "RANK=2"})
    isolated("emulation faults: malloc", {"DTRAIN_EMULATION_FAULT=malloc rank=1 after=2; launch rank=7", rank}, [] {
      const Stream stream;
      const bool concerned = std::string(std::getenv("RANK")) == "1";
      for (int i = 0; i < 5; i++) {
        void* p = nullptr;
        const cudaError_t error = i % 2 == 0 ? cudaMalloc(&p, 8) : cudaMallocAsync(&p, 8, stream);
        EXPECT(error == (concerned && i >= 2 ? cudaErrorMemoryAllocation : cudaSuccess));
      }
      ok(launch(stream, nothing, 1, 1));
      stream.wait();
    });
}

TEST("emulation faults: a launch fails when the stream gets there, without RANK on rank 0") {
  isolated("emulation faults: a launch", {"DTRAIN_EMULATION_FAULT=launch rank=0 after=1;nccl"}, [] {
    const Stream stream;
    ok(launch(stream, nothing, 1, 1));
    stream.wait();
    ok(launch(stream, nothing, 1, 1));
    refused(cudaStreamSynchronize(stream), cudaErrorLaunchFailure, "DTRAIN_EMULATION_FAULT");
    EXPECT(emulation::faultDue("nccl") && !emulation::faultDue("stall"));
  });
}

}  // namespace
}  // namespace dtrain::test
