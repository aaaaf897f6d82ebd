// cudaMalloc and its relatives. Memory is taken by the host at once and given back by a stream when it gets there; a
// call that finds the device full waits for all of its streams once, since they may be about to give memory back.
#include <span>

#include "emulation/cuda/settings.h"
#include "emulation/cuda/stream.h"

namespace {

using namespace emulation;

void requireRoom(void** p, const char* call) {
  if (p == nullptr) refuse(cudaErrorInvalidValue, call, ": the address has no place to go: the first argument is null");
}

void* take(Device& d, size_t bytes, bool pooled, bool usable) {
  if (faultDue("malloc")) refuse(cudaErrorMemoryAllocation);
  if (void* p = d.memory.allocate(bytes, pooled, usable)) return p;
  drainDevice(d);
  if (void* p = d.memory.allocate(bytes, pooled, usable)) return p;
  refuse(cudaErrorMemoryAllocation);
}

// As in virtual machines whose memory is not the driver's to map.
void refuseWithoutPools(const char* call) {
  if (!settings().pools) refuse(cudaErrorNotSupported, call, ": the device has no memory pools (DTRAIN_EMULATION)");
}

// The device that p belongs to.
Device& ownerOf(const void* p, const char* call) {
  Device* d = runtime().owner(p);
  if (d == nullptr) refuse(cudaErrorInvalidValue, call, ": ", hex(p), " is not device memory");
  refuseIfFailed(*d);
  return *d;
}

void refuseProblem(const char* call, const Problem& problem) {
  if (!problem.empty()) refuse(cudaErrorInvalidValue, call, ": ", problem);
}

Device& deviceOfPool(cudaMemPool_t pool) {
  for (const auto& d : runtime().devices)
    if (reinterpret_cast<cudaMemPool_t>(d.get()) == pool) return *d;
  refuse(cudaErrorInvalidValue, "cudaMemPool: ", hex(pool), " is not a memory pool");
}

}  // namespace

cudaError_t cudaMalloc(void** p, size_t bytes) {
  return api([&] {
    requireRoom(p, "cudaMalloc");
    Device& d = currentDevice();
    *p = bytes == 0 ? nullptr : take(d, bytes, false, true);
  });
}

cudaError_t cudaFree(void* p) {
  return api([&] {
    if (p == nullptr) return;
    Device& d = ownerOf(p, "cudaFree");
    drainDevice(d);
    refuseIfFailed(d);
    refuseProblem("cudaFree", d.memory.retire(p));
    if (const Problem problem = d.memory.release(p); !problem.empty()) {
      fail(d.index, cudaErrorIllegalAddress, problem);
      refuseIfFailed(d);
    }
  });
}

cudaError_t cudaMallocAsync(void** p, size_t bytes, cudaStream_t handle) {
  return api([&] {
    requireRoom(p, "cudaMallocAsync");
    refuseWithoutPools("cudaMallocAsync");
    const auto s = stream(handle, "cudaMallocAsync");
    refuseIfFailed(s->device);
    *p = nullptr;
    if (bytes == 0) return;
    const bool usable = s->idle();
    void* taken = take(s->device, bytes, true, usable);
    if (!usable) s->submit([&memory = s->device.memory, taken](BlockRunner&) { memory.makeUsable(taken); });
    *p = taken;
  });
}

cudaError_t cudaFreeAsync(void* p, cudaStream_t handle) {
  return api([&] {
    const auto s = stream(handle, "cudaFreeAsync");
    if (p == nullptr) return;
    Device& d = ownerOf(p, "cudaFreeAsync");
    if (&d != &s->device)
      refuse(cudaErrorInvalidValue, "cudaFreeAsync: ", hex(p), " is memory of device ", d.index,
             ", the stream belongs to device ", s->device.index);
    refuseProblem("cudaFreeAsync", d.memory.retire(p));
    s->submit([&d, p](BlockRunner&) {
      if (const Problem problem = d.memory.release(p); !problem.empty())
        fail(d.index, cudaErrorIllegalAddress, problem);
    });
  });
}

cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
  return api([&] {
    const Device& d = currentDevice();
    if (free != nullptr) *free = d.memory.capacity - d.memory.use().used;
    if (total != nullptr) *total = d.memory.capacity;
  });
}

cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int index) {
  return api([&] {
    requireRoom(reinterpret_cast<void**>(pool), "cudaDeviceGetDefaultMemPool");
    refuseWithoutPools("cudaDeviceGetDefaultMemPool");
    *pool = reinterpret_cast<cudaMemPool_t>(&device(index));  // the one pool of a device is the device
  });
}

cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attribute, void* value) {
  return api([&] {
    Device& d = deviceOfPool(pool);
    requireRoom(static_cast<void**>(value), "cudaMemPoolSetAttribute");
    const uint64_t given = *static_cast<uint64_t*>(value);
    if (attribute == cudaMemPoolAttrReleaseThreshold) d.releaseThreshold = given;
    else if ((attribute == cudaMemPoolAttrUsedMemHigh || attribute == cudaMemPoolAttrReservedMemHigh) && given == 0)
      d.memory.resetHighs();
    else
      refuse(cudaErrorInvalidValue, "cudaMemPoolSetAttribute: attribute ", static_cast<int>(attribute),
             " cannot be set to that");
  });
}

cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attribute, void* value) {
  return api([&] {
    const Device& d = deviceOfPool(pool);
    requireRoom(static_cast<void**>(value), "cudaMemPoolGetAttribute");
    const MemoryUse use = d.memory.use();
    uint64_t& result = *static_cast<uint64_t*>(value);
    switch (attribute) {
      case cudaMemPoolAttrReleaseThreshold: result = d.releaseThreshold; return;
      case cudaMemPoolAttrReservedMemCurrent: result = use.reserved; return;
      case cudaMemPoolAttrReservedMemHigh: result = use.reservedHigh; return;
      case cudaMemPoolAttrUsedMemCurrent: result = use.used; return;
      case cudaMemPoolAttrUsedMemHigh: result = use.usedHigh; return;
      default:
        refuse(cudaErrorInvalidValue, "cudaMemPoolGetAttribute: attribute ", static_cast<int>(attribute),
               " is not emulated");
    }
  });
}

cudaError_t cudaMemPoolSetAccess(cudaMemPool_t pool, const cudaMemAccessDesc* list, size_t count) {
  return api([&] {
    Device& d = deviceOfPool(pool);
    for (const cudaMemAccessDesc& access : std::span(list, count)) {
      const uint64_t bit = uint64_t{1} << device(access.location.id).index;
      if (!settings().peers) refuse(cudaErrorPeerAccessUnsupported);
      if (access.location.type != cudaMemLocationTypeDevice)
        refuse(cudaErrorInvalidValue, "cudaMemPoolSetAccess: only devices can be given access");
      if (access.flags == cudaMemAccessFlagsProtReadWrite) d.poolPeers |= bit;
      else if (access.flags == cudaMemAccessFlagsProtNone) d.poolPeers &= ~bit;
      else
        refuse(cudaErrorInvalidValue, "cudaMemPoolSetAccess: access is all or none, not ",
               static_cast<int>(access.flags));
    }
  });
}

cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, size_t bytesKept) {
  return api([&] { deviceOfPool(pool).memory.trim(bytesKept); });
}

cudaError_t cudaHostAlloc(void** p, size_t bytes, unsigned flags) {
  return api([&] {
    requireRoom(p, "cudaHostAlloc");
    if ((flags & ~(cudaHostAllocPortable | cudaHostAllocMapped | cudaHostAllocWriteCombined)) != 0)
      refuse(cudaErrorInvalidValue, "cudaHostAlloc: unknown flags: ", flags);
    const Device& d = currentDevice();
    *p = bytes == 0 ? nullptr : runtime().pinned.allocate(bytes, d.index);
    return bytes != 0 && *p == nullptr ? cudaErrorMemoryAllocation : cudaSuccess;
  });
}

cudaError_t cudaFreeHost(void* p) {
  return api([&] {
    if (p != nullptr) refuseProblem("cudaFreeHost", runtime().pinned.free(p));
  });
}

cudaError_t cudaHostGetDevicePointer(void** p, void* host, unsigned flags) {
  return api([&] {
    requireRoom(p, "cudaHostGetDevicePointer");
    if (flags != 0) refuse(cudaErrorInvalidValue, "cudaHostGetDevicePointer: flags must be 0");
    if (runtime().pinned.deviceOf(host) < 0)
      refuse(cudaErrorInvalidValue, "cudaHostGetDevicePointer: ", hex(host), " is not pinned memory");
    *p = host;
  });
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* p) {
  return api([&] {
    if (attributes == nullptr) refuse(cudaErrorInvalidValue, "cudaPointerGetAttributes: attributes is null");
    void* address = const_cast<void*>(p);
    *attributes = {cudaMemoryTypeUnregistered, -2, nullptr, address};
    if (const Device* d = runtime().owner(p); d != nullptr && d->memory.check(p, 0, Moment::call).empty())
      *attributes = {cudaMemoryTypeDevice, d->index, address, nullptr};
    else if (const int index = runtime().pinned.deviceOf(p); index >= 0)
      *attributes = {cudaMemoryTypeHost, index, address, address};
  });
}

namespace emulation {

cudaError_t checkDevicePointer(cudaStream_t handle, const void* p, size_t bytes) {
  return api([&] {
    const auto s = findStream(handle, "checkDevicePointer");
    const Device* d = runtime().owner(p);
    if (d == nullptr) refuse(cudaErrorInvalidValue, hex(p), " is not device memory");
    if (d != &s->device)
      refuse(cudaErrorInvalidValue, hex(p), " is memory of device ", d->index, ", the stream belongs to device ",
             s->device.index);
    const Moment moment = Stream::current() == s.get() ? Moment::execution : Moment::call;
    const Problem problem = d->memory.check(p, bytes, moment);
    if (!problem.empty()) refuse(cudaErrorInvalidValue, problem);
  });
}

}  // namespace emulation
