// Checks of ranges, dtypes and generators; the kernels draw.
#include "ops/random.h"

#include <bit>
#include <cstdlib>
#include <limits>

#include "kernels/random.h"
#include "ops/record.h"

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

Tensor randint(int64_t low, int64_t high, const Dims& sizes, DType dtype, Device device, Generator* g) {
  check(low < high, Code::argument, "randint: low must be less than high, got low ", low, " and high ", high);
  const bool fits = dispatch(dtype, [&](auto zero) {
    using Limits = std::numeric_limits<decltype(zero)>;
    return static_cast<double>(low) >= static_cast<double>(Limits::lowest()) &&
           static_cast<double>(high - 1) <= static_cast<double>(Limits::max());
  });
  check(fits, Code::argument, "randint: range ", low, " to ", high - 1, " does not fit ", dtype);
  const IntegersOf range(dtype, low, high);
  check(range.low < range.high, Code::argument, "randint: there is no ", dtype, " in the range ", low, " to ",
        high - 1);
  Tensor y = empty(sizes, dtype, device);
  kernels<RandomKernels>(y).randint(y, range.low, static_cast<uint64_t>(range.high) - static_cast<uint64_t>(range.low),
                                    generatorFor("randint", y, g));
  return y;
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
  prepareInPlace("uniform_", x);
  kernels<RandomKernels>(x).uniform(x, from, to, generatorFor("uniform_", x, g));
}

void normal_(const Tensor& x, double mean, double std, Generator* g) {
  check(std >= 0, Code::argument, "normal_: std must not be negative, got ", std);
  requireFloat("normal_", x);
  prepareInPlace("normal_", x);
  kernels<RandomKernels>(x).normal(x, mean, std, generatorFor("normal_", x, g));
}

Tensor random64(Generator* g) {
  Tensor y = empty({}, DType::int64);
  *y.data<int64_t>() = static_cast<int64_t>(generatorFor("random64", y, g).random64() & INT64_MAX);
  return y;
}

}  // namespace dtrain
