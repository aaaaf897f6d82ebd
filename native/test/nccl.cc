// The NCCL engine with ranks that are threads of this process, so that ThreadSanitizer sees both sides of everything:
// values, what may overlap, what is kept alive, and every way to fail. On emulated GPUs, of which one is enough for the
// tests of two ranks, or on real ones.
#include <dlfcn.h>
#include <unistd.h>

#include <chrono>
#include <future>

#include "core/runtime.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/unary.h"
#include "test/isolated.h"
#include "test/ranks.h"

namespace dtrain {
namespace {

using test::failureOf;
using test::inThreads;
using test::kDistributed;
using test::kPeer;
using Clock = std::chrono::steady_clock;

Tensor ramp(int64_t n, double start, DType dtype, Device device) {
  return to(cast(arange(start, start + static_cast<double>(n), 1, DType::int64), dtype), device);
}
// As float64 on the CPU.
Tensor host(const Tensor& x) { return to(cast(x, DType::float64), Device{}); }
double at(const Tensor& x, int64_t i) { return host(x).data<double>()[i]; }

Tensor bufferOf(const Ref<SharedBuffer>& memory, int64_t n, Device device) {
  auto storage = make<Storage>(memory->data(), n * sizeof(float), device, Ref<RefCounted>(memory.get()));
  return Tensor(make<TensorImpl>(storage, Dims{n}, Dims{1}, 0, DType::float32));
}

void collectives(int ranks) {
  inThreads(ranks, 20'000, [&](Group& group, Device device) {
    Communicator& c = group.of(device);
    EXPECT(c.rank() == group.rank() && c.worldSize() == ranks);
    for (int64_t n : {0, 1, 7, 1000, 300'001}) {
      for (DType dtype : {DType::float32, DType::float64, DType::int64}) {
        const Tensor x = ramp(n, c.rank() * 10, dtype, device);
        c.allReduce(x, ReduceOp::sum)->wait();
        const Tensor sum = host(x);
        const double base = 10.0 * ranks * (ranks - 1) / 2;
        for (int64_t i = 0; i < n; i += 1 + n / 97)
          EXPECT(test::close(sum.data<double>()[i], static_cast<double>(i) * ranks + base, 1e-6));

        const Tensor y = ramp(n, c.rank(), dtype, device), z = ramp(3, c.rank(), dtype, device);
        c.broadcast({y, z}, ranks - 1)->wait();
        EXPECT(at(z, 0) == ranks - 1 && (n == 0 || at(y, n - 1) == static_cast<double>(n - 1 + ranks - 1)));

        const Tensor all = empty({ranks, n}, dtype, device);
        c.allGather(ramp(n, c.rank() * 3, dtype, device), all)->wait();
        for (int r = 0; r < ranks && n > 0; r++) EXPECT(at(all, r * n + n / 2) == static_cast<double>(r * 3 + n / 2));

        const Tensor part = empty({n}, dtype, device);
        c.reduceScatter(ramp(n * ranks, c.rank(), dtype, device), part, ReduceOp::sum)->wait();
        if (n > 0)
          EXPECT(at(part, n - 1) == static_cast<double>(c.rank() * n + n - 1) * ranks + ranks * (ranks - 1) / 2.0);
      }
    }
    const Tensor mean = ramp(2, c.rank(), DType::float32, device);
    c.allReduce(mean, ReduceOp::mean)->wait();
    EXPECT(at(mean, 1) == 1 + (ranks - 1) / 2.0);
    const Tensor flag = to(full({5}, c.rank() == 0, DType::boolean), device);
    c.broadcast({flag}, 0)->wait();
    EXPECT(at(flag, 4) == 1);
    group.finish();
  });
}

TEST("nccl: all-reduce, broadcast, all-gather, reduce-scatter over sizes and dtypes") { collectives(1); }
TEST("nccl: the same on two ranks") { collectives(2); }
TEST("nccl: the same on three ranks") { collectives(3); }
TEST("nccl: the same on four ranks") { collectives(4); }

TEST("nccl: a buffer is averaged by weight in place, plainly, and plainly when all weights are 0") {
  const int ranks = test::ranksUpTo(3), last = ranks - 1;
  inThreads(ranks, 20'000, [&](Group& group, Device device) {
    Communicator& c = group.of(device);
    constexpr int64_t n = 1000;
    const Ref<SharedBuffer> memory = c.shared(n * sizeof(float));
    const Tensor x = bufferOf(memory, n, device);
    const auto average = [&](const Ref<Weights>& weights) {
      copy_(x, ramp(n, 100 * c.rank(), DType::float32, device));
      c.average(*memory, x, weights, 0)->wait();
      return at(x, 0);
    };
    const double mean = 100.0 * last / 2, weighted = ranks == 3 ? (100.0 + 2 * 200.0) / 3 : 100;
    EXPECT(test::close(average(c.weigh(c.rank())), weighted, 1e-6));  // weights 0, 1, 2
    EXPECT(test::close(average(c.weigh(0.25)), mean, 1e-6));
    EXPECT(test::close(average({}), mean, 1e-6));
    EXPECT(test::close(average(c.weigh(0)), mean, 1e-6));
    // One pass, several buckets and dtypes.
    const Ref<Weights> weights = c.weigh(c.rank() == last ? 3 : 0);
    const Tensor wide = ramp(4, c.rank(), DType::float64, device);
    c.average(*memory, wide, weights, 1)->wait();
    EXPECT(at(wide, 0) == last && average(weights) == 100 * last);
    // 253 1/3 is 253 as a bfloat16; times a third that has been rounded to one, it would be 254.
    const Tensor narrow = full({n}, c.rank() == 1 ? 760 : 0, DType::bfloat16, device);
    c.average(*memory, narrow, c.weigh(c.rank()), 2)->wait();
    EXPECT(at(narrow, n - 1) == (ranks == 3 ? 253 : 760));
    group.finish();
  });
}

TEST("nccl: wait() holds up the stream and not the host") {
  inThreads(2, 20'000, [](Group& group, Device device) {
    Communicator& c = group.of(device);
    const auto start = Clock::now();
    if (group.rank() == 1) usleep(300'000);
    const Tensor x = full({64}, 1, DType::float32, device);
    c.allReduce(x, ReduceOp::sum)->wait();
    const Tensor y = add(x, 1);  // in the stream, behind the collective
    if (group.rank() == 0) EXPECT(Clock::now() - start < std::chrono::milliseconds(200));
    EXPECT(at(y, 63) == 3);
    if (group.rank() == 0) EXPECT(Clock::now() - start > std::chrono::milliseconds(200));
    group.finish();
  });
}

TEST("nccl: then() is told when the data are there, and tensors are held until then") {
  test::requireGpus(2);  // of each of which memory is counted
  inThreads(2, 20'000, [](Group& group, Device device) {
    Communicator& c = group.of(device);
    if (group.rank() == 1) usleep(100'000);
    const auto live = [&] { return allocator(device).stats().live; };
    Tensor x = full({1000}, 1, DType::float32, device);
    const int64_t before = live();
    std::promise<int64_t> told;
    const Ref<Work> work = c.allReduce(x, ReduceOp::sum);
    x = {};
    if (group.rank() == 0) EXPECT(live() == before);  // rank 1 comes last, so there it may be over
    work->then([&] { told.set_value(live()); });
    EXPECT(told.get_future().get() < before);
    bool again = false;
    work->then([&] { again = true; });
    EXPECT(again);
    work->wait();
    group.finish();
  });
}

TEST("nccl: a rank may be far ahead of the others, and collectives of the CPU go on beside") {
  const int ranks = test::ranksUpTo(3);
  inThreads(ranks, 20'000, [&](Group& group, Device device) {
    Communicator& c = group.of(device);
    const Tensor x = full({10}, 1, DType::float64, device);
    for (int i = 0; i < 300; i++) {  // more than the ring of calls
      if (group.rank() == 1 && i % 100 == 0) usleep(20'000);
      c.allReduce(x, ReduceOp::mean);
    }
    const Tensor y = full({1}, group.rank(), DType::float64);
    group.cpu().allReduce(y, ReduceOp::sum)->wait();
    EXPECT(y.data<double>()[0] == ranks * (ranks - 1) / 2);
    group.finish();
    EXPECT(at(x, 9) == 1);
  });
}

bool failsWith(const std::string& text, const std::function<void()>& f) {
  const int code = failureOf(text, f);
  return code == kDistributed || code == kPeer;
}

// Every rank calls f and must fail; the messages hold `text`. The one that finds out has code distributed, the others
// peer. Afterwards whatever waits for the device fails alike.
void allFail(int ranks, int64_t timeoutMs, const std::string& text, double withinSeconds,
             const std::function<void(Group&, Device)>& f) {
  std::atomic<int> own = 0;
  inThreads(ranks, timeoutMs, [&](Group& group, Device device) {
    group.of(device);
    group.cpu().barrier()->wait();
    const auto start = Clock::now();
    const int code = failureOf(text, [&] {
      f(group, device);
      group.finish();
    });
    EXPECT(code == kDistributed || code == kPeer);
    EXPECT(Clock::now() - start < std::chrono::duration<double>(withinSeconds));
    own += code == kDistributed;
    EXPECT(failsWith(text, [&] { group.of(device).allReduce(full({1}, 1, DType::float32, device), ReduceOp::sum); }));
    EXPECT(failsWith(text, [&] { group.check(); }));
    EXPECT(failsWith(text, [&] { group.cpu().barrier()->wait(); }));
    runtime(device).synchronizeDevice(device.index);  // nothing hangs on the device
  });
  EXPECT(own == 1);
}

TEST("nccl: different collectives are refused, with both named") {
  allFail(2, 20'000,
          "rank 0 calls allReduce #4 sum float32 [4] on cuda, rank 1 calls allReduce #4 sum float32 [5] on cuda", 2,
          [](Group& group, Device device) {
            const Tensor x = full({group.rank() == 0 ? 4 : 5}, 1, DType::float32, device);
            group.of(device).allReduce(x, ReduceOp::sum)->wait();
          });
  allFail(2, 20'000,
          "rank 0 calls allGather #4 float32 [2, 3] on cuda, rank 1 calls allGather #4 float32 [3, 2] on cuda", 2,
          [](Group& group, Device device) {
            const Tensor x = full(group.rank() == 0 ? Dims{2, 3} : Dims{3, 2}, 1, DType::float32, device);
            group.of(device).allGather(x, empty({2, 2, 3}, DType::float32, device))->wait();
          });
  allFail(test::ranksUpTo(3), 20'000, "calls broadcast #4 from rank 0 int64 [2] on cuda", 2,
          [](Group& group, Device device) {
            const Tensor x = full({2}, 1, DType::int64, device);
            group.of(device).broadcast({x}, group.rank() == 0 ? 0 : 1)->wait();
          });
}

TEST("nccl: a rank that is late is named after the time limit, with what it did last") {
  allFail(
      test::ranksUpTo(3), 400,
      "allReduce #4 sum float32 [4] on cuda timed out after 0.4 s: no sign of rank 1 (rank 1 was last in barrier #3)",
      2, [](Group& group, Device device) {
        if (group.rank() == 1) usleep(800'000);
        const Tensor x = full({4}, 1, DType::float32, device);
        group.of(device).allReduce(x, ReduceOp::sum)->wait();
      });
}

TEST("nccl: a GPU that does not get to the collective is named") {
  allFail(2, 400, "rank 1 has called it, but the GPU there has not come to it", 3, [](Group& group, Device device) {
    if (group.rank() == 1)
      runtime(device).callWhenReached(runtime(device).currentStream(device.index), [] { usleep(1'200'000); });
    const Tensor x = full({4}, 1, DType::float32, device);
    group.of(device).allReduce(x, ReduceOp::sum)->wait();
  });
}

TEST("nccl: an abort reaches ranks that wait for their device") {
  const int ranks = test::ranksUpTo(3);
  allFail(ranks, 20'000, "enough", 2, [&](Group& group, Device device) {
    if (group.rank() == ranks - 1) {
      usleep(100'000);
      return group.abort("enough");
    }
    const Tensor x = full({4}, 1, DType::float32, device);
    group.of(device).allReduce(x, ReduceOp::sum)->wait();
    host(x);
    group.check();
  });
}

TEST("nccl: what a peer's abort has let through is not taken for a result") {
  inThreads(2, 20'000, [](Group& group, Device device) {
    Communicator& c = group.of(device);
    if (group.rank() == 1) {
      usleep(100'000);
      return group.abort("enough");
    }
    const Tensor x = full({4}, 1, DType::float32, device);
    c.allReduce(x, ReduceOp::sum)->wait();
    EXPECT(at(x, 0) != 2);
    EXPECT(failsWith("enough", [&] { group.check(); }));
  });
}

TEST("nccl: a failure is told before NCCL is aborted on all ranks, and a rank with nothing to do aborts too") {
  inThreads(3, 20'000, [](Group& group, Device device) {
    Communicator& c = group.of(device);
    group.cpu().barrier()->wait();
    const auto start = Clock::now();
    // Without the rank that has nothing to do, the emulation's abort takes 0.3 s.
    const auto soon = [&] { return Clock::now() - start < std::chrono::milliseconds(300); };
    if (group.rank() == 0) {
      std::promise<void> told;
      c.allReduce(full({4}, 1, DType::float32, device), ReduceOp::sum)->then([&] { told.set_value(); });
      told.get_future().wait();
      EXPECT(soon());
    } else if (group.rank() == 1) {
      usleep(50'000);
      group.abort("enough");
      EXPECT(soon());
      group.leave();
      EXPECT(soon());
    } else {
      usleep(500'000);
    }
  });
}

TEST("nccl: a collective of the CPU and one of a GPU are different ones, and both engines end") {
  allFail(2, 20'000, "rank 0 calls allReduce #4 sum float32 [4] on cuda, rank 1 calls allReduce #4 sum float32 [4]", 2,
          [](Group& group, Device device) {
            const Tensor x = full({4}, 1, DType::float32, group.rank() == 0 ? device : Device{});
            group.of(x.device()).allReduce(x, ReduceOp::sum)->wait();
            if (group.rank() == 1) group.of(device).allReduce(full({4}, 1, DType::float32, device), ReduceOp::sum);
          });
}

TEST("nccl: a rank communicates from one GPU") {
  inThreads(1, 20'000, [](Group& group, Device device) {
    group.of(device);
    EXPECT(failureOf("run on cuda:0, got a tensor on cuda:1", [&] {
             group.of({Device::cuda, 1});
           }) == test::kOtherError);
  });
}

// Asks the driver, which is linked to neither this program nor the core.
bool hasContext(int gpu) {
  void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
  const auto get = reinterpret_cast<int (*)(int, unsigned*, int*)>(
      dlsym(library ? library : RTLD_DEFAULT, "cuDevicePrimaryCtxGetState"));
  unsigned flags;
  int active = -1;
  EXPECT(get && get(gpu, &flags, &active) == 0);
  return active != 0;
}

TEST("nccl: no thread of the engine makes a context on a GPU that its rank does not use") {
  test::requireGpus(2);
  test::isolated("nccl: no thread of the engine", {}, [] {
    const auto f = [](Group& group, Device device) {
      for (int i = 0; i < 3; i++) group.of(device).allReduce(full({4}, 1, DType::float32, device), ReduceOp::sum);
      group.finish();
      group.cpu().barrier()->wait();
      group.abort("enough");
    };
    inThreads(2, 20'000, f, 1);
    EXPECT(hasContext(1) && !hasContext(0));
  });
}

}  // namespace
}  // namespace dtrain
