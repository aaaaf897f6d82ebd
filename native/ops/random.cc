// Checks of ranges, dtypes and generators; the kernels draw.
#include "ops/random.h"

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
  check(dtype != DType::uint8 || (low >= 0 && high <= 256), Code::argument, "randint: range ", low, " to ", high - 1,
        " does not fit uint8");
  check(dtype != DType::boolean || (low >= 0 && high <= 2), Code::argument, "randint: range ", low, " to ", high - 1,
        " does not fit bool");
  Tensor y = empty(sizes, dtype, device);
  kernels<RandomKernels>(y).randint(y, low, static_cast<uint64_t>(high) - static_cast<uint64_t>(low),
                                    generatorFor("randint", y, g));
  return y;
}

Tensor randperm(int64_t n, Device device, Generator* g) {
  check(n >= 0, Code::argument, "randperm: n must not be negative, got ", n);
  Tensor y = empty({n}, DType::int64, device);
  kernels<RandomKernels>(y).randperm(y, generatorFor("randperm", y, g));
  return y;
}

void uniform_(const Tensor& x, double from, double to, Generator* g) {
  check(from <= to, Code::argument, "uniform_: from must not exceed to, got ", from, " and ", to);
  requireFloat("uniform_", x);
  const double limit =
      x.dtype() == DType::float32 ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
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
