// The gradient reducer, and what leads into replicas and out, with ranks that are threads of this process, on the CPU
// and on emulated GPUs, so that ThreadSanitizer sees backward, the engines and the optimizer's step at once. Its
// semantics are tested from TypeScript.
#include "autograd/engine.h"
#include "comm/gather.h"
#include "comm/messages.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/reduce.h"
#include "ops/unary.h"
#include "test/ranks.h"

namespace dtrain {
namespace {

constexpr int kRanks = 3;

Tensor parameter(const Dims& sizes, double value, Device device) {
  const Tensor p = full(sizes, value, DType::float32, device);
  autogradMeta(p).requiresGrad = true;
  return p;
}

// Whether every element is `expected`, to float32.
bool allAre(const Tensor& x, double expected) {
  const Tensor there = to(cast(x, DType::float64), Device{});
  for (int64_t i = 0; i < there.numel(); i++)
    if (!test::close(there.data<double>()[i], expected, 1e-5)) return false;
  return true;
}

// f on the ranks of a job on GPUs, then of one on CPUs.
void onBoth(const std::function<void(Group&, Device)>& f) {
  for (bool gpus : {true, false})
    test::inThreads(kRanks, 20'000, [&](Group& group, Device gpu) {
      f(group, gpus ? gpu : Device{});
      group.finish();
    });
}

TEST("reducer: weighted averages, step after step, with parameters that some or all ranks leave out") {
  onBoth([](Group& group, Device device) {
    constexpr int64_t kCounts[] = {7, 3000, 1, 20'000, 33};
    constexpr int kNotOnRank1 = 2, kNowhere = 4, kSteps = 4;
    std::vector<Tensor> params;
    for (int64_t n : kCounts) params.push_back(parameter({n}, 0, device));
    const auto reducer = make<Reducer>(group, params, 64, 4096,
                                       "DistributedDataParallel");  // small buckets: several of them under way at once

    const int rank = group.rank();
    std::vector<double> value(params.size(), 0);
    for (int step = 1; step <= kSteps; step++) {
      Tensor loss = full({}, 0, DType::float32, device);
      for (int k = 0; k < kNowhere; k++)
        if (k != kNotOnRank1 || rank != 1)
          loss = add(loss, sum(mul(params[k], (k + 1.0) * (rank + 1) * step), {}, false, {}));
      backward({reducer->sink(loss, rank + 1)});  // weights 1, 2, 3

      const NoGrad guard;
      for (int k = 0; k < kNowhere; k++) {
        const Tensor& p = params[k];
        sub_(p, autogradMeta(p).slot->grad);
        autogradMeta(p).slot->grad = {};
        value[k] -= (k + 1.0) * step * (k == kNotOnRank1 ? 1 + 9 : 1 + 4 + 9) / (1 + 2 + 3);
      }
      EXPECT(!autogradMeta(params[kNowhere]).slot->grad.defined());
    }
    for (size_t k = 0; k < params.size(); k++) EXPECT(allAre(params[k], value[k]));
    EXPECT(reducer->bucketParams().size() > 2);
    reducer->unhook();
  });
}

TEST(
    "reducer: gradients through scattered and gathered rows are those of the whole batch, a rank without rows "
    "included") {
  onBoth([](Group& group, Device device) {
    constexpr int64_t kRows = kRanks - 1;
    const Tensor p = parameter({1}, 3, device);
    const auto reducer = make<Reducer>(group, std::vector<Tensor>{p}, 64, 4096, "DataParallel");
    for (int step = 1; step <= 3; step++) {
      const Tensor x = parameter({kRows, 1}, step, device);
      const auto gather = make<Gather>(reducer);
      const std::vector<Tensor> mine = gather->scatter({x}, "model(tensor)");
      EXPECT((mine[0].sizes() == Dims{1, 1}));
      EXPECT(gather->idle() == (group.rank() >= kRows));
      insideReplica = true;
      const Tensor y = mul(p, mine[0]);
      insideReplica = false;
      const Tensor all = gather->idle() ? gather->gatherNothing().second[0] : gather->gather({y}, "tensor")[0];
      EXPECT((all.sizes() == Dims{kRows, 1}));
      backward({sum(all, {}, false, {})});
      EXPECT(allAre(autogradMeta(x).slot->grad, 3));
    }
    EXPECT(allAre(autogradMeta(p).slot->grad, kRows * (1 + 2 + 3)));  // accumulated over the steps
    reducer->unhook();
  });
}

TEST("reducer: messages of ranks, short and long") {
  test::inThreads(kRanks, 20'000, [](Group& group, Device) {
    for (size_t longest : {size_t{0}, size_t{100}, kShortMessage, kShortMessage + 1, 5 * kShortMessage}) {
      const auto messageOf = [&](int rank) { return std::string(rank == 1 ? longest : longest / 3, 'a' + rank); };
      const std::vector<std::string> all = exchangeMessages(group.cpu(), messageOf(group.rank()));
      EXPECT(all.size() == kRanks);
      for (int r = 0; r < kRanks; r++) EXPECT(all[r] == messageOf(r));
    }
  });
}

}  // namespace
}  // namespace dtrain
