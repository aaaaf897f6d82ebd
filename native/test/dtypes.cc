// Rules of ops about dtypes, on the CPU: what the dtype of a result is, what is rounded only once, what is refused, and
// which random numbers halves and small integers are. Expected numbers are PyTorch's.
#include <algorithm>
#include <numeric>

#include "autograd/engine.h"
#include "core/autograd.h"
#include "core/generator.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/pool.h"
#include "ops/random.h"
#include "ops/reduce.h"
#include "ops/view.h"
#include "test/test.h"

namespace dtrain::test {
namespace {

Tensor tensorOf(const std::vector<double>& values, DType dtype) {
  Tensor x = empty({static_cast<int64_t>(values.size())}, dtype);
  for (size_t i = 0; i < values.size(); i++)
    storeNumber(values[i], dtype, x.bytes() + static_cast<int64_t>(i) * itemSize(dtype));
  return x;
}
std::vector<double> numbersOf(const Tensor& x) {
  const Tensor wide = contiguous(cast(x, DType::float64));
  return {wide.data<double>(), wide.data<double>() + wide.numel()};
}

constexpr DType kHalves[] = {DType::float16, DType::bfloat16};
constexpr DType kIntegers[] = {DType::int64, DType::int32, DType::int16, DType::int8, DType::uint8};

TEST("dtypes: sums of integers are int64, sums and means of halves are rounded once") {
  for (DType dtype : kIntegers) {
    const Tensor total = sum(full({3}, 100, dtype), std::nullopt, false, std::nullopt);
    EXPECT(total.dtype() == DType::int64 && numbersOf(total)[0] == 300);
  }
  EXPECT(sum(full({3}, 1, DType::int32), std::nullopt, false, DType::int16).dtype() == DType::int16);
  for (DType dtype : kHalves) {
    // 4096 halves of 1 do not add up to more than 2048, or 256, if each sum is rounded.
    const Tensor total = sum(full({4096}, 1, dtype), std::nullopt, false, std::nullopt);
    EXPECT(total.dtype() == dtype && numbersOf(total)[0] == 4096);
  }
  // torch.tensor([3e4, 6e4, 6e4]).half(): the sum is infinite
  const Tensor x = tensorOf({3e4, 6e4, 6e4}, DType::float16);
  EXPECT(numbersOf(sum(x, std::nullopt, false, std::nullopt))[0] == INFINITY);
  const Tensor average = mean(x, std::nullopt, false, std::nullopt);
  EXPECT(average.dtype() == DType::float16 && numbersOf(average)[0] == 49984);
  EXPECT(thrownBy([] { mean(full({3}, 1, DType::int32), std::nullopt, false, std::nullopt); }).message ==
         "mean: expected a floating dtype, got int32; convert with x.to('float32')");
}

TEST("dtypes: maxima keep theirs") {
  for (DType dtype : {DType::float16, DType::bfloat16, DType::int32, DType::int16, DType::int8}) {
    const Tensor x = reshape(tensorOf({-3, -1, -2, -7, -7, -9}, dtype), {2, 3});
    EXPECT(max(x).dtype() == dtype && numbersOf(max(x))[0] == -1);
    const auto [values, indices] = maxDim(x, 1, false);
    EXPECT(values.dtype() == dtype && (numbersOf(values) == std::vector<double>{-1, -7}));
    EXPECT(indices.dtype() == DType::int64 && (numbersOf(indices) == std::vector<double>{1, 0}));
    const Tensor pooled = maxPool(reshape(x, {1, 1, 2, 3}), {2, 2}, {1, 1}, {0, 0}, {1, 1}, false);
    EXPECT(pooled.dtype() == dtype && (numbersOf(pooled) == std::vector<double>{-1, -1}));
  }
}

TEST("dtypes: gradients that meet in one place are added before they are rounded") {
  for (DType dtype : kHalves) {
    const Tensor x = full({1, 2}, 0, dtype);
    autogradMeta(x).requiresGrad = true;
    const Tensor index = full({4096}, 0, DType::int32);  // int32 selects too
    backward({sum(indexSelect(x, 0, index), std::nullopt, false, std::nullopt)});
    const Tensor grad = autogradMeta(x).slot->grad;
    EXPECT(grad.dtype() == dtype && (numbersOf(grad) == std::vector<double>{4096, 4096}));
  }
}

// What follows torch.manual_seed(seed) in PyTorch.
TEST("dtypes: random halves and small integers are PyTorch's") {
  using Numbers = std::vector<double>;
  struct Printed {
    DType dtype;
    Numbers uniform, normal;  // seed 42: rand(5), randn(3)
    Numbers last;             // seed 7: the last three of randn(17), whose second block overlaps the first
    double sum;               // seed 3: of 4000 numbers, some of which are rounded to 1, and become 0
    Numbers signedIntegers;   // seed 5: randint(-3000, 3000, 5)
    Numbers integers;         // seed 5: randint(0, 4099, 5)
  };
  const Printed printed[] = {
      {DType::float16,
       {0.88232421875, 0.9150390625, 0.3828125, 0.95947265625, 0.390380859375},
       {0.32568359375, -0.86767578125, 1.5234375},
       {0.67431640625, -1.3232421875, -1.359375},
       1988.3976509571075,
       {2332, 838, -1229, -2544, 1054},
       {1417, 832, 3128, 1757, 408}},
      {DType::bfloat16,
       {0.8828125, 0.9140625, 0.3828125, 0.9609375, 0.390625},
       {0.326171875, -0.8671875, 1.5234375},
       {0.67578125, -1.3203125, -1.359375},
       1980.4035663604736,
       {2416, -186, -233, 884, -992},
       {1416, 832, 3120, 1760, 408}},
  };
  for (const Printed& p : printed) {
    seedAll(42);
    EXPECT(numbersOf(rand({5}, p.dtype, {}, nullptr)) == p.uniform);
    EXPECT(numbersOf(randn({3}, p.dtype, {}, nullptr)) == p.normal);
    seedAll(7);
    const Numbers normals = numbersOf(randn({17}, p.dtype, {}, nullptr));
    EXPECT(Numbers(normals.end() - 3, normals.end()) == p.last);
    seedAll(3);
    const Numbers many = numbersOf(rand({4000}, p.dtype, {}, nullptr));
    EXPECT(std::accumulate(many.begin(), many.end(), 0.0) == p.sum);
    EXPECT(*std::max_element(many.begin(), many.end()) < 1);
    seedAll(5);
    EXPECT(numbersOf(randint(-3000, 3000, {5}, p.dtype, {}, nullptr)) == p.signedIntegers);
    seedAll(5);
    EXPECT(numbersOf(randint(0, 4099, {5}, p.dtype, {}, nullptr)) == p.integers);
    seedAll(5);
    EXPECT((numbersOf(randperm(6, p.dtype, {}, nullptr)) == Numbers{5, 0, 1, 3, 4, 2}));
  }
  seedAll(5);
  EXPECT((numbersOf(randint(0, (1 << 24) + 6, {5}, DType::float32, {}, nullptr)) ==
          Numbers{13928979, 2115706, 15223483, 13754821, 15436462}));
  for (DType dtype : {DType::int32, DType::int16, DType::int8}) {
    seedAll(5);
    EXPECT((numbersOf(randint(-100, 100, {5}, dtype, {}, nullptr)) == Numbers{-89, -86, 67, -15, -94}));
  }
}

TEST("dtypes: ranges that a dtype does not have are refused") {
  const auto message = [](auto&& f) { return thrownBy(f).message; };
  EXPECT(message([] { randint(-200, 5, {1}, DType::int8, {}, nullptr); }) ==
         "randint: range -200 to 4 does not fit int8");
  EXPECT(message([] { randint(0, 100'000, {1}, DType::float16, {}, nullptr); }) ==
         "randint: range 0 to 99999 does not fit float16");
  EXPECT(message([] { randint(2051, 2052, {1}, DType::float16, {}, nullptr); }) ==
         "randint: there is no float16 in the range 2051 to 2051");
  randperm(2049, DType::float16, {}, nullptr);
  EXPECT(message([] { randperm(2050, DType::float16, {}, nullptr); }) ==
         "randperm: 2050 different numbers do not fit float16");
  randperm(128, DType::int8, {}, nullptr);
  EXPECT(message([] { randperm(129, DType::int8, {}, nullptr); }) == "randperm: 129 different numbers do not fit int8");
  EXPECT(message([] { randperm(1, DType::boolean, {}, nullptr); }) == "randperm: not defined for bool tensors");
  EXPECT(message([] { rand({1}, DType::int16, {}, nullptr); }) ==
         "rand: not implemented for int16; convert with x.to('float32')");
  const Tensor half = full({4}, 0, DType::float16);
  EXPECT(message([&] { uniform_(half, 0, 70'000, nullptr); }) == "uniform_: from 0 to 70000 is not a range of float16");
}

}  // namespace
}  // namespace dtrain::test
