// The shared-memory engine between real processes: values, mismatches, death and lateness. A child reports by its exit
// code.
#include <signal.h>
#include <unistd.h>

#include <chrono>

#include "ops/copy.h"
#include "ops/creation.h"
#include "test/ranks.h"

namespace dtrain {
namespace {

using test::failureOf;
using test::inProcesses;
using test::kDistributed;
using test::kPeer;

Tensor ramp(int64_t n, double start, DType dtype) { return arange(start, start + static_cast<double>(n), 1, dtype); }

TEST("shm: all-reduce, broadcast, all-gather, reduce-scatter over sizes, dtypes and rank counts") {
  for (int ranks : {1, 2, 3, 5}) {
    const auto codes = inProcesses(ranks, 20'000, [&](Group& group) {
      Communicator& c = group.cpu();
      for (int64_t n : {0, 1, 7, 64, 1000, 2'500'001}) {
        for (DType dtype : {DType::float32, DType::float64, DType::int64}) {
          const Tensor x = cast(ramp(n, c.rank() * 10, DType::int64), dtype);
          c.allReduce(x, ReduceOp::sum)->wait();
          const Tensor sum = cast(x, DType::float64);
          const double base = 10.0 * ranks * (ranks - 1) / 2;
          for (int64_t i = 0; i < n; i += 1 + n / 97)
            if (!test::close(sum.data<double>()[i], static_cast<double>(i) * ranks + base, 1e-6)) return 1;

          const Tensor y = cast(ramp(n, c.rank(), DType::int64), dtype);
          const Tensor z = cast(ramp(3, c.rank(), DType::int64), dtype);
          c.broadcast({y, z}, ranks - 1)->wait();
          if (n > 0 && cast(y, DType::float64).data<double>()[n - 1] != static_cast<double>(n - 1 + ranks - 1))
            return 2;
          if (cast(z, DType::float64).data<double>()[0] != ranks - 1) return 2;

          const Tensor all = empty({ranks, n}, dtype);
          c.allGather(cast(ramp(n, c.rank() * 3, DType::int64), dtype), all)->wait();
          const Tensor gathered = cast(all, DType::float64);
          for (int r = 0; r < ranks && n > 0; r++)
            if (gathered.data<double>()[r * n + n / 2] != static_cast<double>(r * 3 + n / 2)) return 3;

          const Tensor part = empty({n}, dtype);
          c.reduceScatter(cast(ramp(n * ranks, c.rank(), DType::int64), dtype), part, ReduceOp::sum)->wait();
          const Tensor mine = cast(part, DType::float64);
          const double offset = ranks * (ranks - 1) / 2.0;
          for (int64_t i = 0; i < n; i += 1 + n / 97) {
            const auto at = static_cast<double>(c.rank() * n + i);
            if (!test::close(mine.data<double>()[i], at * ranks + offset, 1e-6)) return 4;
          }
        }
      }
      group.cpu().barrier()->wait();
      return 0;
    });
    for (int code : codes) EXPECT(code == 0);
  }
}

TEST("shm: a shared buffer is averaged in place by weight, or plainly") {
  const auto codes = inProcesses(3, 20'000, [](Group& group) {
    Communicator& c = group.cpu();
    constexpr int64_t n = 10'000;
    const Ref<SharedBuffer> memory = c.shared(n * sizeof(float));
    const Tensor x(
        make<TensorImpl>(make<Storage>(memory->data(), n * sizeof(float), Device{}, Ref<RefCounted>(memory.get())),
                         Dims{n}, Dims{1}, 0, DType::float32));
    const auto averages = [&](const Ref<Weights>& weights, double expected) {
      for (int64_t i = 0; i < n; i++) x.data<float>()[i] = static_cast<float>(i + 100 * c.rank());
      c.average(*memory, x, weights, 0)->wait();
      for (int64_t i = 0; i < n; i++)
        if (!test::close(x.data<float>()[i], static_cast<double>(i) + expected, 1e-6)) return false;
      return true;
    };
    if (!averages(c.weigh(c.rank()), (100.0 + 2 * 200.0) / 3)) return 1;  // weights 0, 1, 2
    if (!averages({}, 100)) return 2;
    if (!averages(c.weigh(0), 100)) return 3;
    return 0;
  });
  for (int code : codes) EXPECT(code == 0);
}

TEST("shm: different collectives are refused on every rank, with both named") {
  const auto codes = inProcesses(2, 20'000, [](Group& group) {
    const Tensor x = full({group.rank() == 0 ? 4 : 5}, 1, DType::float32);
    return failureOf("rank 0 calls allReduce #1 sum float32 [4], rank 1 calls allReduce #1 sum float32 [5]",
                     [&] { group.cpu().allReduce(x, ReduceOp::sum)->wait(); });
  });
  for (int code : codes) EXPECT(code == kDistributed || code == kPeer);
}

TEST("shm: as many elements in another shape are refused, in every collective of a tensor") {
  const auto refused = [](const std::string& call, const std::function<void(Communicator&, const Tensor&)>& run) {
    const auto codes = inProcesses(2, 20'000, [&](Group& group) {
      const Tensor x = full(group.rank() == 0 ? Dims{2, 4} : Dims{4, 2}, 1, DType::float32);
      return failureOf(str("rank 0 calls ", call, " float32 [2, 4], rank 1 calls ", call, " float32 [4, 2]"),
                       [&] { run(group.cpu(), x); });
    });
    for (int code : codes) EXPECT(code == kDistributed || code == kPeer);
  };
  refused("allReduce #1 sum", [](Communicator& c, const Tensor& x) { c.allReduce(x, ReduceOp::sum)->wait(); });
  refused("broadcast #1 from rank 0", [](Communicator& c, const Tensor& x) { c.broadcast({x}, 0)->wait(); });
  refused("allGather #1", [](Communicator& c, const Tensor& x) {
    c.allGather(x, empty({2, 4, 2}, DType::float32))->wait();
  });
  refused("reduceScatter #1 mean", [](Communicator& c, const Tensor& x) {
    c.reduceScatter(x, empty({1, 4}, DType::float32), ReduceOp::mean)->wait();
  });
}

TEST("shm: a rank that dies is named within a second") {
  const auto start = std::chrono::steady_clock::now();
  const auto codes = inProcesses(3, 20'000, [](Group& group) {
    if (group.rank() == 1) raise(SIGKILL);
    return failureOf("rank 1 has ended", [&] { group.cpu().barrier()->wait(); });
  });
  EXPECT(codes[1] == 128 + SIGKILL && codes[0] == kPeer && codes[2] == kPeer);
  EXPECT(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

TEST("shm: a rank that is late is named after the time limit") {
  const auto codes = inProcesses(2, 300, [](Group& group) {
    if (group.rank() == 1) {
      usleep(1'500'000);
      return failureOf("rank 0: distributed: barrier #1 timed out", [&] { group.cpu().barrier()->wait(); });
    }
    return failureOf("barrier #1 timed out after 0.3 s: no sign of rank 1", [&] { group.cpu().barrier()->wait(); });
  });
  EXPECT(codes[0] == kDistributed && codes[1] == kPeer);
}

TEST("shm: after a failure every later collective fails alike") {
  const auto codes = inProcesses(2, 20'000, [](Group& group) {
    if (group.rank() == 0) group.abort("enough");
    const int first = failureOf("enough", [&] { group.cpu().barrier()->wait(); });
    return first == kDistributed || first == kPeer ? failureOf("enough", [&] { group.cpu().barrier()->wait(); })
                                                   : first;
  });
  for (int code : codes) EXPECT(code == kDistributed || code == kPeer);
}

}  // namespace
}  // namespace dtrain
