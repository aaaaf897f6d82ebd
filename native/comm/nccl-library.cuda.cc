// Calls of NCCL that do not wait inside NCCL: each is asked for and then polled, so that a rank that is told to give up
// can.
#include "comm/nccl-library.h"

#include <chrono>
#include <thread>

#include "core/cuda.h"

namespace dtrain {

namespace {

// A collective that only has to be launched takes some 50 us; a nap takes 70.
constexpr auto kSpin = std::chrono::microseconds(200), kNap = std::chrono::microseconds(20);

// The last message of NCCL in this process is usually about this error.
std::string lastWords(ncclComm_t comm, ncclResult_t status) {
  const std::string error = nccl().ncclGetErrorString(status);
  const char* last = nccl().ncclGetLastError(comm);
  return last && *last ? str(error, "; last message of NCCL: ", last) : error;
}

void require(ncclResult_t status, ncclComm_t comm) {
  if (status != ncclSuccess) throw NcclFailure{status, lastWords(comm, status)};
}

}  // namespace

NcclLibrary::NcclLibrary() {
  ncclGetVersion(&version);
  library.requireVersion(version, NCCL_VERSION(2, 18, 0), NCCL_VERSION(3, 0, 0));
}

const NcclLibrary& nccl() {
  static const auto* library = new NcclLibrary;
  return *library;
}

ncclUniqueId makeNcclId() {
  ncclUniqueId id;
  require(nccl().ncclGetUniqueId(&id), nullptr);
  return id;
}

ncclDataType_t ncclType(const char* op, DType dtype) {
  switch (dtype) {
    case DType::float32: return ncclFloat32;
    case DType::float64: return ncclFloat64;
    case DType::float16: return ncclFloat16;
    case DType::bfloat16: return ncclBfloat16;
    case DType::int64: return ncclInt64;
    case DType::int32: return ncclInt32;
    case DType::int8: return ncclInt8;
    case DType::uint8:
    case DType::boolean: return ncclUint8;
    case DType::int16: break;
  }
  fail(Code::dtype, op, ": NCCL does not reduce ", dtype, "; convert to int32, or reduce on the CPU");
}

void NcclComm::init(const ncclUniqueId& id, int rank, int worldSize, const Check& check) {
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.blocking = 0;
  ncclResult_t status;
  {
    const std::lock_guard lock(mutex_);
    status = nccl().ncclCommInitRankConfig(&comm_, worldSize, id, rank, &config);
  }
  settle(status, check);
}

void NcclComm::run(const std::function<ncclResult_t(ncclComm_t)>& call, const Check& check) {
  ncclResult_t status = ncclSuccess;
  {
    const std::lock_guard lock(mutex_);
    if (comm_) status = call(comm_);
  }
  settle(status, check);
}

void NcclComm::settle(ncclResult_t status, const Check& check) {
  for (const auto start = std::chrono::steady_clock::now();;) {
    check();
    if (status == ncclSuccess) return;
    {
      const std::lock_guard lock(mutex_);
      if (status != ncclInProgress) require(status, comm_);
      if (comm_) require(nccl().ncclCommGetAsyncError(comm_, &status), comm_);
    }
    if (status != ncclInProgress) continue;
    if (std::chrono::steady_clock::now() - start < kSpin) std::this_thread::yield();
    else std::this_thread::sleep_for(kNap);
  }
}

void NcclComm::checkAsync() {
  const std::lock_guard lock(mutex_);
  ncclResult_t status = ncclSuccess;
  if (comm_) require(nccl().ncclCommGetAsyncError(comm_, &status), comm_);
  if (status != ncclInProgress) require(status, comm_);
}

void NcclComm::abort() {
  ncclComm_t comm;
  {
    const std::lock_guard lock(mutex_);
    comm = std::exchange(comm_, nullptr);
  }
  if (comm) nccl().ncclCommAbort(comm);
}

}  // namespace dtrain
