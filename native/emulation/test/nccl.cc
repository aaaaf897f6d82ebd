// Emulated NCCL with ranks as threads of this process: every collective against its definition, and how it fails.
// Ranks as processes are in nccl-processes.cc.
#include <nccl.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>

#include "emulation/test/support.h"

namespace dtrain::test {
namespace {

using Clock = std::chrono::steady_clock;

void ok(ncclResult_t result, std::source_location at = std::source_location::current()) {
  expect(result == ncclSuccess,
         str(at.file_name(), ":", at.line(), ": ", ncclGetErrorString(result), ": ", ncclGetLastError(nullptr)));
}
using dtrain::test::ok;

ncclUniqueId newId() {
  ncclUniqueId id;
  ok(ncclGetUniqueId(&id));
  return id;
}

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }
void sleepMs(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

struct Comm {
  Comm(int ranks, const ncclUniqueId& id, int rank) {
    ok(ncclCommInitRank(&comm, ranks, id, rank));
    const std::lock_guard lock(mutex);
    live.insert(comm);
  }
  ~Comm() {
    const std::lock_guard lock(mutex);
    live.erase(comm);
    ncclCommAbort(comm);  // refused if it has been done
  }
  operator ncclComm_t() const { return comm; }
  ncclComm_t comm;

  // The peers of a rank that has failed would wait for ever.
  static void abortAll() {
    const std::lock_guard lock(mutex);
    for (const ncclComm_t comm : live) ncclCommAbort(comm);
  }

 private:
  inline static std::mutex mutex;
  inline static std::set<ncclComm_t> live;
};

// Runs f(rank) on n threads, each with the device of its rank, and hands on the first failure.
template <class F>
void onRanks(int n, F&& f) {
  std::vector<std::string> problems(n);
  std::vector<std::thread> threads;
  for (int r = 0; r < n; r++)
    threads.emplace_back([&, r] {
      try {
        ok(cudaSetDevice(r));
        f(r);
      } catch (const Failure& e) {
        problems[r] = e.what;
        Comm::abortAll();
      }
    });
  for (std::thread& t : threads) t.join();
  for (int r = 0; r < n; r++) expect(problems[r].empty(), str("rank ", r, ": ", problems[r]));
}

ncclConfig_t nonblocking() {
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.blocking = 0;
  return config;
}

// What a nonblocking communicator has come to.
ncclResult_t outcome(ncclComm_t comm) {
  ncclResult_t state = ncclInProgress;
  for (const auto start = Clock::now(); state == ncclInProgress && secondsSince(start) < 10; sleepMs(1))
    ok(ncclCommGetAsyncError(comm, &state));
  return state;
}

ncclResult_t stateOf(ncclComm_t comm) {
  ncclResult_t state;
  ok(ncclCommGetAsyncError(comm, &state));
  return state;
}

bool busy(cudaStream_t stream) { return cudaStreamQuery(stream) == cudaErrorNotReady; }

// Small whole numbers, so that sums and products of any type are exact and the order of addition cannot matter here.
template <class T>
std::vector<T> values(size_t n, int rank) {
  std::vector<T> out(n);
  for (size_t i = 0; i < n; i++) out[i] = static_cast<T>((i * 7 + rank * 3) % 5 + 1);
  return out;
}

template <class T>
T defined(ncclRedOp_t op, const std::vector<T>& terms) {
  double value = terms[0];
  for (size_t r = 1; r < terms.size(); r++) {
    const double x = terms[r];
    value = op == ncclProd  ? value * x
            : op == ncclMax ? std::max(value, x)
            : op == ncclMin ? std::min(value, x)
                            : value + x;
  }
  if (op == ncclAvg) value /= static_cast<double>(terms.size());
  return static_cast<T>(value);
}

template <class T>
void checkReductions(ncclDataType_t type) {
  for (const int ranks : {1, 2, 3}) {
    const ncclUniqueId id = newId();
    onRanks(ranks, [&](int rank) {
      const Comm comm(ranks, id, rank);
      const Stream stream;
      const size_t large = (size_t{2} << 20) / sizeof(T) + 1;  // two full slots and a bit
      for (const size_t n : {size_t{1}, size_t{1000}, large})
        for (const ncclRedOp_t op : {ncclSum, ncclProd, ncclMax, ncclMin, ncclAvg})
          for (const bool inPlace : {false, true}) {
            if (n == large && (op != ncclSum || inPlace)) continue;
            std::vector<std::vector<T>> all;
            for (int r = 0; r < ranks; r++) all.push_back(values<T>(n, r));
            T* send = upload(stream, all[rank]);
            T* recv = inPlace ? send : zeros<T>(stream, n);
            ok(ncclAllReduce(send, recv, n, type, op, comm, stream));
            const auto got = download(stream, recv, n);
            std::vector<T> terms(ranks);
            for (size_t i = 0; i < n; i++) {
              for (int r = 0; r < ranks; r++) terms[r] = all[r][i];
              const T want = defined(op, terms);
              if (op == ncclAvg ? close(got[i], want, 1e-6) : got[i] == want) continue;
              expect(false, str("op ", op, " of ", n, ": element ", i, " is ", +got[i], ", not ", +want));
            }
            ok(cudaFreeAsync(send, stream));
            if (!inPlace) ok(cudaFreeAsync(recv, stream));
          }
    });
  }
}

TEST("emulated NCCL: all-reduce of every type and operator equals the definition") {
  checkReductions<int8_t>(ncclInt8);
  checkReductions<uint8_t>(ncclUint8);
  checkReductions<int32_t>(ncclInt32);
  checkReductions<uint32_t>(ncclUint32);
  checkReductions<int64_t>(ncclInt64);
  checkReductions<uint64_t>(ncclUint64);
  checkReductions<float>(ncclFloat32);
  checkReductions<double>(ncclFloat64);
}

TEST("emulated NCCL: all ranks hold the same bits, those of a sum in rank order") {
  const int ranks = 3;
  const size_t n = 400'000;
  std::vector<std::vector<float>> results(ranks), inputs(ranks);
  for (int r = 0; r < ranks; r++)
    for (size_t i = 0; i < n; i++) inputs[r].push_back(std::sin(static_cast<float>(i * ranks + r)) * 1000);
  const ncclUniqueId id = newId();
  onRanks(ranks, [&](int rank) {
    const Comm comm(ranks, id, rank);
    const Stream stream;
    float* p = upload(stream, inputs[rank]);
    ok(ncclAllReduce(p, p, n, ncclFloat32, ncclSum, comm, stream));
    results[rank] = download(stream, p, n);
  });
  std::vector<float> want(n);
  for (size_t i = 0; i < n; i++) want[i] = (inputs[0][i] + inputs[1][i]) + inputs[2][i];
  for (int r = 0; r < ranks; r++) EXPECT(results[r] == want);
}

TEST("emulated NCCL: sums of scaled values, the scale on the host or on the device") {
  const int ranks = 2;
  const ncclUniqueId id = newId();
  onRanks(ranks, [&](int rank) {
    const Comm comm(ranks, id, rank);
    const Stream stream, other;
    double weight = rank == 0 ? 0.25 : 0.75;
    const std::vector<double> x{4, 8}, want{2 * 0.25 * 4, 2 * 0.25 * 8};
    double *p = upload(stream, x), *scale = zeros<double>(stream, 1);
    ncclRedOp_t here, there;
    ok(ncclRedOpCreatePreMulSum(&here, &weight, ncclFloat64, ncclScalarHostImmediate, comm));
    ok(ncclRedOpCreatePreMulSum(&there, scale, ncclFloat64, ncclScalarDevice, comm));
    const std::vector<double> later{rank == 0 ? 3.0 : 5.0};
    {
      Gate gate(stream);
      ok(ncclAllReduce(p, p, 2, ncclFloat64, here, comm, stream));
      ok(ncclRedOpDestroy(here, comm));
      ok(cudaMemcpyAsync(scale, later.data(), sizeof(double), cudaMemcpyDefault, stream));
      ok(ncclAllReduce(p, p, 2, ncclFloat64, there, comm, stream));
      weight = 1000;  // was read when the operator was made; the other is read when the stream gets there
    }
    const auto got = download(stream, p, 2);
    for (int i = 0; i < 2; i++) EXPECT(got[i] == (0.25 * x[i] + 0.75 * x[i]) * (3 + 5));
    EXPECT(ncclAllReduce(p, p, 2, ncclFloat64, here, comm, stream) == ncclInvalidArgument);   // destroyed
    EXPECT(ncclAllReduce(p, p, 2, ncclFloat32, there, comm, stream) == ncclInvalidArgument);  // of another type
    EXPECT(ncclRedOpDestroy(ncclSum, comm) == ncclInvalidArgument);
  });
}

TEST("emulated NCCL: broadcast, all-gather and reduce-scatter, in place and not") {
  const int ranks = 3;
  const ncclUniqueId id = newId();
  onRanks(ranks, [&](int rank) {
    const Comm comm(ranks, id, rank);
    const Stream stream;
    for (const size_t n : {size_t{1}, size_t{700'000}})
      for (const bool inPlace : {false, true}) {
        const auto mine = values<float>(n, rank);
        float* all = zeros<float>(stream, n * ranks);
        float* part = inPlace ? all + rank * n : zeros<float>(stream, n);
        ok(cudaMemcpyAsync(part, mine.data(), n * sizeof(float), cudaMemcpyDefault, stream));
        ok(ncclAllGather(part, all, n, ncclFloat32, comm, stream));
        const auto gathered = download(stream, all, n * ranks);
        for (int r = 0; r < ranks; r++) {
          const auto theirs = values<float>(n, r);
          EXPECT(std::equal(theirs.begin(), theirs.end(), gathered.begin() + r * n));
        }
        // every rank holds all parts now, so part r sums up to three times what rank r gave
        ok(ncclReduceScatter(all, part, n, ncclFloat32, ncclSum, comm, stream));
        const auto tripled = [&](int r) {
          auto out = values<float>(n, r);
          for (float& v : out) v *= 3;
          return out;
        };
        EXPECT(download(stream, part, n) == tripled(rank));

        float* out = inPlace ? part : zeros<float>(stream, n);
        const float* nowhere = nullptr;  // only the root's is read
        ok(ncclBroadcast(rank == 1 ? part : nowhere, out, n, ncclFloat32, 1, comm, stream));
        EXPECT(download(stream, out, n) == tripled(1));
      }
  });
}

TEST("emulated NCCL: sends and receives of a group run side by side, of one rank in their order") {
  const int ranks = 3;
  const ncclUniqueId id = newId();
  onRanks(ranks, [&](int rank) {
    const Comm comm(ranks, id, rank);
    const Stream stream;
    const size_t n = 100'000;  // more than fits between two ranks
    const int next = (rank + 1) % ranks, before = (rank + ranks - 1) % ranks;
    const float *mine = upload(stream, values<float>(n, rank)), *one = upload(stream, std::vector<float>{7.0F + rank});
    float *theirs = zeros<float>(stream, n), *small = zeros<float>(stream, 1);
    ok(ncclGroupStart());
    ok(ncclSend(mine, n, ncclFloat32, next, comm, stream));
    ok(ncclSend(one, 1, ncclFloat32, next, comm, stream));
    ok(ncclRecv(theirs, n, ncclFloat32, before, comm, stream));
    ok(ncclRecv(small, 1, ncclFloat32, before, comm, stream));
    ok(ncclGroupEnd());
    EXPECT(download(stream, theirs, n) == values<float>(n, before));
    EXPECT(download(stream, small, 1)[0] == 7.0F + before);
  });
}

TEST("emulated NCCL: one thread drives several devices in groups") {
  const int ranks = 4;
  const ncclUniqueId id = newId();
  ncclComm_t comms[ranks];
  std::vector<std::unique_ptr<Stream>> streams;
  ok(ncclGroupStart());
  for (int r = 0; r < ranks; r++) {
    ok(cudaSetDevice(r));
    streams.push_back(std::make_unique<Stream>());
    ok(ncclCommInitRank(&comms[r], ranks, id, r));
  }
  ok(ncclGroupEnd());
  int32_t* p[ranks];
  ok(ncclGroupStart());
  for (int r = 0; r < ranks; r++) {
    p[r] = upload(*streams[r], std::vector<int32_t>{r});
    ok(ncclAllReduce(p[r], p[r], 1, ncclInt32, ncclSum, comms[r], *streams[r]));
  }
  ok(ncclGroupEnd());
  for (int r = 0; r < ranks; r++) {
    EXPECT(download(*streams[r], p[r], 1)[0] == 6);
    int count, rank, device;
    ok(ncclCommCount(comms[r], &count));
    ok(ncclCommUserRank(comms[r], &rank));
    ok(ncclCommCuDevice(comms[r], &device));
    EXPECT(count == ranks && rank == r && device == r);
    ok(ncclCommFinalize(comms[r]));
    EXPECT(ncclAllReduce(p[r], p[r], 1, ncclInt32, ncclSum, comms[r], *streams[r]) == ncclInvalidUsage);
    ok(ncclCommDestroy(comms[r]));
  }
  ok(cudaSetDevice(0));
  EXPECT(ncclGroupEnd() == ncclInvalidUsage);
}

TEST("emulated NCCL: a refused call spoils its group") {
  const Comm comm(1, newId(), 0);
  const Stream stream;
  auto* p = zeros<float>(stream, 1);
  ok(ncclGroupStart());
  ok(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream));
  EXPECT(ncclBroadcast(p, p, 1, ncclFloat32, 1, comm, stream) == ncclInvalidArgument);  // no such root
  EXPECT(ncclGroupEnd() == ncclInvalidArgument);
  ok(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream));
  stream.wait();
}

TEST("emulated NCCL: a nonblocking communicator returns at once and works later") {
  const int ranks = 2;
  const ncclUniqueId id = newId();
  std::atomic<int> came{0};
  onRanks(ranks, [&](int rank) {
    ncclConfig_t config = nonblocking();
    ncclComm_t comm;
    if (rank == 1) sleepMs(50);
    EXPECT(ncclCommInitRankConfig(&comm, ranks, id, rank, &config) == ncclInProgress);
    if (came++ == 0) EXPECT(stateOf(comm) == ncclInProgress);
    EXPECT(outcome(comm) == ncclSuccess);
    const Stream stream;
    float* p = upload(stream, std::vector<float>{1.0F + rank});
    EXPECT(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream) == ncclInProgress);
    EXPECT(outcome(comm) == ncclSuccess);
    EXPECT(download(stream, p, 1)[0] == 3);
    EXPECT(ncclCommFinalize(comm) == ncclInProgress);
    EXPECT(outcome(comm) == ncclSuccess);
    ok(ncclCommDestroy(comm));
  });
}

TEST("emulated NCCL: the first call of a kind is in progress until all ranks have come to it, unless told otherwise") {
  for (const bool early : {false, true}) {
    setenv("NCCL_RUNTIME_CONNECT", early ? "0" : "1", 1);
    const int ranks = 2;
    const ncclUniqueId id = newId();
    onRanks(ranks, [&](int rank) {
      ncclConfig_t config = nonblocking();
      ncclComm_t comm;
      EXPECT(ncclCommInitRankConfig(&comm, ranks, id, rank, &config) == ncclInProgress);
      EXPECT(outcome(comm) == ncclSuccess);
      const Stream stream;
      auto* p = zeros<float>(stream, 1);
      for (const bool first : {true, false}) {
        if (rank == 1) sleepMs(100);
        const auto start = Clock::now();
        EXPECT(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream) == ncclInProgress);
        EXPECT(outcome(comm) == ncclSuccess);
        if (rank == 0) EXPECT((secondsSince(start) > 0.05) == (first && !early));
        stream.wait();
      }
      ok(ncclCommAbort(comm));
    });
  }
  setenv("NCCL_RUNTIME_CONNECT", "0", 1);
}

TEST("emulated NCCL: a nonblocking communicator that is used too early is spoiled") {
  ncclConfig_t config = nonblocking();
  ncclComm_t comm;
  EXPECT(ncclCommInitRankConfig(&comm, 2, newId(), 0, &config) == ncclInProgress);  // the peer never comes
  const Stream stream;
  auto* p = zeros<float>(stream, 1);
  EXPECT(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream) == ncclInvalidArgument);
  EXPECT(std::strstr(ncclGetLastError(comm), "before the previous operation returned ncclSuccess") != nullptr);
  EXPECT(stateOf(comm) == ncclInvalidArgument);
  const auto start = Clock::now();
  ok(ncclCommAbort(comm));
  EXPECT(secondsSince(start) < 0.25);
}

TEST("emulated NCCL: blocking and nonblocking communicators do not share a group") {
  const Comm comm(1, newId(), 0);
  const Stream stream;
  auto* p = zeros<float>(stream, 1);
  ncclConfig_t config = nonblocking();
  ncclComm_t other;
  ok(ncclGroupStart());
  ok(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, stream));
  EXPECT(ncclCommInitRankConfig(&other, 1, newId(), 0, &config) == ncclInvalidArgument && other == nullptr);
  EXPECT(ncclGroupEnd() == ncclInvalidArgument);
}

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

TEST("emulated NCCL: operations of one communicator take their turns across streams") {
  const int ranks = 2;
  const ncclUniqueId id = newId();
  onRanks(ranks, [&](int rank) {
    const Comm comm(ranks, id, rank);
    const Stream first, second;
    float* p = upload(first, std::vector<float>{1});
    first.wait();
    Gate gate(rank == 0 ? first : second);
    ok(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, comm, first));
    ok(ncclAllReduce(p, p, 1, ncclFloat32, ncclProd, comm, second));
    sleepMs(20);
    if (rank == 0) EXPECT(busy(second));  // behind the first, though its stream is free
    gate.open();
    second.wait();
    EXPECT(download(first, p, 1)[0] == 4);
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

TEST("emulated NCCL: two ranks on one device are refused on all ranks") {
  const ncclUniqueId id = newId();
  onRanks(2, [&](int rank) {
    ok(cudaSetDevice(0));
    ncclComm_t comm;
    EXPECT(ncclCommInitRank(&comm, 2, id, rank) == ncclInvalidUsage);
    ok(ncclCommAbort(comm));
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
  EXPECT(ncclAllReduce(p, p, 1, ncclFloat16, ncclSum, comm, stream) == ncclInvalidArgument);
  EXPECT(ncclAllReduce(p, p, 1, ncclNumTypes, ncclSum, comm, stream) == ncclInvalidArgument);
  EXPECT(ncclSend(p, 1, ncclNumTypes, 0, comm, stream) == ncclInvalidArgument);
  EXPECT(ncclAllReduce(p, p, 1, ncclFloat32, ncclSum, nullptr, stream) == ncclInvalidArgument);
  ok(ncclAllReduce(nullptr, nullptr, 0, ncclFloat32, ncclSum, comm, stream));  // nothing to do
  ok(ncclBroadcast(p, p, 2, ncclFloat16, 0, comm, stream));                    // moves what it cannot add
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
