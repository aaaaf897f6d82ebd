// Random numbers of the CUDA backend: Philox against the authors' vectors, the numbers of PyTorch's CUDA generator, the
// rules by which draws go to elements, and what any generator owes (bounds, moments, permutations).
#include <algorithm>
#include <map>

#include "core/generator.h"
#include "kernels/copy.h"
#include "kernels/random.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

#define DT_HD
#include "kernels/philox.h"

// By their medians.
CUDA_TEST("cuda: exponential, geometric, Cauchy and log-normal numbers") {
  struct Drawn {
    Distribution distribution;
    double a, b, middle;
  };
  const Drawn cases[] = {{Distribution::exponential, 2, 0, std::log(2) / 2},
                         {Distribution::geometric, 0.3, 0, 2},
                         {Distribution::cauchy, 1, 0.5, 1},
                         {Distribution::logNormal, 0.5, 0.25, std::exp(0.5)}};
  for (const DType dtype : {DType::float32, DType::float64, DType::bfloat16})
    for (const Drawn& c : cases) {
      const auto g = make<Generator>(1, kCuda);
      const Tensor x = empty({100000}, dtype, kCuda);
      cudaTable<RandomKernels>->drawn(x, c.distribution, c.a, c.b, *g);
      const Tensor wide = empty({100000}, DType::float64, kCuda);
      cudaTable<CopyKernels>->copy(x, wide);
      std::vector<double> values = toHost<double>(wide);
      std::nth_element(values.begin(), values.begin() + 50000, values.end());
      EXPECT(std::abs(values[50000] - c.middle) < 0.02 * c.middle);
    }
}

CUDA_TEST("cuda: Philox4x32-10 gives Random123's known answers") {
  struct Vector {
    PhiloxWords counter;
    uint32_t key[2];
    PhiloxWords words;
  };
  const Vector vectors[] = {
      {{{0, 0, 0, 0}}, {0, 0}, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}},
      {{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
       {0xffffffff, 0xffffffff},
       {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}},
      {{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
       {0xa4093822, 0x299f31d0},
       {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}},
  };
  for (const Vector& v : vectors) {
    const PhiloxWords words = philox(v.counter, v.key[0], v.key[1]);
    EXPECT(std::equal(words.at, words.at + 4, v.words.at));
  }
  // On the device: the first draw of thread 0 of a generator with seed 0, as one number of 64 bits.
  const auto g = make<Generator>(0, kCuda);
  const Tensor x = empty({1}, DType::int64, kCuda);
  cudaTable<RandomKernels>->randint(x, 0, UINT64_MAX, true, *g);
  EXPECT(toHost<int64_t>(x)[0] == 0x6627e8d5e169c58d);
}

bool near(const std::vector<float>& got, const std::vector<double>& want) {
  for (size_t i = 0; i < want.size(); i++)
    if (std::abs(got[i] - want[i]) > 0.5001e-4) return false;
  return true;
}

// What PyTorch prints on a GPU, to four digits:
//   torch.manual_seed(s); torch.rand(10, device='cuda'); torch.manual_seed(s); torch.randn(10, device='cuda')
CUDA_TEST("cuda: rand and randn give PyTorch's numbers") {
  struct Printed {
    uint64_t seed;
    std::vector<double> uniform, normal;
  };
  const Printed printed[] = {
      {0,
       {0.3990, 0.5167, 0.0249, 0.9401, 0.9459, 0.7967, 0.4150, 0.8203, 0.2290, 0.9096},
       {-0.9247, -0.4253, -2.6438, 0.1452, -0.1209, -0.5797, -0.6229, -0.3284, -1.0745, -0.3631}},
      {42, {0.6130, 0.0101, 0.3984, 0.0403, 0.1563}, {0.1940, 2.1614, -0.1721, 0.8491, -1.9244}},
  };
  for (const Printed& p : printed) {
    const auto g = make<Generator>(p.seed, kCuda);
    const Tensor x = empty({10}, DType::float32, kCuda);
    cudaTable<RandomKernels>->uniform(x, 0, 1, *g);
    EXPECT(near(toHost<float>(x), p.uniform));
    g->manualSeed(p.seed);
    cudaTable<RandomKernels>->normal(x, 0, 1, *g);
    EXPECT(near(toHost<float>(x), p.normal));
  }
}

// The number of threads with which element i of n comes from turn(i) and word(i); it depends on the device.
int64_t threadsFor(int64_t n) {
  const int64_t multiprocessors = runtime(kCuda).info(0).multiprocessors, needed = (n + 255) / 256;
  return std::min(needed, multiprocessors * 8) * 256;  // 2048 threads per multiprocessor, as data-center GPUs have
}

CUDA_TEST("cuda: draws go to elements as in PyTorch") {
  constexpr uint64_t seed = 0x123456789abcdef0;
  const auto g = make<Generator>(seed, kCuda);
  uint64_t offset = 0;
  for (int64_t n : {int64_t{1}, int64_t{1000}, 5 * threadsFor(INT32_MAX) + 3}) {
    const int64_t threads = threadsFor(n);
    const auto words = [&](int64_t i, int64_t perTurn) {  // of the draw that element i is from
      return philoxDraw(seed, static_cast<uint64_t>(i % threads),
                        offset / 4 + static_cast<uint64_t>(i / threads / perTurn));
    };
    const auto advance = [&](int64_t perTurn) {
      offset += static_cast<uint64_t>(4 * ((n - 1) / (threads * perTurn) + 1));
      EXPECT(g->takeOffset(0) == offset);
    };
    const Tensor small = empty({n}, DType::uint8, kCuda), wide = empty({n}, DType::int64, kCuda),
                 floats = empty({n}, DType::float32, kCuda), doubles = empty({n}, DType::float64, kCuda);
    cudaTable<RandomKernels>->randint(small, 5, 200, false, *g);
    const auto bytes = toHost<uint8_t>(small);
    for (int64_t i = 0; i < n; i++) EXPECT(bytes[i] == words(i, 4).at[i / threads % 4] % 200 + 5);
    advance(4);

    constexpr uint64_t range = uint64_t{1} << 40;
    cudaTable<RandomKernels>->randint(wide, -7, range, true, *g);
    const auto numbers = toHost<int64_t>(wide);
    for (int64_t i = 0; i < n; i++) {
      const PhiloxWords w = words(i, 2);
      const int64_t first = i / threads % 2 * 2;
      EXPECT(numbers[i] == static_cast<int64_t>((uint64_t{w.at[first]} << 32 | w.at[first + 1]) % range) - 7);
    }
    advance(2);

    cudaTable<RandomKernels>->uniform(floats, -1, 3, *g);
    const auto singles = toHost<float>(floats);
    for (int64_t i = 0; i < n; i++) {
      const float u = std::fma(static_cast<float>(words(i, 4).at[i / threads % 4]), 0x1p-32f, 0x1p-33f);
      EXPECT(singles[i] == std::fma(u, 4.0f, -1.0f) || (singles[i] == -1 && u == 1));
    }
    advance(4);

    cudaTable<RandomKernels>->uniform(doubles, -1, 3, *g);
    const auto reals = toHost<double>(doubles);
    for (int64_t i = 0; i < n; i++) {
      const PhiloxWords w = words(i, 2);
      const int64_t first = i / threads % 2 * 2;
      const auto bits = static_cast<double>(uint64_t{w.at[first]} ^ uint64_t{w.at[first + 1]} << 21);
      EXPECT(close(reals[i], (bits + 0.5) * 0x1p-53 * 4 - 1, 1e-15));
    }
    advance(2);

    cudaTable<RandomKernels>->normal(doubles, 2, 3, *g);
    const auto normals = toHost<double>(doubles);
    for (int64_t i = 0; i < n; i++) {
      const PhiloxWords w = words(i, 2);
      const auto unit = [&](int at) {
        return (static_cast<double>(uint64_t{w.at[at]} ^ uint64_t{w.at[at + 1]} << 21) + 0.5) * 0x1p-53;
      };
      const double radius = std::sqrt(-2 * std::log(unit(0))), angle = 2 * M_PI * unit(2);
      const double z = radius * (i / threads % 2 == 0 ? std::sin(angle) : std::cos(angle));
      EXPECT(close(normals[i], 2 + 3 * z, 1e-13));
    }
    advance(2);
  }
}

// The elements of a tensor of the device, of any dtype.
std::vector<double> numbersOf(const Tensor& x) {
  const Tensor copy = empty(x.sizes(), DType::float64, kCuda);
  cudaTable<CopyKernels>->copy(x, copy);
  return toHost<double>(copy);
}

// What `draw` leaves in a tensor of a dtype, from a generator of its own.
template <class F>
std::vector<double> drawnAs(DType dtype, const Dims& sizes, F&& draw) {
  const auto g = make<Generator>(21, kCuda);
  const Tensor x = empty(sizes, dtype, kCuda);
  draw(x, *g);
  return numbersOf(x);
}

// A number as an element of dtype.
double as(DType dtype, double number) {
  double element;
  storeNumber(number, dtype, &element);
  return loadNumber(&element, dtype);
}

CUDA_TEST("cuda: halves and small integers are the wide draws, rounded") {
  const Dims sizes{3000};
  const auto uniform = [](const Tensor& x, Generator& g) { cudaTable<RandomKernels>->uniform(x, -0.5, 1.5, g); };
  const auto normal = [](const Tensor& x, Generator& g) { cudaTable<RandomKernels>->normal(x, 1, 2, g); };
  const auto uniforms = drawnAs(DType::float32, sizes, uniform), normals = drawnAs(DType::float32, sizes, normal);
  for (DType half : {DType::float16, DType::bfloat16}) {
    const auto u = drawnAs(half, sizes, uniform), z = drawnAs(half, sizes, normal);
    int ends = 0;
    for (size_t i = 0; i < u.size(); i++) {
      const double rounded = as(half, uniforms[i]);
      EXPECT(u[i] == (rounded == 1.5 ? -0.5 : rounded));
      EXPECT(z[i] == as(half, normals[i]));
      ends += rounded == 1.5;
    }
    EXPECT(ends > 0 || half == DType::float16);  // of 3000 draws, some are rounded up to the end
  }
  const auto integers = [](const Tensor& x, Generator& g) { cudaTable<RandomKernels>->randint(x, 0, 100, false, g); };
  const auto order = [](const Tensor& x, Generator& g) { cudaTable<RandomKernels>->randperm(x, g); };
  for (DType dtype : kTypes) {
    EXPECT(dtype == DType::boolean || drawnAs(dtype, sizes, integers) == drawnAs(DType::int64, sizes, integers));
    EXPECT(dtype == DType::boolean || drawnAs(dtype, {100}, order) == drawnAs(DType::int64, {100}, order));
  }
}

CUDA_TEST("cuda: draws follow the order of memory, and leave the rest alone") {
  for (DType dtype : {DType::float32, DType::float64, DType::bfloat16}) {
    const auto drawn = [&](const Dims& sizes, const Dims& strides, int64_t elements) {
      const auto g = make<Generator>(9, kCuda);
      const Tensor x = empty({elements}, dtype, kCuda);
      cudaTable<CopyKernels>->fill(x, 7);
      cudaTable<RandomKernels>->uniform(alias(x, sizes, strides, 0), 0, 1, *g);
      return numbersOf(x);
    };
    const auto plain = drawn({30, 50}, {50, 1}, 1500);
    EXPECT(drawn({50, 30}, {1, 50}, 1500) == plain);  // a transposed view of the same memory
    const auto gapped = drawn({1500}, {2}, 3000);
    for (int64_t i = 0; i < 1500; i++) EXPECT(gapped[2 * i] == plain[i] && gapped[2 * i + 1] == 7);
  }
}

CUDA_TEST("cuda: bounds and moments of the distributions") {
  const auto g = make<Generator>(1, kCuda);
  const int64_t n = 200'000;
  for (DType dtype : {DType::float32, DType::float64}) {
    const Tensor x = empty({n}, dtype, kCuda);
    const auto moments = [n](const std::vector<double>& v) {
      double sum = 0, squares = 0;
      for (double a : v) {
        sum += a;
        squares += a * a;
      }
      const double mean = sum / n;
      return std::pair{mean, squares / n - mean * mean};
    };
    cudaTable<RandomKernels>->uniform(x, 2, 5, *g);
    const auto uniform = numbersOf(x);
    EXPECT(*std::min_element(uniform.begin(), uniform.end()) >= 2);
    EXPECT(*std::max_element(uniform.begin(), uniform.end()) < 5);
    const auto [uniformMean, uniformVariance] = moments(uniform);
    EXPECT(std::abs(uniformMean - 3.5) < 0.01 && std::abs(uniformVariance - 0.75) < 0.01);
    cudaTable<RandomKernels>->normal(x, -1, 2, *g);
    const auto [normalMean, normalVariance] = moments(numbersOf(x));
    EXPECT(std::abs(normalMean + 1) < 0.03 && std::abs(normalVariance - 4) < 0.08);
  }
  // The upper bound becomes the lower one, so with no number in between only that is left.
  const Tensor narrow = empty({1000}, DType::float32, kCuda);
  cudaTable<RandomKernels>->uniform(narrow, 1, 1 + 0x1p-23, *g);
  EXPECT(toHost<float>(narrow) == std::vector<float>(1000, 1.0f));
  const Tensor nothing = empty({0}, DType::float32, kCuda);
  const uint64_t before = g->takeOffset(0);
  cudaTable<RandomKernels>->uniform(nothing, 0, 1, *g);
  cudaTable<RandomKernels>->normal(nothing, 0, 1, *g);
  EXPECT(g->takeOffset(0) == before);
}

CUDA_TEST("cuda: bernoulli is whether a uniform number is below p") {
  const Dims sizes{3000};
  for (DType dtype : kTypes) {
    const DType of = dtype == DType::float64 ? DType::float64 : DType::float32;
    for (double p : {0.0, 0.3, 1.0}) {
      const auto chosen =
          drawnAs(dtype, sizes, [p](const Tensor& x, Generator& g) { cudaTable<RandomKernels>->bernoulli(x, p, g); });
      // In the other direction, and with 0 in place of 1: see Uniform.
      const auto uniform =
          drawnAs(of, sizes, [](const Tensor& x, Generator& g) { cudaTable<RandomKernels>->uniform(x, 0, 1, g); });
      for (size_t i = 0; i < chosen.size(); i++) EXPECT(chosen[i] == (uniform[i] > 0 ? uniform[i] < p : p > 1));
    }
  }
}

CUDA_TEST("cuda: randperm") {
  const auto permutation = [](int64_t n, Generator& g) {
    const Tensor x = empty({n}, DType::int64, kCuda);
    cudaTable<RandomKernels>->randperm(x, g);
    return toHost<int64_t>(x);
  };
  const auto g = make<Generator>(1, kCuda);
  for (int64_t n : {0, 1, 2, 3, 64, 1000, 4097}) {
    auto order = permutation(n, *g);
    const auto again = permutation(n, *g);
    EXPECT(n < 64 || (order != again && !std::is_sorted(order.begin(), order.end())));
    EXPECT(permutation(n, *make<Generator>(5, kCuda)) == permutation(n, *make<Generator>(5, kCuda)));
    std::sort(order.begin(), order.end());
    for (int64_t i = 0; i < n; i++) EXPECT(order[i] == i);
  }
  // The definition: the indices in the order of their keys.
  for (int64_t n : {2, 1000, 2048, 2049, 60'000}) {
    const auto keyed = make<Generator>(7, kCuda);
    int bits = 0;
    while (int64_t{1} << bits < n) bits++;
    std::vector<uint64_t> keys(static_cast<size_t>(n));
    for (size_t i = 0; i < keys.size(); i++) {
      const PhiloxWords w = philoxDraw(7, i, 0);
      keys[i] = (uint64_t{w.at[0]} << 32 | w.at[1]) << bits | i;
    }
    std::sort(keys.begin(), keys.end());
    const auto order = permutation(n, *keyed);
    for (size_t i = 0; i < keys.size(); i++)
      EXPECT(static_cast<uint64_t>(order[i]) == (keys[i] & ((uint64_t{1} << bits) - 1)));
  }
  // All 24 orders of four are about equally frequent.
  std::map<std::vector<int64_t>, int> counts;
  for (int i = 0; i < 2400; i++) counts[permutation(4, *g)]++;
  double chiSquare = 0;
  for (const auto& [order, count] : counts) chiSquare += (count - 100.0) * (count - 100.0) / 100;
  EXPECT(counts.size() == 24 && chiSquare < 50);  // of 23 degrees of freedom: exceeded once in a thousand seeds
}

}  // namespace
}  // namespace dtrain::test
