// Scans and orders on a CUDA device against those of the CPU: short and long lines, along every dim, whole and in part.
#include "kernels/scan.h"
#include "kernels/sort.h"
#include "test/twins.h"

namespace dtrain::test {

namespace {

struct Line {
  Dims sizes;
  int dim;
};
const Line kLines[] = {{{1}, 0},       {{31}, 0},      {{33}, 0},       {{1000}, 0}, {{6, 7}, 0},
                       {{6, 7}, 1},    {{3, 2000}, 1}, {{2000, 3}, 0},  {{3, 0}, 0}, {{4, 5, 6}, 1},
                       {{300, 10}, 1}, {{10, 300}, 0}, {{2, 40, 50}, 1}};

// 1 with a few others, so that a long product stays in range.
Values factors(DType dtype) {
  return [dtype](int64_t i) {
    return i % 37 == 5 && isFloat(dtype) ? 1.25 : i % 41 == 7 && isFloat(dtype) ? 0.5 : 1.0;
  };
}

// Many equal ones, and for floats NaN, infinities and both zeros.
Values mixed(DType dtype) {
  return [dtype](int64_t i) {
    const double values[] = {3, -1, 0, kNaN, 3, -0.0, kInfinity, 2, -kInfinity, 1, kNaN, 2};
    const double value = values[i * 7 % 12];
    return isFloat(dtype) || std::isfinite(value) ? (dtype == DType::boolean ? value > 1 : std::abs(value)) : 5;
  };
}

}  // namespace

CUDA_TEST("cuda: running sums and products") {
  for (DType dtype : kTypes)
    for (const Line& c : kLines)
      for (bool reverse : {false, true}) {
        const DType result = isFloat(dtype) ? dtype : DType::int64;
        Twins(str("cumsum ", c.sizes, " dim ", c.dim))
            .in(dtype, c.sizes)
            .out(result, c.sizes)
            .run<ScanKernels>(rounding(dtype),
                              [&](auto& k, auto& t) { k.scan(Scan::sum, t[0], c.dim, reverse, t[1]); });
        if (isRare(dtype)) continue;
        Twins(str("cumprod ", c.sizes, " dim ", c.dim))
            .in(dtype, c.sizes, Layout::contiguous, factors(dtype))
            .out(result, c.sizes)
            .run<ScanKernels>(rounding(dtype, 60),
                              [&](auto& k, auto& t) { k.scan(Scan::prod, t[0], c.dim, reverse, t[1]); });
      }
}

CUDA_TEST("cuda: running logarithms and recurrences") {
  for (DType dtype : kFloats)
    for (const Line& c : kLines)
      for (bool reverse : {false, true}) {
        Twins(str("logcumsumexp ", c.sizes, " dim ", c.dim))
            .in(dtype, c.sizes)
            .out(dtype, c.sizes)
            .run<ScanKernels>(rounding(dtype, 60),
                              [&](auto& k, auto& t) { k.scan(Scan::logSumExp, t[0], c.dim, reverse, t[1]); });
        Twins(str("recurrence ", c.sizes, " dim ", c.dim))
            .in(dtype, c.sizes, Layout::contiguous, [](int64_t i) { return i % 3 * 0.4; })
            .in(dtype, c.sizes)
            .out(dtype, c.sizes)
            .run<ScanKernels>(rounding(dtype, 60),
                              [&](auto& k, auto& t) { k.recurrence(t[0], t[1], c.dim, reverse, t[2]); });
      }
}

CUDA_TEST("cuda: running extremes") {
  for (DType dtype : kTypes)
    for (const Line& c : kLines)
      for (bool largest : {false, true})
        for (const Values& values : {anyValues(dtype, 3), mixed(dtype)})
          Twins(str("running extreme ", c.sizes, " dim ", c.dim))
              .in(dtype, c.sizes, Layout::contiguous, values)
              .out(dtype, c.sizes)
              .out(DType::int64, c.sizes)
              .run<ScanKernels>(0, [&](auto& k, auto& t) { k.extreme(largest, t[0], c.dim, t[1], t[2]); });
}

CUDA_TEST("cuda: orders") {
  const auto sorted = [](DType dtype, const Line& c, bool descending, const Values& values) {
    const int64_t n = c.sizes[c.dim];
    for (const auto& [from, to] : {std::pair(int64_t{0}, n), std::pair(n / 3, (n + 1) / 2)}) {
      Dims ranks = c.sizes;
      ranks[c.dim] = to - from;
      Twins(str("order ", c.sizes, " dim ", c.dim))
          .in(dtype, c.sizes, Layout::contiguous, values)
          .out(DType::int64, ranks)
          .run<SortKernels>(0,
                            [&](auto& k, auto& t) { k.order(t[0], c.dim, descending, from, to, Ties::inOrder, t[1]); });
    }
  };
  for (DType dtype : kTypes)
    for (const Line& c : std::initializer_list<Line>{{{1}, 0}, {{33}, 0}, {{6, 7}, 0}, {{3, 0}, 0}, {{4, 5, 6}, 1}})
      for (bool descending : {false, true})
        for (const Values& values : {anyValues(dtype, 3), mixed(dtype)}) sorted(dtype, c, descending, values);
  for (DType dtype : {DType::float32, DType::int64})  // short keys and long ones, of several tiles
    for (const Line& c : std::initializer_list<Line>{{{1024}, 0}, {{2, 2500}, 1}, {{1025, 2}, 0}})
      sorted(dtype, c, c.dim == 0, mixed(dtype));
}

CUDA_TEST("cuda: places in an order") {
  for (DType dtype : kTypes)
    for (const auto& [rows, n, each] : {std::tuple(1, 0, 5), {1, 1, 300}, {3, 7, 11}, {2, 1000, 40}})
      for (bool right : {false, true})
        Twins(str("search [", rows, ", ", n, "] for ", each))
            .in(dtype, {rows, n}, Layout::contiguous, [n](int64_t i) { return i % n / 3; })
            .in(dtype, {rows, each}, Layout::contiguous, mixed(dtype))
            .out(DType::int64, {rows, each})
            .run<SortKernels>(0, [&](auto& k, auto& t) { k.search(t[0], t[1], right, t[2]); });
}

}  // namespace dtrain::test
