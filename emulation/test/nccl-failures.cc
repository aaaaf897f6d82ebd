// Emulated NCCL with ranks as threads of this process: what waits for good, what an abort does, what is refused.
#include <sys/resource.h>

#include <atomic>
#include <cstring>

#include "emulation/test/nccl-support.h"

namespace dtrain::test {
namespace {

double cpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Two ranks call something that does not fit; both must wait, quietly, until they are aborted.
template <class F>
void checkHang(F&& call) {
  const int ranks = 2;
  const ncclUniqueId id = newId();
  std::atomic<int> waiting{0}, asked{0};
  onRanks(ranks, [&](int rank) {
    const Comm comm(ranks, id, rank);
    const Stream stream;
    auto* p = zeros<float>(stream, 1000);
    stream.wait();
    call(rank, p, comm, stream);
    waiting++;
    while (waiting < ranks) sleepMs(1);
    const double cpu = cpuSeconds();
    sleepMs(200);
    EXPECT(cpuSeconds() - cpu < 0.1);  // of both ranks together, in 0.2 s
    EXPECT(busy(stream) && stateOf(comm) == ncclSuccess);
    asked++;
    while (asked < ranks) sleepMs(1);
    const auto start = Clock::now();
    ok(ncclCommAbort(comm));
    stream.wait();
    EXPECT(secondsSince(start) < 0.25);
    ncclResult_t state;
    EXPECT(ncclCommGetAsyncError(comm, &state) == ncclInvalidArgument);  // the handle is gone
    EXPECT(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream) == ncclInvalidArgument);
  });
}

TEST("emulated NCCL: a peer that does not come is waited for") {
  checkHang([](int rank, float* p, ncclComm_t comm, cudaStream_t stream) {
    ok(ncclAllReduce(p, p, 10, ncclFloat32, ncclSum, comm, stream));
    if (rank == 0) ok(ncclAllReduce(p, p, 10, ncclFloat32, ncclSum, comm, stream));
    if (rank == 1) ok(ncclRecv(p, 10, ncclFloat32, 0, comm, stream));
  });
}

TEST("emulated NCCL: ranks whose counts differ wait for good") {
  checkHang([](int rank, float* p, ncclComm_t comm, cudaStream_t stream) {
    ok(ncclAllReduce(p, p, 10 + rank, ncclFloat32, ncclSum, comm, stream));
  });
}

TEST("emulated NCCL: a send and a receive of different lengths wait for good") {
  checkHang([](int rank, float* p, ncclComm_t comm, cudaStream_t stream) {
    if (rank == 0) ok(ncclRecv(p, 10, ncclFloat32, 1, comm, stream));
    if (rank == 1) ok(ncclSend(p, 9, ncclFloat32, 0, comm, stream));
    if (rank == 1) ok(ncclRecv(p, 1, ncclFloat32, 0, comm, stream));  // a short send alone is over at once
  });
}

TEST("emulated NCCL: an abort waits for that of the peers, whose collectives end with wrong data meanwhile") {
  const int ranks = 2;
  const ncclUniqueId id = newId();
  std::atomic<bool> waiting{false};
  onRanks(ranks, [&](int rank) {
    const Comm comm(ranks, id, rank);
    const Stream stream;
    float* p = upload(stream, std::vector<float>{1.0F});
    if (rank == 1) {
      while (!waiting) sleepMs(1);
      const auto start = Clock::now();
      ok(ncclCommAbort(comm));
      EXPECT(secondsSince(start) > 0.1 && secondsSince(start) < 0.28);  // not the 0.3 s of the setting
      return;
    }
    ok(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream));
    sleepMs(20);
    EXPECT(busy(stream));
    waiting = true;
    EXPECT(download(stream, p, 1)[0] != 2 && stateOf(comm) == ncclSuccess);
    sleepMs(120);
    ok(ncclCommAbort(comm));
  });
}
TEST("emulated NCCL: a communicator refuses wrong ranks, identifiers and configurations") {
  ncclComm_t comm;
  const ncclUniqueId id = newId();
  EXPECT(ncclCommInitRank(&comm, 2, id, 2) == ncclInvalidArgument && comm == nullptr);
  EXPECT(std::strcmp(ncclGetLastError(nullptr), "Invalid rank requested : 2/2") == 0);
  EXPECT(ncclCommInitRank(&comm, 2, id, -1) == ncclInvalidArgument);
  EXPECT(ncclCommInitRank(&comm, 0, id, 0) == ncclInvalidArgument);
  EXPECT(ncclCommInitRank(&comm, 1, ncclUniqueId{}, 0) == ncclInvalidArgument);
  EXPECT(ncclCommInitRank(nullptr, 1, id, 0) == ncclInvalidArgument);

  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.magic = 0;
  EXPECT(ncclCommInitRankConfig(&comm, 1, id, 0, &config) == ncclInvalidArgument);
  config = NCCL_CONFIG_INITIALIZER;
  config.blocking = 2;
  EXPECT(ncclCommInitRankConfig(&comm, 1, id, 0, &config) == ncclInvalidArgument);
  // the configuration of version 2.14 ends behind `blocking`
  config = nonblocking();
  config.size = offsetof(ncclConfig_t, cgaClusterSize);
  config.version = NCCL_VERSION(2, 14, 0);
  EXPECT(ncclCommInitRankConfig(&comm, 1, id, 0, &config) == ncclInProgress && outcome(comm) == ncclSuccess);
  ok(ncclCommDestroy(comm));
  EXPECT(ncclCommDestroy(comm) == ncclInvalidArgument);

  // an identifier serves once
  EXPECT(ncclCommInitRank(&comm, 1, id, 0) == ncclRemoteError);
  ok(ncclCommAbort(comm));
  int version;
  ok(ncclGetVersion(&version));
  EXPECT(version == NCCL_VERSION_CODE);
}

TEST("emulated NCCL: two ranks on one device are refused on all ranks, unless they are asked for") {
  const struct {
    const char *asked, *fault, *why;
  } cases[] = {{"0", "", "using the same GPU/Partition"}, {"1", "", ""}, {"1", "oldnccl", "Duplicate GPU detected"}};
  for (const auto& [asked, fault, why] : cases) {
    const Environment settings{str("NCCL_MULTI_RANK_GPU_ENABLE=", asked), str("DTRAIN_EMULATION_FAULT=", fault),
                               str("EXPECTED_TEXT=", why)};
    isolated("emulated NCCL: two ranks on one device", settings, [] {
      const std::string expected = std::getenv("EXPECTED_TEXT");
      const ncclUniqueId id = newId();
      onRanks(2, [&](int rank) {
        ok(cudaSetDevice(0));
        ncclComm_t comm;
        const ncclResult_t result = ncclCommInitRank(&comm, 2, id, rank);
        if (expected.empty()) {
          ok(result);
          const Stream stream;
          float* p = upload(stream, std::vector<float>{1.0F + rank});
          ok(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream));
          EXPECT(download(stream, p, 1)[0] == 3);
        } else {
          EXPECT(result == ncclInvalidUsage && std::strstr(ncclGetLastError(comm), expected.c_str()) != nullptr);
        }
        ok(ncclCommAbort(comm));
      });
    });
  }
}

TEST("emulated NCCL: three ranks on one device wait for good") {
  isolated("emulated NCCL: three ranks on one device", {"NCCL_MULTI_RANK_GPU_ENABLE=1"}, [] {
    const ncclUniqueId id = newId();
    onRanks(3, [&](int rank) {
      ok(cudaSetDevice(0));
      ncclConfig_t config = nonblocking();
      ncclComm_t comm;
      EXPECT(ncclCommInitRankConfig(&comm, 3, id, rank, &config) == ncclInProgress);
      sleepMs(100);
      EXPECT(stateOf(comm) == ncclInProgress);
      ok(ncclCommAbort(comm));
    });
  });
}

TEST("emulated NCCL: ranks of one number, and ranks that disagree about their number, wait for good") {
  for (const int ranks : {2, 3}) {
    const ncclUniqueId id = newId();
    onRanks(2, [&](int thread) {
      ncclConfig_t config = nonblocking();
      ncclComm_t comm;
      const int rank = ranks == 2 ? 0 : thread;  // of two, both are 0; or 0 of two and 1 of three
      EXPECT(ncclCommInitRankConfig(&comm, ranks == 2 ? 2 : 2 + thread, id, rank, &config) == ncclInProgress);
      sleepMs(100);
      EXPECT(stateOf(comm) == ncclInProgress);
      ok(ncclCommAbort(comm));
    });
  }
}

TEST("emulated NCCL: refuses streams of other devices, default streams and types it cannot add") {
  const Comm comm(1, newId(), 0);
  ok(cudaSetDevice(1));
  const Stream elsewhere;
  ok(cudaSetDevice(0));
  const Stream stream;
  auto* p = zeros<float>(stream, 1);
  EXPECT(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, elsewhere) == ncclUnhandledCudaError);
  EXPECT(std::string(ncclGetLastError(comm)).starts_with("Cuda failure 'invalid resource handle"));
  EXPECT(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, nullptr) == ncclUnhandledCudaError);
  EXPECT(ncclAllReduce(p, p, 1, ncclFloat8e4m3, ncclSum, comm, stream) == ncclInvalidArgument);
  EXPECT(ncclAllReduce(p, p, 1, ncclNumTypes, ncclSum, comm, stream) == ncclInvalidArgument);
  EXPECT(ncclSend(p, 1, ncclNumTypes, 0, comm, stream) == ncclInvalidArgument);
  EXPECT(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, nullptr, stream) == ncclInvalidArgument);
  ok(ncclAllReduce(nullptr, nullptr, 0, ncclFloat32, ncclSum, comm, stream));  // nothing to do
  ok(ncclBroadcast(p, p, 2, ncclFloat8e4m3, 0, comm, stream));                 // moves what it cannot add
  stream.wait();
}

TEST("emulated NCCL: a buffer that is too short costs the device") {
  isolated("emulated NCCL: a buffer that is too short costs the device", {}, [] {
    const Comm comm(1, newId(), 0);
    const Stream stream;
    auto* p = zeros<float>(stream, 1 << 20);
    ok(ncclAllGather(p, p, (1 << 20) + 1, ncclFloat32, comm, stream));
    refused(cudaStreamSynchronize(stream), cudaErrorIllegalAddress, "AllGather: sendbuff is not in device memory");
  });
}

TEST("emulated NCCL: a fault makes calls fail from then on") {
  isolated("emulated NCCL: a fault makes calls fail from then on", {"DTRAIN_EMULATION_FAULT=nccl after=2"}, [] {
    const Comm comm(1, newId(), 0);
    const Stream stream;
    auto* p = zeros<float>(stream, 1);
    for (int i = 0; i < 2; i++) ok(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream));
    for (int i = 0; i < 2; i++) EXPECT(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream) == ncclSystemError);
    EXPECT(std::strstr(ncclGetLastError(comm), "No space left on device") != nullptr);
    stream.wait();
  });
}

TEST("emulated NCCL: a rank that stalls never takes part") {
  isolated("emulated NCCL: a rank that stalls never takes part", {"DTRAIN_EMULATION_FAULT=stall after=1"}, [] {
    ncclComm_t comm;
    ok(ncclCommInitRank(&comm, 1, newId(), 0));
    const Stream stream;
    auto* p = zeros<float>(stream, 1);
    ok(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream));
    stream.wait();
    ok(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream));
    sleepMs(50);
    EXPECT(busy(stream));
    ok(ncclCommAbort(comm));
    stream.wait();
  });
}

}  // namespace
}  // namespace dtrain::test
