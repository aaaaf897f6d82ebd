// What collectives ask of tensors and do to them, with ranks that are threads of this process, on the CPU and on
// emulated GPUs. Expected values are the definition's.
#include "comm/collectives.h"

#include <array>
#include <cstring>
#include <future>
#include <limits>

#include "core/autograd.h"
#include "core/half.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/view.h"
#include "test/ranks.h"

namespace dtrain {
namespace {

using test::failureOf;
using test::inThreads;
using test::kOtherError;

constexpr int kRanks = 3;

// f on the ranks of a job on GPUs, then of one on CPUs.
void onBoth(const std::function<void(Group&, Device)>& f) {
  for (bool gpus : {true, false})
    inThreads(kRanks, 20'000, [&](Group& group, Device gpu) {
      f(group, gpus ? gpu : Device{});
      group.finish();
    });
}

Tensor ramp(int64_t n, double start, Device device) {
  return to(arange(start, start + static_cast<double>(n), 1, DType::float32), device);
}
double at(const Tensor& x, int64_t i) { return to(cast(contiguous(x), DType::float64), Device{}).data<double>()[i]; }

// Whether the ranks' values, one each, are reduced to `want`, to the last bit, all over a tensor that is no multiple of
// anything.
template <class T>
bool reduces(Group& group, Device device, DType dtype, ReduceOp op, std::array<T, kRanks> values, T want) {
  constexpr int64_t n = 3001;
  const Tensor mine = empty({n}, dtype);
  for (int64_t i = 0; i < n; i++) std::memcpy(mine.bytes() + i * sizeof(T), &values[group.rank()], sizeof(T));
  const Tensor x = device.isCpu() ? mine : to(mine, device);
  allReduce(group, x, op).wait();
  const Tensor all = to(x, Device{});
  for (int64_t i = 0; i < n; i++)
    if (std::memcmp(all.bytes() + i * sizeof(T), &want, sizeof(T)) != 0) return false;
  return true;
}

TEST("collectives: sums of halves are rounded once, those of integers wrap around, that of booleans is or") {
  inThreads(kRanks, 20'000, [](Group& group, Device) {
    const auto sum = [&](DType dtype, auto values, auto want) {
      return reduces(group, Device{}, dtype, ReduceOp::sum, values, want);
    };
    // In steps it would be 2048: 2049 lies between two halves, of which that one is even. So does 257 for bfloat16.
    EXPECT(sum(DType::float16, std::array<Half, 3>{2048.f, 1.f, 1.f}, Half(2050.f)));
    EXPECT(sum(DType::bfloat16, std::array<BFloat16, 3>{256.f, 1.f, 1.f}, BFloat16(258.f)));
    EXPECT(
        sum(DType::float16, std::array<Half, 3>{60000.f, 60000.f, 1.f}, Half(std::numeric_limits<float>::infinity())));
    EXPECT(sum(DType::float32, std::array<float, 3>{1, 2, 4}, 7.f));
    EXPECT(sum(DType::float64, std::array<double, 3>{0.1, 0.2, 0.3}, 0.1 + 0.2 + 0.3));
    EXPECT(sum(DType::int64, std::array<int64_t, 3>{INT64_MAX, 1, 0}, INT64_MIN));
    EXPECT(sum(DType::int32, std::array<int32_t, 3>{INT32_MAX, 2, -1}, INT32_MIN));
    EXPECT(sum(DType::int16, std::array<int16_t, 3>{30000, 30000, 30000}, int16_t{24464}));
    EXPECT(sum(DType::int8, std::array<int8_t, 3>{100, 100, 100}, int8_t{44}));
    EXPECT(sum(DType::uint8, std::array<uint8_t, 3>{200, 200, 200}, uint8_t{88}));
    EXPECT(sum(DType::boolean, std::array<bool, 3>{false, true, true}, true));
    EXPECT(sum(DType::boolean, std::array<bool, 3>{false, false, false}, false));
    // 683 1/3; a half has steps of 1/2 there, a bfloat16 of 4.
    EXPECT(
        reduces(group, Device{}, DType::float16, ReduceOp::mean, std::array<Half, 3>{2048.f, 1.f, 1.f}, Half(683.5f)));
    EXPECT(reduces(group, Device{}, DType::bfloat16, ReduceOp::mean, std::array<BFloat16, 3>{2048.f, 1.f, 1.f},
                   BFloat16(684.f)));
  });
}

TEST("collectives: on a GPU integers wrap around too, booleans are ored, and NCCL's gap is named") {
  inThreads(kRanks, 20'000, [](Group& group, Device device) {
    const auto sum = [&](DType dtype, auto values, auto want) {
      return reduces(group, device, dtype, ReduceOp::sum, values, want);
    };
    EXPECT(sum(DType::float16, std::array<Half, 3>{1.5f, 2.25f, 4.f}, Half(7.75f)));
    EXPECT(sum(DType::bfloat16, std::array<BFloat16, 3>{1.5f, 2.25f, 4.f}, BFloat16(7.75f)));
    EXPECT(sum(DType::int32, std::array<int32_t, 3>{INT32_MAX, 2, -1}, INT32_MIN));
    EXPECT(sum(DType::int8, std::array<int8_t, 3>{100, 100, 100}, int8_t{44}));
    EXPECT(sum(DType::uint8, std::array<uint8_t, 3>{200, 200, 200}, uint8_t{88}));
    EXPECT(sum(DType::boolean, std::array<bool, 3>{false, true, true}, true));
    // 253 1/3; by a third that has been rounded to a bfloat16, it would be 254.
    EXPECT(reduces(group, device, DType::bfloat16, ReduceOp::mean, std::array<BFloat16, 3>{760.f, 0.f, 0.f},
                   BFloat16(253.f)));
    const Tensor given = full({kRanks}, group.rank() == 0 ? 760 : 0, DType::bfloat16, device);
    EXPECT(at(reduceScatter(group, given, ReduceOp::mean).wait(), 0) == 253);
    EXPECT(at(given, 0) == (group.rank() == 0 ? 760 : 0));
    const Tensor shorts = empty({3}, DType::int16, device);
    EXPECT(failureOf("allReduce: NCCL does not reduce int16; convert to int32, or reduce on the CPU",
                     [&] { allReduce(group, shorts, ReduceOp::sum); }) == kOtherError);
    EXPECT((allGather(group, shorts).wait().sizes() == Dims{kRanks, 3}));  // moves what it does not add
    group.finish();
  });
}

TEST("collectives: shapes of what they make, of contiguous tensors or others") {
  onBoth([](Group& group, Device device) {
    const int rank = group.rank();
    const Tensor x = ramp(6, 10 * rank, device), turned = transpose(view(x, {2, 3}), 0, 1);
    const Tensor all = allGather(group, turned).wait();
    EXPECT((all.sizes() == Dims{kRanks, 3, 2}));
    for (int r = 0; r < kRanks; r++) EXPECT(at(all, 6 * r + 1) == 10 * r + 3);  // beside the first, below it before

    const Tensor part = reduceScatter(group, turned, ReduceOp::mean).wait();
    EXPECT((part.sizes() == Dims{1, 2}));
    EXPECT(test::close(at(part, 0), rank + 10, 1e-6) && test::close(at(part, 1), rank + 3 + 10, 1e-6));
    EXPECT(at(x, 5) == 10 * rank + 5);  // as it was

    const Tensor scalar = full({}, rank, DType::float32, device);
    EXPECT((allGather(group, scalar).wait().sizes() == Dims{kRanks}));
    allReduce(group, scalar, ReduceOp::mean).wait();
    EXPECT(test::close(at(scalar, 0), 1, 1e-6));
  });
}

TEST("collectives: nothing is nothing") {
  onBoth([](Group& group, Device device) {
    const Tensor none = empty({0, 4}, DType::float32, device);
    allReduce(group, none, ReduceOp::sum).wait();
    broadcast(group, {none}, 1).wait();
    broadcast(group, {}, 1).wait();
    EXPECT((allGather(group, none).wait().sizes() == Dims{kRanks, 0, 4}));
    EXPECT((reduceScatter(group, none, ReduceOp::sum).wait().sizes() == Dims{0, 4}));
  });
}

TEST("collectives: a broadcast may be of tensors on both devices") {
  inThreads(kRanks, 20'000, [](Group& group, Device device) {
    const Tensor x = ramp(3, group.rank(), device), y = ramp(5, group.rank(), {}), z = ramp(2, group.rank(), device);
    broadcast(group, {x, y, z}, 2).wait();
    EXPECT(at(x, 2) == 4 && at(y, 4) == 6 && at(z, 0) == 2);
    group.finish();
  });
}

TEST("collectives: what is refused changes nothing, and the ranks go on") {
  onBoth([](Group& group, Device device) {
    const Tensor x = ramp(6, 0, device), turned = transpose(view(x, {2, 3}), 0, 1);
    const Tensor counts = to(full({2}, 1, DType::int64), device);
    const uint32_t before = x.version();
    const auto refused = [&](const std::string& text, const std::function<void()>& f) {
      return failureOf(text, f) == kOtherError;
    };
    EXPECT(refused("allReduce: expected a contiguous tensor, got strides [1, 3] for shape [3, 2]; use contiguous()",
                   [&] { allReduce(group, turned, ReduceOp::sum); }));
    EXPECT(
        refused("broadcast: expected a contiguous tensor, got strides [1, 3]", [&] { broadcast(group, {turned}, 0); }));
    EXPECT(refused("broadcast: root 3 is not a rank of 0 to 2", [&] { broadcast(group, {x}, kRanks); }));
    EXPECT(refused("allReduce: mean is not defined for int64; use 'sum'",
                   [&] { allReduce(group, counts, ReduceOp::mean); }));
    EXPECT(refused("reduceScatter: mean is not defined for int64; use 'sum'",
                   [&] { reduceScatter(group, counts, ReduceOp::mean); }));
    EXPECT(refused("reduceScatter: shape [2] cannot be cut into equal parts along dim 0 for 3 ranks",
                   [&] { reduceScatter(group, counts, ReduceOp::sum); }));
    EXPECT(refused("reduceScatter: shape [] cannot be cut",
                   [&] { reduceScatter(group, full({}, 1, DType::float32, device), ReduceOp::sum); }));
    EXPECT(x.version() == before);
    allReduce(group, x, ReduceOp::sum).wait();
    EXPECT(at(x, 5) == 5 * kRanks);
  });
}

TEST("collectives: autograd sees the change of a tensor, and nothing else") {
  onBoth([](Group& group, Device device) {
    const Tensor x = ramp(3, 0, device);
    const uint32_t before = x.version();
    allReduce(group, x, ReduceOp::sum).wait();
    EXPECT(x.version() == before + 1);
    autogradMeta(x).requiresGrad = true;
    EXPECT(!requiresGrad(allGather(group, x).wait()) && !requiresGrad(reduceScatter(group, x, ReduceOp::sum).wait()));
    broadcast(group, {x}, 0).wait();  // as parameters are made equal
    EXPECT(requiresGrad(x) && x.version() == before + 2);
  });
}

TEST("collectives: what they make is there when the work says so, without anybody who waits") {
  onBoth([](Group& group, Device device) {
    const Started gathering = allGather(group, ramp(4, group.rank(), device));
    std::promise<void> there;
    gathering.work->then([&] { there.set_value(); });
    there.get_future().wait();
    EXPECT(at(gathering.out, 4 * kRanks - 1) == kRanks - 1 + 3);
  });
}

}  // namespace
}  // namespace dtrain
