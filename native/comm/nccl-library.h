// NCCL, opened at the first use of a GPU in a job of several ranks, and one communicator of it. Included by *.cuda.cc
// only: nccl.h is NVIDIA's or that of emulation.
#pragma once

#include <nccl.h>

#include <functional>
#include <mutex>

#include "comm/control.h"
#include "core/dtype.h"
#include "core/library.h"

namespace dtrain {

constexpr int kSharesGpus = NCCL_VERSION(2, 30, 0);  // the first version that takes two ranks on one GPU

struct NcclLibrary {
  NcclLibrary();
  std::string versionText() const { return ncclVersionText(version); }
  int version = 0;
  Library library{"NCCL", "libnccl.so.2", "nvidia-nccl-cu13"};
  DT_LIBRARY_FUNCTION(ncclGetVersion);
  DT_LIBRARY_FUNCTION(ncclGetErrorString);
  DT_LIBRARY_FUNCTION(ncclGetLastError);
  DT_LIBRARY_FUNCTION(ncclGetUniqueId);
  DT_LIBRARY_FUNCTION(ncclCommInitRankConfig);
  DT_LIBRARY_FUNCTION(ncclCommGetAsyncError);
  DT_LIBRARY_FUNCTION(ncclCommAbort);
  DT_LIBRARY_FUNCTION(ncclRedOpCreatePreMulSum);
  DT_LIBRARY_FUNCTION(ncclRedOpDestroy);
  DT_LIBRARY_FUNCTION(ncclAllReduce);
  DT_LIBRARY_FUNCTION(ncclBroadcast);
  DT_LIBRARY_FUNCTION(ncclAllGather);
  DT_LIBRARY_FUNCTION(ncclReduceScatter);
  DT_LIBRARY_FUNCTION(ncclGroupStart);
  DT_LIBRARY_FUNCTION(ncclGroupEnd);
};
// Throws Error{unsupported} when it cannot be opened or is too old.
const NcclLibrary& nccl();

// What NCCL said; the engine adds the collective and throws an Error.
struct NcclFailure {
  ncclResult_t status;
  std::string text;
};

ncclUniqueId makeNcclId();                             // throws NcclFailure
ncclDataType_t ncclType(const char* op, DType dtype);  // of what is reduced; throws for what NCCL does not add

// A non-blocking communicator: no call of it ever sits and waits for a peer. A call that has more to do says "in
// progress", and is asked again until it is done; only then are its operations in the stream. Between two questions
// `check` is called, which throws to give up. NCCL allows one thread at a time: so every call holds the mutex, and
// abort() can come from another thread between any two. (Connections must be made by init, or the first calls would
// wait for the peers after all: hence the launcher sets NCCL_RUNTIME_CONNECT=0.)
class NcclComm {
 public:
  using Check = std::function<void()>;
  void init(const ncclUniqueId& id, int rank, int worldSize, const Check& check);
  // Throws NcclFailure, or what check throws.
  void run(const std::function<ncclResult_t(ncclComm_t)>& call, const Check& check);
  // Throws NcclFailure when something has gone wrong since.
  void checkAsync();
  // Ends everything, also on the device, at once; but returns only when all ranks of the machine have aborted too, or
  // ended. Calls that come after it do nothing.
  void abort();

 private:
  void settle(ncclResult_t status, const Check& check);
  std::mutex mutex_;
  ncclComm_t comm_ = nullptr;
};

}  // namespace dtrain
