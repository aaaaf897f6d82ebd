#include "ops/random.h"

#include "ops/record.h"

namespace dtrain {

Tensor rand(const Dims& sizes, DType dtype, Generator& g) {
  Tensor y = empty(sizes, dtype);
  requireFloat("rand", y);
  const std::lock_guard lock(g.mutex);
  kernels(y).uniform(y, 0, 1, g);
  return y;
}

Tensor randn(const Dims& sizes, DType dtype, Generator& g) {
  Tensor y = empty(sizes, dtype);
  requireFloat("randn", y);
  const std::lock_guard lock(g.mutex);
  kernels(y).normal(y, 0, 1, g);
  return y;
}

Tensor randint(int64_t low, int64_t high, const Dims& sizes, DType dtype, Generator& g) {
  check(low < high, Code::argument, "randint: low must be less than high, got low ", low, " and high ", high);
  check(dtype != DType::uint8 || (low >= 0 && high <= 256), Code::argument, "randint: range ", low, " to ", high - 1,
        " does not fit uint8");
  check(dtype != DType::boolean || (low >= 0 && high <= 2), Code::argument, "randint: range ", low, " to ", high - 1,
        " does not fit bool");
  Tensor y = empty(sizes, dtype);
  const std::lock_guard lock(g.mutex);
  kernels(y).randint(y, low, static_cast<uint64_t>(high) - static_cast<uint64_t>(low), g);
  return y;
}

Tensor randperm(int64_t n, Generator& g) {
  check(n >= 0, Code::argument, "randperm: n must not be negative, got ", n);
  Tensor y = empty({n}, DType::int64);
  const std::lock_guard lock(g.mutex);
  kernels(y).randperm(y, g);
  return y;
}

void uniform_(const Tensor& x, double from, double to, Generator& g) {
  check(from <= to, Code::argument, "uniform_: from must not exceed to, got ", from, " and ", to);
  requireFloat("uniform_", x);
  prepareInPlace("uniform_", x);
  const std::lock_guard lock(g.mutex);
  kernels(x).uniform(x, from, to, g);
}

void normal_(const Tensor& x, double mean, double std, Generator& g) {
  check(std >= 0, Code::argument, "normal_: std must not be negative, got ", std);
  requireFloat("normal_", x);
  prepareInPlace("normal_", x);
  const std::lock_guard lock(g.mutex);
  kernels(x).normal(x, mean, std, g);
}

Tensor random64(Generator& g) {
  Tensor y = empty({}, DType::int64);
  const std::lock_guard lock(g.mutex);
  *y.data<int64_t>() = static_cast<int64_t>(g.random64() & INT64_MAX);
  return y;
}

}  // namespace dtrain
