// The part of NCCL that dtrain may call, for the emulated build: names, signatures, values and the arrangement of
// ncclConfig_t are those of NVIDIA's nccl.h, so that one source compiles against either.
#pragma once

#include <cuda_runtime.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#define NCCL_MAJOR 2
#define NCCL_MINOR 32
#define NCCL_PATCH 3
#define NCCL_VERSION_CODE 23203
#define NCCL_VERSION(X, Y, Z) (((X) <= 2 && (Y) <= 8) ? (X)*1000 + (Y)*100 + (Z) : (X)*10000 + (Y)*100 + (Z))

// The library is built with hidden symbols; what is declared here is what it shows.
#pragma GCC visibility push(default)
extern "C" {

typedef struct ncclComm* ncclComm_t;
#define NCCL_COMM_NULL NULL

#define NCCL_UNIQUE_ID_BYTES 128
typedef struct {
  char internal[NCCL_UNIQUE_ID_BYTES];
} ncclUniqueId;

typedef enum {
  ncclSuccess = 0,
  ncclUnhandledCudaError = 1,
  ncclSystemError = 2,
  ncclInternalError = 3,
  ncclInvalidArgument = 4,
  ncclInvalidUsage = 5,
  ncclRemoteError = 6,
  ncclInProgress = 7,
  ncclTimeout = 8,
  ncclNumResults = 9
} ncclResult_t;

#define NCCL_CONFIG_UNDEF_INT INT_MIN
#define NCCL_CONFIG_UNDEF_PTR NULL
#define NCCL_API_MAGIC 0xcafebeef

// The emulation obeys `blocking` and nothing else: the others tune hardware that it does not have.
typedef struct ncclConfig_v23100 {
  size_t size;
  unsigned int magic;
  unsigned int version;
  int blocking;
  int cgaClusterSize;
  int minCTAs;
  int maxCTAs;
  const char* netName;
  int splitShare;
  int trafficClass;
  const char* commName;
  int collnetEnable;
  int CTAPolicy;
  int shrinkShare;
  int nvlsCTAs;
  int nChannelsPerNetPeer;
  int nvlinkCentricSched;
  int graphUsageMode;
  int numRmaCtx;
  int maxP2pPeers;
  int graphStreamOrdering;
  int launchOrderImplicit;
  int numRmaSig;
  int rmaEagerInit;
  int hostCftMode;
  int nvlsHostMode;
} ncclConfig_t;

// clang-format off
#define NCCL_CONFIG_INITIALIZER {                            \
  sizeof(ncclConfig_t), NCCL_API_MAGIC, NCCL_VERSION_CODE,   \
  NCCL_CONFIG_UNDEF_INT, /* blocking */                      \
  NCCL_CONFIG_UNDEF_INT, /* cgaClusterSize */                \
  NCCL_CONFIG_UNDEF_INT, /* minCTAs */                       \
  NCCL_CONFIG_UNDEF_INT, /* maxCTAs */                       \
  NCCL_CONFIG_UNDEF_PTR, /* netName */                       \
  NCCL_CONFIG_UNDEF_INT, /* splitShare */                    \
  NCCL_CONFIG_UNDEF_INT, /* trafficClass */                  \
  NCCL_CONFIG_UNDEF_PTR, /* commName */                      \
  NCCL_CONFIG_UNDEF_INT, /* collnetEnable */                 \
  NCCL_CONFIG_UNDEF_INT, /* CTAPolicy */                     \
  NCCL_CONFIG_UNDEF_INT, /* shrinkShare */                   \
  NCCL_CONFIG_UNDEF_INT, /* nvlsCTAs */                      \
  NCCL_CONFIG_UNDEF_INT, /* nChannelsPerNetPeer */           \
  NCCL_CONFIG_UNDEF_INT, /* nvlinkCentricSched */            \
  NCCL_CONFIG_UNDEF_INT, /* graphUsageMode */                \
  NCCL_CONFIG_UNDEF_INT, /* numRmaCtx */                     \
  NCCL_CONFIG_UNDEF_INT, /* maxP2pPeers */                   \
  NCCL_CONFIG_UNDEF_INT, /* graphStreamOrdering */           \
  NCCL_CONFIG_UNDEF_INT, /* launchOrderImplicit */           \
  NCCL_CONFIG_UNDEF_INT, /* numRmaSig */                     \
  NCCL_CONFIG_UNDEF_INT, /* rmaEagerInit */                  \
  NCCL_CONFIG_UNDEF_INT, /* hostCftMode */                   \
  NCCL_CONFIG_UNDEF_INT, /* nvlsHostMode */                  \
}
// clang-format on

typedef enum { ncclNumOps_dummy = 5 } ncclRedOp_dummy_t;
typedef enum {
  ncclSum = 0,
  ncclProd = 1,
  ncclMax = 2,
  ncclMin = 3,
  ncclAvg = 4,
  ncclNumOps = 5,
  ncclMaxRedOp = 0x7fffffff >> (32 - 8 * sizeof(ncclRedOp_dummy_t))
} ncclRedOp_t;

// float16, bfloat16 and the float8 types move but do not reduce in the emulation.
typedef enum {
  ncclInt8 = 0,
  ncclChar = 0,
  ncclUint8 = 1,
  ncclInt32 = 2,
  ncclInt = 2,
  ncclUint32 = 3,
  ncclInt64 = 4,
  ncclUint64 = 5,
  ncclFloat16 = 6,
  ncclHalf = 6,
  ncclFloat32 = 7,
  ncclFloat = 7,
  ncclFloat64 = 8,
  ncclDouble = 8,
  ncclBfloat16 = 9,
  ncclFloat8e4m3 = 10,
  ncclFloat8e5m2 = 11,
  ncclNumTypes = 12
} ncclDataType_t;

typedef enum { ncclScalarDevice = 0, ncclScalarHostImmediate = 1 } ncclScalarResidence_t;

ncclResult_t ncclGetVersion(int* version);
const char* ncclGetErrorString(ncclResult_t result);
const char* ncclGetLastError(ncclComm_t comm);

ncclResult_t ncclGetUniqueId(ncclUniqueId* uniqueId);
ncclResult_t ncclCommInitRank(ncclComm_t* comm, int nranks, ncclUniqueId commId, int rank);
ncclResult_t ncclCommInitRankConfig(ncclComm_t* comm, int nranks, ncclUniqueId commId, int rank, ncclConfig_t* config);
ncclResult_t ncclCommFinalize(ncclComm_t comm);
ncclResult_t ncclCommDestroy(ncclComm_t comm);
ncclResult_t ncclCommAbort(ncclComm_t comm);
ncclResult_t ncclCommGetAsyncError(ncclComm_t comm, ncclResult_t* asyncError);
ncclResult_t ncclCommCount(const ncclComm_t comm, int* count);
ncclResult_t ncclCommUserRank(const ncclComm_t comm, int* rank);
ncclResult_t ncclCommCuDevice(const ncclComm_t comm, int* device);

ncclResult_t ncclRedOpCreatePreMulSum(ncclRedOp_t* op, void* scalar, ncclDataType_t datatype,
                                      ncclScalarResidence_t residence, ncclComm_t comm);
ncclResult_t ncclRedOpDestroy(ncclRedOp_t op, ncclComm_t comm);

ncclResult_t ncclAllReduce(const void* sendbuff, void* recvbuff, size_t count, ncclDataType_t datatype, ncclRedOp_t op,
                           ncclComm_t comm, cudaStream_t stream);
ncclResult_t ncclBroadcast(const void* sendbuff, void* recvbuff, size_t count, ncclDataType_t datatype, int root,
                           ncclComm_t comm, cudaStream_t stream);
ncclResult_t ncclAllGather(const void* sendbuff, void* recvbuff, size_t sendcount, ncclDataType_t datatype,
                           ncclComm_t comm, cudaStream_t stream);
ncclResult_t ncclReduceScatter(const void* sendbuff, void* recvbuff, size_t recvcount, ncclDataType_t datatype,
                               ncclRedOp_t op, ncclComm_t comm, cudaStream_t stream);
ncclResult_t ncclSend(const void* sendbuff, size_t count, ncclDataType_t datatype, int peer, ncclComm_t comm,
                      cudaStream_t stream);
ncclResult_t ncclRecv(void* recvbuff, size_t count, ncclDataType_t datatype, int peer, ncclComm_t comm,
                      cudaStream_t stream);

ncclResult_t ncclGroupStart();
ncclResult_t ncclGroupEnd();

}  // extern "C"
#pragma GCC visibility pop
