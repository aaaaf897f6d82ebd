// Checks of ranges, dtypes and generators; the kernels draw.
#include "ops/random.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "kernels/random.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/view.h"

namespace dtrain {

namespace {

Generator& generatorFor(const char* op, const Tensor& x, Generator* given) {
  Generator& g = given ? *given : defaultGenerator(x.device());
  check(g.device == x.device(), Code::argument, op, ": the generator is for ", g.device, ", the tensor is on ",
        x.device(), "; make one with new Generator({ device })");
  return g;
}

// Bits of a float's mantissa: it has all integers up to 2^digits.
int digitsOf(DType dtype) {
  return dtype == DType::float16 ? 11 : dtype == DType::bfloat16 ? 8 : dtype == DType::float32 ? 24 : 53;
}

// PyTorch's range of integers [low, high) for a float: where rounding the last one, or the second, leads out of the
// range, a bound is moved inwards.
struct IntegersOf {
  IntegersOf(DType dtype, int64_t low, int64_t high) : low(low), high(high) {
    if (!isFloat(dtype)) return;
    const auto rounded = [&](int64_t value) {
      double element;
      storeNumber(static_cast<double>(value), dtype, &element);
      return static_cast<int64_t>(loadNumber(&element, dtype));
    };
    const auto step = [&](int64_t value) {  // from the value, rounded, to the next one
      return int64_t{1} << (std::bit_width(static_cast<uint64_t>(std::abs(value))) - digitsOf(dtype));
    };
    if (const int64_t second = rounded(low + 1); second < low) this->low = second + step(low + 1);
    if (const int64_t last = rounded(high - 1); last >= high) this->high = last - step(high - 1);
  }
  int64_t low, high;
};

}  // namespace

Tensor rand(const Dims& sizes, DType dtype, Device device, Generator* g) {
  Tensor y = empty(sizes, dtype, device);
  requireFloat("rand", y);
  kernels<RandomKernels>(y).uniform(y, 0, 1, generatorFor("rand", y, g));
  return y;
}

Tensor randn(const Dims& sizes, DType dtype, Device device, Generator* g) {
  Tensor y = empty(sizes, dtype, device);
  requireFloat("randn", y);
  kernels<RandomKernels>(y).normal(y, 0, 1, generatorFor("randn", y, g));
  return y;
}

namespace {
// Integers from [low, high) into x.
void drawIntegers(const char* op, const Tensor& x, int64_t low, int64_t high, Generator* g) {
  check(low < high, Code::argument, op, ": low must be less than high, got low ", low, " and high ", high);
  const bool fits = dispatch(x.dtype(), [&](auto zero) {
    using Limits = std::numeric_limits<decltype(zero)>;
    return static_cast<double>(low) >= static_cast<double>(Limits::lowest()) &&
           static_cast<double>(high - 1) <= static_cast<double>(Limits::max());
  });
  check(fits, Code::argument, op, ": range ", low, " to ", high - 1, " does not fit ", x.dtype());
  const IntegersOf integers(x.dtype(), low, high);
  check(integers.low < integers.high, Code::argument, op, ": there is no ", x.dtype(), " in the range ", low, " to ",
        high - 1);
  const uint64_t range = static_cast<uint64_t>(integers.high) - static_cast<uint64_t>(integers.low);
  kernels<RandomKernels>(x).randint(x, integers.low, range, range >= uint64_t{1} << 28, generatorFor(op, x, g));
}
}  // namespace

Tensor randint(int64_t low, int64_t high, const Dims& sizes, DType dtype, Device device, Generator* g) {
  const Tensor y = empty(sizes, dtype, device);
  drawIntegers("randint", y, low, high, g);
  return y;
}

// Without bounds: all that the dtype has from 0 on, of floats up to where every integer is one.
void random_(const Tensor& x, std::optional<int64_t> low, std::optional<int64_t> high, Generator* g) {
  overwrite("random_", "RandomBackward0", x);
  if (high) return drawIntegers("random_", x, low.value_or(0), *high, g);
  const uint64_t range = dispatch(x.dtype(), [&](auto zero) -> uint64_t {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T>) return static_cast<uint64_t>(std::numeric_limits<T>::max()) + 1;
    else return (uint64_t{1} << digitsOf(x.dtype())) + 1;
  });
  const bool wide = itemSize(x.dtype()) == 8;
  kernels<RandomKernels>(x).randint(x, 0, range, wide, generatorFor("random_", x, g));
}

Tensor randperm(int64_t n, DType dtype, Device device, Generator* g) {
  check(n >= 0, Code::argument, "randperm: n must not be negative, got ", n);
  check(dtype != DType::boolean, Code::dtype, "randperm: not defined for bool tensors");
  const bool fits = dispatch(dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T>) return n - 1 <= static_cast<int64_t>(std::numeric_limits<T>::max());
    // PyTorch has no limit for bfloat16, and rounds.
    else return dtype == DType::bfloat16 || n - 1 <= int64_t{1} << digitsOf(dtype);
  });
  check(fits, Code::argument, "randperm: ", n, " different numbers do not fit ", dtype);
  Tensor y = empty({n}, dtype, device);
  kernels<RandomKernels>(y).randperm(y, generatorFor("randperm", y, g));
  return y;
}

void uniform_(const Tensor& x, double from, double to, Generator* g) {
  check(from <= to, Code::argument, "uniform_: from must not exceed to, got ", from, " and ", to);
  requireFloat("uniform_", x);
  const double limit = dispatchFloat(
      "uniform_", x.dtype(), [](auto zero) { return static_cast<double>(std::numeric_limits<decltype(zero)>::max()); });
  check(-limit <= from && to <= limit && to - from <= limit, Code::argument, "uniform_: from ", from, " to ", to,
        " is not a range of ", x.dtype());
  overwrite("uniform_", "UniformBackward0", x);
  kernels<RandomKernels>(x).uniform(x, from, to, generatorFor("uniform_", x, g));
}

void normal_(const Tensor& x, double mean, double std, Generator* g) {
  check(std >= 0, Code::argument, "normal_: std must not be negative, got ", std);
  requireFloat("normal_", x);
  overwrite("normal_", "NormalBackward0", x);
  kernels<RandomKernels>(x).normal(x, mean, std, generatorFor("normal_", x, g));
}

namespace {
void requireProbability(const char* op, double p) {
  check(p >= 0 && p <= 1, Code::argument, op, ": p must be from 0 to 1, got ", p);
}

}  // namespace

namespace {
Tensor nothing(const Tensor& d) { return full(d.sizes(), 0, d.dtype(), d.device()); }
}  // namespace

void bernoulli_(const Tensor& x, const Operand& p, Generator* g) {
  if (!p.isTensor()) {
    requireProbability("bernoulli_", p.number);
    overwrite("bernoulli_", "BernoulliBackward0", x);
    return kernels<RandomKernels>(x).bernoulli(x, p.number, generatorFor("bernoulli_", x, g));
  }
  requireFloat("bernoulli_", p.tensor);
  requireSameDevice("bernoulli_", x, p.tensor);
  overwrite("bernoulli_", "BernoulliBackward0", x);
  const NoGrad guard;
  const Tensor u = emptyLike(x, p.tensor.dtype() == DType::float64 ? DType::float64 : DType::float32);
  kernels<RandomKernels>(u).uniform(u, 0, 1, generatorFor("bernoulli_", x, g));
  copy_(x, lt(u, p.tensor));
}

Tensor bernoulli(const Tensor& p, Generator* g) {
  requireFloat("bernoulli", p);
  const Tensor y = emptyLike(p, p.dtype());
  bernoulli_(y, detach(p), g);
  return fromGradient("BernoulliBackward0", y, p, nothing);
}

Tensor normal(const Operand& mean, const Operand& std, Generator* g) {
  const Tensor& like = mean.isTensor() ? mean.tensor : std.tensor;
  check(like.defined(), Code::argument, "normal: expected at least one tensor, got two numbers");
  requireFloat("normal", like);
  const Dims sizes = broadcast("normal", mean, std);
  const Tensor y = sizes == like.sizes() ? emptyLike(like, like.dtype()) : empty(sizes, like.dtype(), like.device());
  {
    const NoGrad guard;
    if (!std.isTensor()) {
      normal_(y, 0, std.number, g);
    } else {
      requireSameDevice("normal", like, std.tensor);
      if (like.device().isCpu())
        check(!*any(lt(std.tensor, 0), std::nullopt, false).data<bool>(), Code::argument,
              "normal: standard deviations must not be negative");
      normal_(y, 0, 1, g);
      mul_(y, std);
    }
    add_(y, mean);
  }
  if (recordingOperands(mean, std))
    record(
        "NormalBackward0", y, {mean.tensor, std.tensor},
        [toMean = GradOf(mean), toStd = GradOf(std)](const Tensor& d) {
          return Grads{toMean([&] { return nothing(d); }), toStd([&] { return nothing(d); })};
        },
        Keeps::nothing);
  return y;
}

namespace {
void draw(const char* op, const char* node, const Tensor& x, Distribution distribution, double a, double b,
          Generator* g) {
  overwrite(op, node, x);
  kernels<RandomKernels>(x).drawn(x, distribution, a, b, generatorFor(op, x, g));
}
}  // namespace

void exponential_(const Tensor& x, double lambda, Generator* g) {
  check(lambda > 0, Code::argument, "exponential_: lambd must be positive, got ", lambda);
  requireFloat("exponential_", x);
  draw("exponential_", "ExponentialBackward0", x, Distribution::exponential, lambda, 0, g);
}

void geometric_(const Tensor& x, double p, Generator* g) {
  check(p > 0 && p < 1, Code::argument, "geometric_: p must be between 0 and 1, got ", p);
  check(x.dtype() != DType::boolean, Code::dtype, "geometric_: not defined for bool tensors");
  draw("geometric_", "GeometricBackward0", x, Distribution::geometric, p, 0, g);
}

void cauchy_(const Tensor& x, double median, double sigma, Generator* g) {
  check(sigma > 0, Code::argument, "cauchy_: sigma must be positive, got ", sigma);
  requireFloat("cauchy_", x);
  draw("cauchy_", "CauchyBackward0", x, Distribution::cauchy, median, sigma, g);
}

void logNormal_(const Tensor& x, double mean, double std, Generator* g) {
  check(std > 0, Code::argument, "logNormal_: std must be positive, got ", std);
  requireFloat("logNormal_", x);
  draw("logNormal_", "LogNormalBackward0", x, Distribution::logNormal, mean, std, g);
}

namespace {

double uniform01(Generator& g) { return static_cast<double>(g.random64() & ((uint64_t{1} << 53) - 1)) * 0x1p-53; }

// PyTorch's: below 10 by products of uniform numbers, from there on by transformed rejection (W. Hoermann, 1993).
double poissonOf(double rate, Generator& g) {
  check(rate >= 0, Code::argument, "poisson: rates must not be negative, got ", rate);
  if (rate == 0) return 0;
  if (rate < 10) {
    const double limit = std::exp(-rate);
    double count = 0;
    for (double product = uniform01(g); product > limit; product *= uniform01(g)) count++;
    return count;
  }
  const double root = std::sqrt(rate), b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b,
               inverse = 1.1239 + 1.1328 / (b - 3.4), accepted = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = uniform01(g) - 0.5, v = uniform01(g), us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= accepted) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v) + std::log(inverse) - std::log(a / (us * us) + b) <=
        -rate + k * std::log(rate) - std::lgamma(k + 1))
      return k;
  }
}

}  // namespace

// On the host, where how many numbers an element takes costs no other one time; for other devices by a generator that
// is seeded by theirs.
Tensor poisson(const Tensor& rates, Generator* g) {
  requireFloat("poisson", rates);
  Generator& given = generatorFor("poisson", rates, g);
  Generator seeded(rates.device().isCpu() ? 0 : mixed(given.initialSeed() + mixed(given.takeOffset(4))));
  Generator& drawing = rates.device().isCpu() ? given : seeded;
  const Tensor host = contiguous(to(detach(rates), Device{})), out = empty(rates.sizes(), rates.dtype());
  const int64_t item = itemSize(rates.dtype());
  for (int64_t i = 0; i < out.numel(); i++)
    storeNumber(poissonOf(loadNumber(host.bytes() + i * item, rates.dtype()), drawing), rates.dtype(),
                out.bytes() + i * item);
  return fromGradient("PoissonBackward0", to(out, rates.device()), rates, nothing);
}

namespace {

// PyTorch's two ways. With replacement: a uniform number finds its place among the sums of the weights so far, which
// are added up in the type that they are computed in. Without, or for one index: the largest quotients of weights and
// exponential numbers, which are rounded to the dtype of the weights.
template <class T>
void drawIndices(const T* weights, int64_t n, const double* uniform, int64_t count, bool ordered, int64_t* out) {
  using C = ComputeType<T>;
  std::vector<C> sums(n);
  C sum = 0;
  int64_t positive = 0;
  for (int64_t i = 0; i < n; i++) {
    const C weight = weights[i];
    check(weight >= 0 && std::isfinite(weight), Code::argument,
          "multinomial: weights must be finite and not negative, got ", static_cast<double>(weight), " at index ", i);
    sums[i] = sum += weight;
    positive += weight > 0;
  }
  check(positive > 0, Code::argument, "multinomial: all weights are 0");
  if (!ordered) {
    for (C& s : sums) s /= sum;
    for (int64_t i = 0; i < count; i++) {
      const auto at = std::lower_bound(sums.begin(), sums.end(), uniform[i],
                                       [](C s, double u) { return static_cast<double>(s) < u; });
      out[i] = std::min<int64_t>(at - sums.begin(), n - 1);
    }
    return;
  }
  check(positive >= count, Code::argument, "multinomial: ", count, " different indices, but only ", positive,
        " weights are not 0; draw with replacement, or fewer");
  std::vector<C> quotients(n);
  for (int64_t i = 0; i < n; i++) {
    const T exponential = static_cast<T>(static_cast<C>(-std::log1p(-uniform[i])));
    quotients[i] = static_cast<T>(static_cast<C>(weights[i]) / static_cast<C>(exponential));
  }
  std::vector<int64_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](int64_t a, int64_t b) {
    return quotients[a] != quotients[b] ? quotients[a] > quotients[b] : a < b;
  });
  std::copy_n(order.begin(), count, out);
}

}  // namespace

Tensor multinomial(const Tensor& weights, int64_t count, bool replacement, Generator* g) {
  requireFloat("multinomial", weights);
  check(weights.dim() == 1 || weights.dim() == 2, Code::shape, "multinomial: expected weights [n] or [rows, n], got ",
        weights.sizes());
  check(count > 0, Code::argument, "multinomial: expected at least 1 index to draw, got ", count);
  const int64_t n = weights.sizes().back(), rows = weights.dim() == 1 ? 1 : weights.size(0);
  check(replacement || count <= n, Code::argument, "multinomial: cannot draw ", count, " different indices of ", n);
  const NoGrad guard;
  const bool ordered = !replacement || count == 1;
  const int64_t draws = ordered ? n : count;
  const Tensor u = empty({rows, draws}, DType::float64, weights.device());
  kernels<RandomKernels>(u).uniform(u, 0, 1, generatorFor("multinomial", weights, g));
  const Tensor host = contiguous(to(weights, Device{})), uniform = to(u, Device{});
  Dims sizes = weights.sizes();
  sizes[sizes.size() - 1] = count;
  const Tensor out = empty(sizes, DType::int64);
  dispatchFloat("multinomial", weights.dtype(), [&](auto zero) {
    using T = decltype(zero);
    for (int64_t row = 0; row < rows; row++)
      drawIndices(host.data<T>() + row * n, n, uniform.data<double>() + row * draws, count, ordered,
                  out.data<int64_t>() + row * count);
  });
  return to(out, weights.device());
}

Tensor random64(Generator* g) {
  Tensor y = empty({}, DType::int64);
  *y.data<int64_t>() = static_cast<int64_t>(generatorFor("random64", y, g).random64() & INT64_MAX);
  return y;
}

}  // namespace dtrain
