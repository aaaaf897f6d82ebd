// Emulated NCCL with ranks as threads of this process: every collective against its definition. How it fails is in
// nccl-failures.cc, ranks as processes are in nccl-processes.cc.
#include <atomic>
#include <tuple>

#include "emulation/test/nccl-support.h"

namespace dtrain::test {
namespace {

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
            if (n == large && (type != ncclFloat32 || op != ncclSum || inPlace)) continue;
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
              expect(false, "op ", op, " of ", n, ": element ", i, " is ", +got[i], ", not ", +want);
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

TEST("emulated NCCL: elements of 16 bits are rounded after each step") {
  const ncclUniqueId id = newId();
  onRanks(3, [&](int rank) {
    const Comm comm(3, id, rank);
    const Stream stream;
    // 2048, 1, 1 and 256, 1, 1: each 1 alone is half a step of the type, and lost.
    const uint16_t half = rank == 0 ? 0x6800 : 0x3c00, bfloat = rank == 0 ? 0x4380 : 0x3f80;
    for (const auto& [type, mine, sum] : {std::tuple{ncclFloat16, half, 0x6800}, {ncclBfloat16, bfloat, 0x4380}}) {
      uint16_t* p = upload(stream, std::vector<uint16_t>{mine});
      ok(ncclAllReduce(p, p, 1, type, ncclSum, comm, stream));
      EXPECT(download(stream, p, 1)[0] == sum);
      ok(cudaFreeAsync(p, stream));
    }
  });
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

}  // namespace
}  // namespace dtrain::test
