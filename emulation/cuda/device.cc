// What a program may ask of a device. The numbers are a small GPU of compute capability 9.0: few multiprocessors, so
// that grids sized by their number stay small here and grid-stride loops really loop.
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <utility>

#include "emulation/cuda/hardware.h"
#include "emulation/cuda/runtime.h"
#include "emulation/cuda/settings.h"

using namespace emulation;

namespace {

constexpr int kMultiprocessors = 4, kThreadsPerMultiprocessor = 2048;
constexpr int kRegisters = 65536, kL2Bytes = 4 << 20, kConstantBytes = 64 << 10;

void requirePointer(const void* p, const char* call) {
  if (p == nullptr) refuse(cudaErrorInvalidValue, call, ": the result has no place to go: a pointer is null");
}

}  // namespace

namespace emulation {

bool machine(Machine& out) {
  const Settings& s = settings();
  out = {s.devices, s.memory, s.parts};
  return s.problem.empty();
}

void uuidOf(int physical, char* bytes) { std::snprintf(bytes, 16, "emulated-%d", physical); }

int busOf(int physical) { return physical + 1; }

}  // namespace emulation

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* prop, int index) {
  return api([&] {
    requirePointer(prop, "cudaGetDeviceProperties");
    const Device& d = device(index);
    *prop = {};
    std::snprintf(prop->name, sizeof prop->name, "Emulated GPU");
    uuidOf(d.physical, prop->uuid.bytes);
    prop->totalGlobalMem = d.memory.capacity;
    prop->sharedMemPerBlock = kSharedBytesPerBlock;
    prop->regsPerBlock = kRegisters;
    prop->warpSize = kWarpThreads;
    prop->maxThreadsPerBlock = kMaxBlockThreads;
    prop->maxThreadsDim[0] = kMaxBlock.x;
    prop->maxThreadsDim[1] = kMaxBlock.y;
    prop->maxThreadsDim[2] = kMaxBlock.z;
    prop->maxGridSize[0] = kMaxGrid.x;
    prop->maxGridSize[1] = kMaxGrid.y;
    prop->maxGridSize[2] = kMaxGrid.z;
    prop->totalConstMem = kConstantBytes;
    prop->major = 9;
    prop->minor = 0;
    prop->multiProcessorCount = kMultiprocessors;
    prop->canMapHostMemory = 1;
    prop->concurrentKernels = 1;
    prop->pciBusID = busOf(d.physical);
    prop->asyncEngineCount = 2;
    prop->unifiedAddressing = 1;
    prop->l2CacheSize = kL2Bytes;
    prop->maxThreadsPerMultiProcessor = kThreadsPerMultiprocessor;
    prop->streamPrioritiesSupported = 1;
    prop->memoryPoolsSupported = settings().pools ? 1 : 0;
  });
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int index) {
  return api([&] {
    requirePointer(value, "cudaDeviceGetAttribute");
    cudaDeviceProp p;
    if (const cudaError_t error = cudaGetDeviceProperties(&p, index); error != cudaSuccess) throw Refusal{error, {}};
    const std::pair<cudaDeviceAttr, int> known[] = {
        {cudaDevAttrMaxThreadsPerBlock, p.maxThreadsPerBlock},
        {cudaDevAttrMaxBlockDimX, p.maxThreadsDim[0]},
        {cudaDevAttrMaxBlockDimY, p.maxThreadsDim[1]},
        {cudaDevAttrMaxBlockDimZ, p.maxThreadsDim[2]},
        {cudaDevAttrMaxGridDimX, p.maxGridSize[0]},
        {cudaDevAttrMaxGridDimY, p.maxGridSize[1]},
        {cudaDevAttrMaxGridDimZ, p.maxGridSize[2]},
        {cudaDevAttrMaxSharedMemoryPerBlock, static_cast<int>(p.sharedMemPerBlock)},
        {cudaDevAttrTotalConstantMemory, static_cast<int>(p.totalConstMem)},
        {cudaDevAttrWarpSize, p.warpSize},
        {cudaDevAttrMaxRegistersPerBlock, p.regsPerBlock},
        {cudaDevAttrMultiProcessorCount, p.multiProcessorCount},
        {cudaDevAttrIntegrated, p.integrated},
        {cudaDevAttrCanMapHostMemory, p.canMapHostMemory},
        {cudaDevAttrConcurrentKernels, p.concurrentKernels},
        {cudaDevAttrPciBusId, p.pciBusID},
        {cudaDevAttrPciDeviceId, p.pciDeviceID},
        {cudaDevAttrL2CacheSize, p.l2CacheSize},
        {cudaDevAttrMaxThreadsPerMultiProcessor, p.maxThreadsPerMultiProcessor},
        {cudaDevAttrAsyncEngineCount, p.asyncEngineCount},
        {cudaDevAttrUnifiedAddressing, p.unifiedAddressing},
        {cudaDevAttrPciDomainId, p.pciDomainID},
        {cudaDevAttrComputeCapabilityMajor, p.major},
        {cudaDevAttrComputeCapabilityMinor, p.minor},
        {cudaDevAttrStreamPrioritiesSupported, p.streamPrioritiesSupported},
        {cudaDevAttrManagedMemory, p.managedMemory},
        {cudaDevAttrPageableMemoryAccess, p.pageableMemoryAccess},
        {cudaDevAttrCooperativeLaunch, p.cooperativeLaunch},
        {cudaDevAttrMemoryPoolsSupported, p.memoryPoolsSupported},
    };
    const auto found = std::find_if(std::begin(known), std::end(known), [&](auto& k) { return k.first == attribute; });
    if (found != std::end(known)) *value = found->second;
    else
      refuse(cudaErrorInvalidValue, "cudaDeviceGetAttribute: attribute ", static_cast<int>(attribute),
             " is not emulated");
  });
}

cudaError_t cudaDeviceGetPCIBusId(char* text, int length, int index) {
  return api([&] {
    requirePointer(text, "cudaDeviceGetPCIBusId");
    constexpr int needed = 13;  // "0000:00:00.0" and its end
    if (length < needed) refuse(cudaErrorInvalidValue, "cudaDeviceGetPCIBusId: 13 bytes are needed, not ", length);
    std::snprintf(text, static_cast<size_t>(length), "0000:%02X:00.0", busOf(device(index).physical));
  });
}

cudaError_t cudaDeviceCanAccessPeer(int* can, int index, int peer) {
  return api([&] {
    requirePointer(can, "cudaDeviceCanAccessPeer");
    *can = settings().peers && device(index).index != device(peer).index ? 1 : 0;
  });
}

cudaError_t cudaDeviceEnablePeerAccess(int peer, unsigned flags) {
  return api([&] {
    Device& d = currentDevice();
    if (flags != 0) refuse(cudaErrorInvalidValue, "cudaDeviceEnablePeerAccess: flags must be 0");
    if (device(peer).index == d.index) refuse(cudaErrorInvalidDevice, "cudaDeviceEnablePeerAccess: to itself");
    if (!settings().peers) refuse(cudaErrorPeerAccessUnsupported);
    const uint64_t bit = uint64_t{1} << peer;
    return (d.peers.fetch_or(bit) & bit) != 0 ? cudaErrorPeerAccessAlreadyEnabled : cudaSuccess;
  });
}

cudaError_t cudaDriverGetVersion(int* version) {
  return api([&] {
    requirePointer(version, "cudaDriverGetVersion");
    *version = CUDART_VERSION;
  });
}

cudaError_t cudaRuntimeGetVersion(int* version) { return cudaDriverGetVersion(version); }
