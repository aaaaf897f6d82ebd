// Emulated CUDA: the host side of the CUDA 13 runtime, as much of it as dtrain calls. Names, signatures and numeric
// values are NVIDIA's, so a source compiles unchanged against either header; structures hold a subset of the members.
// Declared here means implemented in emulation; what is not implemented is not declared.
// Differences of behaviour stand in emulation/README.md. The one to know: stream 0 is refused.
#pragma once

#include <cstddef>
#include <cstdint>

#include "vector_types.h"

#define EMULATION_API __attribute__((visibility("default")))
#define CUDART_VERSION 13000
#define CUDART_CB

enum cudaError : unsigned {
  cudaSuccess = 0,
  cudaErrorInvalidValue = 1,
  cudaErrorMemoryAllocation = 2,
  cudaErrorInitializationError = 3,
  cudaErrorInvalidConfiguration = 9,
  cudaErrorInvalidMemcpyDirection = 21,
  cudaErrorInsufficientDriver = 35,
  cudaErrorInvalidDeviceFunction = 98,
  cudaErrorNoDevice = 100,
  cudaErrorInvalidDevice = 101,
  cudaErrorPeerAccessUnsupported = 217,
  cudaErrorInvalidResourceHandle = 400,
  cudaErrorNotReady = 600,
  cudaErrorIllegalAddress = 700,
  cudaErrorLaunchOutOfResources = 701,
  cudaErrorLaunchTimeout = 702,
  cudaErrorPeerAccessAlreadyEnabled = 704,
  cudaErrorPeerAccessNotEnabled = 705,
  cudaErrorAssert = 710,
  cudaErrorMisalignedAddress = 716,
  cudaErrorLaunchFailure = 719,
  cudaErrorNotPermitted = 800,
  cudaErrorNotSupported = 801,
  cudaErrorStreamCaptureUnsupported = 900,
  cudaErrorUnknown = 999
};
using cudaError_t = cudaError;

enum cudaMemcpyKind : unsigned {
  cudaMemcpyHostToHost = 0,
  cudaMemcpyHostToDevice = 1,
  cudaMemcpyDeviceToHost = 2,
  cudaMemcpyDeviceToDevice = 3,
  cudaMemcpyDefault = 4
};

enum cudaMemoryType : unsigned {
  cudaMemoryTypeUnregistered = 0,
  cudaMemoryTypeHost = 1,
  cudaMemoryTypeDevice = 2,
  cudaMemoryTypeManaged = 3
};

enum cudaMemPoolAttr : unsigned {
  cudaMemPoolReuseFollowEventDependencies = 1,
  cudaMemPoolReuseAllowOpportunistic = 2,
  cudaMemPoolReuseAllowInternalDependencies = 3,
  cudaMemPoolAttrReleaseThreshold = 4,
  cudaMemPoolAttrReservedMemCurrent = 5,
  cudaMemPoolAttrReservedMemHigh = 6,
  cudaMemPoolAttrUsedMemCurrent = 7,
  cudaMemPoolAttrUsedMemHigh = 8
};

enum cudaMemLocationType : unsigned { cudaMemLocationTypeDevice = 1 };

enum cudaMemAccessFlags : unsigned { cudaMemAccessFlagsProtNone = 0, cudaMemAccessFlagsProtReadWrite = 3 };

enum cudaDeviceAttr : unsigned {
  cudaDevAttrMaxThreadsPerBlock = 1,
  cudaDevAttrMaxBlockDimX = 2,
  cudaDevAttrMaxBlockDimY = 3,
  cudaDevAttrMaxBlockDimZ = 4,
  cudaDevAttrMaxGridDimX = 5,
  cudaDevAttrMaxGridDimY = 6,
  cudaDevAttrMaxGridDimZ = 7,
  cudaDevAttrMaxSharedMemoryPerBlock = 8,
  cudaDevAttrTotalConstantMemory = 9,
  cudaDevAttrWarpSize = 10,
  cudaDevAttrMaxRegistersPerBlock = 12,
  cudaDevAttrMultiProcessorCount = 16,
  cudaDevAttrIntegrated = 18,
  cudaDevAttrCanMapHostMemory = 19,
  cudaDevAttrConcurrentKernels = 31,
  cudaDevAttrPciBusId = 33,
  cudaDevAttrPciDeviceId = 34,
  cudaDevAttrL2CacheSize = 38,
  cudaDevAttrMaxThreadsPerMultiProcessor = 39,
  cudaDevAttrAsyncEngineCount = 40,
  cudaDevAttrUnifiedAddressing = 41,
  cudaDevAttrPciDomainId = 50,
  cudaDevAttrComputeCapabilityMajor = 75,
  cudaDevAttrComputeCapabilityMinor = 76,
  cudaDevAttrStreamPrioritiesSupported = 78,
  cudaDevAttrManagedMemory = 83,
  cudaDevAttrPageableMemoryAccess = 88,
  cudaDevAttrCooperativeLaunch = 95,
  cudaDevAttrMemoryPoolsSupported = 115
};

struct cudaUUID_t {
  char bytes[16];
};

struct cudaDeviceProp {
  char name[256];
  cudaUUID_t uuid;
  size_t totalGlobalMem;
  size_t sharedMemPerBlock;
  int regsPerBlock;
  int warpSize;
  int maxThreadsPerBlock;
  int maxThreadsDim[3];
  int maxGridSize[3];
  size_t totalConstMem;
  int major;
  int minor;
  int multiProcessorCount;
  int integrated;
  int canMapHostMemory;
  int concurrentKernels;
  int pciBusID;
  int pciDeviceID;
  int pciDomainID;
  int asyncEngineCount;
  int unifiedAddressing;
  int l2CacheSize;
  int maxThreadsPerMultiProcessor;
  int streamPrioritiesSupported;
  int managedMemory;
  int pageableMemoryAccess;
  int cooperativeLaunch;
  int memoryPoolsSupported;
};

struct cudaPointerAttributes {
  cudaMemoryType type;
  int device;
  void* devicePointer;
  void* hostPointer;
};

struct cudaMemLocation {
  cudaMemLocationType type;
  int id;
};

struct cudaMemAccessDesc {
  cudaMemLocation location;
  cudaMemAccessFlags flags;
};

struct CUstream_st;
struct CUevent_st;
struct CUmemPoolHandle_st;
using cudaStream_t = CUstream_st*;
using cudaEvent_t = CUevent_st*;
using cudaMemPool_t = CUmemPoolHandle_st*;
using cudaHostFn_t = void (*)(void* userData);

#define cudaStreamLegacy ((cudaStream_t)0x1)
#define cudaStreamPerThread ((cudaStream_t)0x2)

inline constexpr unsigned cudaHostAllocDefault = 0, cudaHostAllocPortable = 1, cudaHostAllocMapped = 2,
                          cudaHostAllocWriteCombined = 4;
inline constexpr unsigned cudaStreamDefault = 0, cudaStreamNonBlocking = 1;
inline constexpr unsigned cudaEventDefault = 0, cudaEventBlockingSync = 1, cudaEventDisableTiming = 2;
inline constexpr unsigned cudaEventRecordDefault = 0, cudaEventWaitDefault = 0;

// Attributes (clusters, cooperative launch, ...) are not emulated: attrs must be null and numAttrs 0.
struct cudaLaunchAttribute;
struct cudaLaunchConfig_t {
  dim3 gridDim;
  dim3 blockDim;
  size_t dynamicSmemBytes = 0;
  cudaStream_t stream = nullptr;
  cudaLaunchAttribute* attrs = nullptr;
  unsigned numAttrs = 0;
};

extern "C" {

// Errors
EMULATION_API cudaError_t cudaGetLastError();
EMULATION_API cudaError_t cudaPeekAtLastError();
EMULATION_API const char* cudaGetErrorName(cudaError_t error);
EMULATION_API const char* cudaGetErrorString(cudaError_t error);

// Devices
EMULATION_API cudaError_t cudaGetDeviceCount(int* count);
EMULATION_API cudaError_t cudaSetDevice(int device);
EMULATION_API cudaError_t cudaGetDevice(int* device);
EMULATION_API cudaError_t cudaGetDeviceProperties(cudaDeviceProp* prop, int device);
EMULATION_API cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attr, int device);
EMULATION_API cudaError_t cudaDeviceGetPCIBusId(char* pciBusId, int len, int device);
EMULATION_API cudaError_t cudaDeviceSynchronize();
EMULATION_API cudaError_t cudaDeviceCanAccessPeer(int* canAccessPeer, int device, int peerDevice);
EMULATION_API cudaError_t cudaDeviceEnablePeerAccess(int peerDevice, unsigned flags);
EMULATION_API cudaError_t cudaDriverGetVersion(int* driverVersion);
EMULATION_API cudaError_t cudaRuntimeGetVersion(int* runtimeVersion);

// Memory
EMULATION_API cudaError_t cudaMemGetInfo(size_t* free, size_t* total);
EMULATION_API cudaError_t cudaMalloc(void** devPtr, size_t size);
EMULATION_API cudaError_t cudaFree(void* devPtr);
EMULATION_API cudaError_t cudaMallocAsync(void** devPtr, size_t size, cudaStream_t hStream);
EMULATION_API cudaError_t cudaFreeAsync(void* devPtr, cudaStream_t hStream);
EMULATION_API cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* memPool, int device);
EMULATION_API cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t memPool, cudaMemPoolAttr attr, void* value);
EMULATION_API cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t memPool, cudaMemPoolAttr attr, void* value);
EMULATION_API cudaError_t cudaMemPoolSetAccess(cudaMemPool_t memPool, const cudaMemAccessDesc* descList, size_t count);
EMULATION_API cudaError_t cudaMemPoolTrimTo(cudaMemPool_t memPool, size_t minBytesToKeep);
EMULATION_API cudaError_t cudaHostAlloc(void** pHost, size_t size, unsigned flags);
EMULATION_API cudaError_t cudaFreeHost(void* ptr);
EMULATION_API cudaError_t cudaHostGetDevicePointer(void** pDevice, void* pHost, unsigned flags);
EMULATION_API cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* ptr);
EMULATION_API cudaError_t cudaMemcpyAsync(void* dst, const void* src, size_t count, cudaMemcpyKind kind,
                                          cudaStream_t stream = nullptr);
EMULATION_API cudaError_t cudaMemcpyPeerAsync(void* dst, int dstDevice, const void* src, int srcDevice, size_t count,
                                              cudaStream_t stream = nullptr);
EMULATION_API cudaError_t cudaMemsetAsync(void* devPtr, int value, size_t count, cudaStream_t stream = nullptr);

// Streams
EMULATION_API cudaError_t cudaStreamCreateWithFlags(cudaStream_t* pStream, unsigned flags);
EMULATION_API cudaError_t cudaStreamCreateWithPriority(cudaStream_t* pStream, unsigned flags, int priority);
EMULATION_API cudaError_t cudaDeviceGetStreamPriorityRange(int* leastPriority, int* greatestPriority);
EMULATION_API cudaError_t cudaStreamGetPriority(cudaStream_t hStream, int* priority);
EMULATION_API cudaError_t cudaStreamGetDevice(cudaStream_t hStream, int* device);
EMULATION_API cudaError_t cudaStreamDestroy(cudaStream_t stream);
EMULATION_API cudaError_t cudaStreamSynchronize(cudaStream_t stream);
EMULATION_API cudaError_t cudaStreamQuery(cudaStream_t stream);
EMULATION_API cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event,
                                              unsigned flags = cudaEventWaitDefault);
EMULATION_API cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t fn, void* userData);

// Events
EMULATION_API cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags);
EMULATION_API cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream = nullptr);
EMULATION_API cudaError_t cudaEventQuery(cudaEvent_t event);
EMULATION_API cudaError_t cudaEventSynchronize(cudaEvent_t event);
EMULATION_API cudaError_t cudaEventElapsedTime(float* ms, cudaEvent_t start, cudaEvent_t end);
EMULATION_API cudaError_t cudaEventDestroy(cudaEvent_t event);

}  // extern "C"
