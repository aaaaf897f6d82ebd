// The CUDA kernels against those of the CPU, entry by entry: dtypes, memory layouts, the shapes that lead to each way
// of computing, and what happens beside the elements (twins.h). cuda-elementwise.cc has the elementwise entries,
// cuda-libraries.cc those behind cuBLASLt and cuDNN, cuda-random.cc the random ones.
#include <numeric>

#include "core/operand.h"
#include "kernels/ctc.h"
#include "kernels/index.h"
#include "kernels/linalg.h"
#include "kernels/loss.h"
#include "kernels/optim.h"
#include "kernels/reduce.h"
#include "kernels/scatter.h"
#include "kernels/softmax.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

// Sizes of x with those in `dims` (a set of bits) reduced to 1.
Dims reducedSizes(Dims sizes, unsigned dims) {
  for (int i = 0; i < sizes.size(); i++)
    if (dims >> i & 1) sizes[i] = 1;
  return sizes;
}

CUDA_TEST("cuda: sums, products, extremes, norms and variances over any dimensions") {
  struct Case {
    Dims sizes;
    std::vector<unsigned> dims;  // sets of bits
  };
  const Case cases[] = {
      {{}, {0}},
      {{1}, {0, 1}},
      {{40}, {0, 1}},
      {{6, 7}, {0, 1, 2, 3}},
      {{3, 4, 5}, {1, 2, 3, 4, 5, 6, 7}},
      {{2, 3, 2, 3}, {5, 10, 6, 9}},
      {{50, 1500}, {2, 1}},    // rows for a block each; columns
      {{9001, 3}, {1, 2, 3}},  // parts: of columns; none; of all
      {{3, 20000}, {2, 1}},    // parts of rows
      {{4, 3000, 8}, {5, 2}},  // parts of a nest
      {{5, 3, 700}, {5}},      // runs that are longer than a step, and shorter ones
      {{300, 3, 17}, {5}},
      {{2, 3, 4, 5, 60}, {21}},
      {{70000}, {1}},
      {{7, 16}, {2}},  // rows of whole packs for a few lanes, a warp, a block, and in parts
      {{3, 5, 112}, {4}},
      {{2, 3, 976}, {4}},
      {{3, 2048}, {2}},
      {{2, 40000}, {2}},
      {{8195}, {1}},  // parts with a last pack that is not full
  };
  for (DType dtype : kTypes)
    for (const Case& c : cases)
      for (unsigned dims : c.dims)
        for (Layout layout : {Layout::contiguous, Layout::shifted, Layout::transposed, Layout::gapped, Layout::row}) {
          if (isRare(dtype) && layout != Layout::contiguous && layout != Layout::gapped) continue;
          const Dims sizes = reducedSizes(c.sizes, dims);
          const DType sum = isFloat(dtype) ? dtype : DType::int64;
          Twins(str("sum ", c.sizes, " ", dims))
              .in(dtype, c.sizes, layout)
              .out(sum, sizes)
              .run<ReduceKernels>(rounding(dtype), [](auto& k, auto& t) { k.reduce(Reduce::sum, t[0], t[1]); });
          if (isHalf(dtype))
            Twins(str("sum as float32 ", c.sizes, " ", dims))
                .in(dtype, c.sizes, layout)
                .out(DType::float32, sizes)
                .run<ReduceKernels>(rounding(DType::float32),
                                    [](auto& k, auto& t) { k.reduce(Reduce::sum, t[0], t[1]); });
          for (Reduce op : {Reduce::max, Reduce::min})
            Twins(str("extreme ", c.sizes, " ", dims))
                .in(dtype, c.sizes, layout)
                .out(dtype, sizes)
                .run<ReduceKernels>(0, [&](auto& k, auto& t) { k.reduce(op, t[0], t[1]); });
          // Few factors differ from 1, so that the product stays within the dtype.
          Twins(str("prod ", c.sizes, " ", dims))
              .in(dtype, c.sizes, layout, [](int64_t i) { return i % 7 == 3 && i < 50 ? 2 : 1; })
              .out(sum, sizes)
              .run<ReduceKernels>(0, [](auto& k, auto& t) { k.reduce(Reduce::prod, t[0], t[1]); });
          if (!isFloat(dtype)) continue;
          for (double p : {0.0, 1.0, 2.0, kInfinity, -kInfinity, 2.5}) {
            const Norm norm = p == 0           ? Norm::zero
                              : p == 1         ? Norm::one
                              : p == 2         ? Norm::two
                              : p == kInfinity ? Norm::largest
                              : p < 0          ? Norm::smallest
                                               : Norm::power;
            Twins(str("norm ", p, " ", c.sizes, " ", dims))
                .in(dtype, c.sizes, layout)
                .out(dtype, sizes)
                .run<ReduceKernels>(rounding(dtype, isHalf(dtype) ? 0 : product(c.sizes)),
                                    [&](auto& k, auto& t) { k.norm(norm, p, t[0], t[1]); });
          }
          for (bool root : {false, true})
            Twins(str("variance ", c.sizes, " ", dims))
                .in(dtype, c.sizes, layout)
                .out(dtype, sizes)
                .run<ReduceKernels>(rounding(dtype), [&](auto& k, auto& t) { k.variance(t[0], 1, root, t[1]); });
        }
  for (int64_t at : {0, 1, 200, 4999})
    Twins("max with NaN")
        .in(DType::float32, {5000}, Layout::contiguous, [at](int64_t i) { return i == at ? kNaN : i; })
        .out(DType::float32, {1})
        .run<ReduceKernels>(0, [](auto& k, auto& t) { k.reduce(Reduce::max, t[0], t[1]); });
  Twins("max of -inf")
      .in(DType::float32, {300}, Layout::contiguous, [](int64_t) { return -kInfinity; })
      .out(DType::float32, {1})
      .run<ReduceKernels>(0, [](auto& k, auto& t) { k.reduce(Reduce::max, t[0], t[1]); });
  Twins("sum of nothing")
      .in(DType::float32, {3, 0})
      .out(DType::float32, {3, 1})
      .out(DType::float32, {1, 1})
      .run<ReduceKernels>(0, [](auto& k, auto& t) {
        k.reduce(Reduce::sum, t[0], t[1]);
        k.reduce(Reduce::prod, t[0], t[2]);
      });
}

CUDA_TEST("cuda: a sum of a million floats is rounded once, and has the same bits on every run") {
  const int64_t n = 1'000'000;
  std::vector<float> values(n);
  std::mt19937 engine(3);
  for (float& v : values) v = static_cast<float>(engine()) * 0x1p-32f;
  const double exact = std::accumulate(values.begin(), values.end(), 0.0);
  const Tensor x = toDevice(values, {n}), y = empty({1}, DType::float32, kCuda);
  for (int i = 0; i < 3; i++) {
    cudaTable<ReduceKernels>->reduce(Reduce::sum, x, y);
    EXPECT(toHost<float>(y)[0] == static_cast<float>(exact));
  }
}

CUDA_TEST("cuda: reductions give the same bits wherever their input starts") {
  std::mt19937 engine(5);
  std::vector<double> values(4 * 20'000 + 1);
  for (double& v : values) v = static_cast<double>(engine()) * 0x1p-32 - 0.5;
  for (const Dims& sizes : {Dims{4, 20'000}, Dims{1, 80'000}, Dims{20, 4'000}}) {
    std::vector<std::vector<double>> found;
    for (int64_t offset : {0, 1}) {
      std::vector<double> moved(values.size());
      std::copy_n(values.begin(), 80'000, moved.begin() + offset);
      const Tensor x = alias(toDevice(moved, {80'001}), sizes, contiguousStrides(sizes), offset);
      const Tensor sum = empty({sizes[0], 1}, DType::float64, kCuda), logs = empty(sizes, DType::float64, kCuda);
      cudaTable<ReduceKernels>->reduce(Reduce::sum, x, sum);
      cudaTable<SoftmaxKernels>->logSoftmax(x, 1, logs);
      const Tensor dx = alias(empty({80'001}, DType::float64, kCuda), sizes, contiguousStrides(sizes), offset);
      cudaTable<SoftmaxKernels>->logSoftmaxGrad(x, logs, 1, dx);
      found.push_back(toHost<double>(sum));
      for (const Tensor& t : {logs, dx})
        for (double v : toHost<double>(t)) found.back().push_back(v);
    }
    EXPECT(found[0] == found[1]);
  }
}

CUDA_TEST("cuda: max and min along a dimension") {
  struct Case {
    Dims sizes;
    int dim;
  };
  const Case cases[] = {{{5}, 0},       {{6, 7}, 1},    {{6, 7}, 0},    {{3, 2000}, 1},   {{2000, 3}, 0},
                        {{2, 3, 4}, 1}, {{300, 10}, 1}, {{10, 300}, 0}, {{2, 40, 50}, 1}, {{1, 1}, 0},
                        {{70000}, 0},   {{9001, 3}, 0}, {{3, 9001}, 1}};  // parts
  for (DType dtype : kTypes)
    for (const Case& c : cases)
      for (Layout layout : {Layout::contiguous, Layout::transposed, Layout::gapped, Layout::row})
        for (int kind = 0; kind < 3; kind++) {  // any values; many equals; NaN here and there
          if ((kind == 2 && !isFloat(dtype)) || (kind == 0 && isRare(dtype))) continue;
          Dims sizes = c.sizes;
          sizes.erase(c.dim);
          const Values values = kind == 0   ? anyValues(dtype, 5)
                                : kind == 1 ? Values([](int64_t i) { return i * 7 % 2; })
                                            : Values([](int64_t i) { return i % 5 == 3 ? kNaN : -kInfinity; });
          for (Reduce op : {Reduce::max, Reduce::min})
            Twins(str("extreme ", c.sizes, " dim ", c.dim))
                .in(dtype, c.sizes, layout, values)
                .out(dtype, sizes)
                .out(DType::int64, sizes)
                .run<ReduceKernels>(0, [&](auto& k, auto& t) { k.locate(op, t[0], c.dim, t[1], t[2]); });
        }
}

CUDA_TEST("cuda: softmax, logSoftmax and their gradients") {
  struct Case {
    Dims sizes;
    int dim;
  };
  const Case cases[] = {{{1}, 0},      {{10}, 0},        {{64, 10}, 1},     {{10, 64}, 0},  {{3, 1025}, 1},
                        {{3000}, 0},   {{1025, 3}, 0},   {{4, 5, 6}, 1},    {{4, 5, 6}, 0}, {{4, 5, 6}, 2},
                        {{0, 5}, 1},   {{3, 1028}, 1},   {{2, 2, 4096}, 2},                   // whole packs
                        {{9, 132}, 1}, {{2, 3, 516}, 2}, {{3, 1022}, 1},    {{5, 1024}, 1}};  // kept in registers
  for (DType dtype : kFloats)
    for (const Case& c : cases)
      for (Layout layout : {Layout::contiguous, Layout::shifted})
        for (double shift : {0.0, 1000.0}) {
          const Values values = [v = anyValues(dtype, 7), shift](int64_t i) { return v(i) + shift; };
          Twins("logSoftmax")
              .in(dtype, c.sizes, layout, values)
              .out(dtype, c.sizes)
              .run<SoftmaxKernels>(4 * rounding(dtype), [&](auto& k, auto& t) { k.logSoftmax(t[0], c.dim, t[1]); });
          const Values logs = [v = anyValues(dtype, 8)](int64_t i) { return v(i) - 4; };
          Twins("softmax")
              .in(dtype, c.sizes, layout, values)
              .out(dtype, c.sizes)
              .run<SoftmaxKernels>(4 * rounding(dtype), [&](auto& k, auto& t) { k.softmax(t[0], c.dim, t[1]); });
          Twins("softmaxGrad")
              .in(dtype, c.sizes)
              .in(dtype, c.sizes, Layout::contiguous, [](int64_t i) { return static_cast<double>(i % 8) / 512; })
              .out(dtype, c.sizes, layout)
              .run<SoftmaxKernels>(4 * rounding(dtype),
                                   [&](auto& k, auto& t) { k.softmaxGrad(t[0], t[1], c.dim, t[2]); });
          Twins("logSoftmaxGrad")
              .in(dtype, c.sizes)
              .in(dtype, c.sizes, Layout::contiguous, logs)
              .out(dtype, c.sizes, layout)
              .run<SoftmaxKernels>(4 * rounding(dtype),
                                   [&](auto& k, auto& t) { k.logSoftmaxGrad(t[0], t[1], c.dim, t[2]); });
        }
  // Rows without, with one at the start, in the middle or at the end, and of nothing else.
  for (double special : {kNaN, kInfinity, -kInfinity})
    for (int64_t n : {7, 40, 512, 3000, 3001})
      Twins("logSoftmax special")
          .in(DType::float32, {5, n}, Layout::contiguous,
              [=](int64_t i) {
                const int64_t row = i / n, at = i % n;
                const bool here = row == 4 || (row > 0 && at == std::array{n, int64_t{0}, n / 2, n - 1}[row]);
                return here ? special : static_cast<double>(i % 7);
              })
          .out(DType::float32, {5, n})
          .run<SoftmaxKernels>(4e-6, [](auto& k, auto& t) { k.logSoftmax(t[0], 1, t[1]); });
  // Each element is a new maximum.
  Twins("logSoftmax ascending")
      .in(DType::float32, {2, 5000}, Layout::contiguous, [](int64_t i) { return 0.03125 * static_cast<double>(i); })
      .out(DType::float32, {2, 5000})
      .run<SoftmaxKernels>(4e-6, [](auto& k, auto& t) { k.logSoftmax(t[0], 1, t[1]); });
}

CUDA_TEST("cuda: nllLoss and its gradient") {
  const Dims cases[] = {{1, 3, 1}, {64, 10, 1}, {5, 4, 6}, {300, 7, 20}, {0, 3, 1}};  // N, C, S
  for (DType dtype : kFloats)
    for (const Dims& s : cases)
      for (auto r : {Reduction::none, Reduction::mean, Reduction::sum})
        for (bool weighted : {false, true})
          for (int64_t ignore : {-100, 1}) {
            const Dims samples{s[0], s[2]}, result = r == Reduction::none ? samples : Dims{};
            const Values targets = [&](int64_t i) { return i % 4 == 3 ? ignore : i * 7 % s[1]; };
            const Values weights = [](int64_t i) { return 0.5 + static_cast<double>(i); };
            Twins loss(str("nllLoss ", s, " ", int(r)));
            loss.in(dtype, s).in(DType::int64, samples, Layout::contiguous, targets);
            weighted ? loss.in(dtype, {s[1]}, Layout::contiguous, weights) : loss.none();
            loss.out(dtype, result)
                .out(typeOf(computeOf(dtype)), {})
                .run<LossKernels>(rounding(dtype), [&](auto& k, auto& t) {
                  k.nllLoss("nllLoss", t[0], t[1], t[2], r, ignore, t[3], t[4]);
                });
            Twins grad(str("nllLossGrad ", s, " ", int(r)));
            grad.in(dtype, result).in(DType::int64, samples, Layout::contiguous, targets);
            weighted ? grad.in(dtype, {s[1]}, Layout::contiguous, weights) : grad.none();
            grad.in(typeOf(computeOf(dtype)), {}, Layout::contiguous, [](int64_t) { return 3.5; })
                .out(dtype, s)
                .run<LossKernels>(rounding(dtype), [&](auto& k, auto& t) {
                  k.nllLossGrad("nllLoss", t[0], t[1], t[2], r, ignore, t[3], t[4]);
                });
          }
}

CUDA_TEST("cuda: ctcLoss and its gradient") {
  // Samples of 4, 0 and 3 labels, the last one too long for its 4 steps: 1 1 1 needs 5.
  const std::vector<int64_t> labels{1, 2, 2, 3, 1, 1, 1}, plan{0, 4, 9, 4, 0, 7, 4, 3, 4};
  const auto listed = [](const std::vector<int64_t>& values) -> Values {
    return [values](int64_t i) { return static_cast<double>(values[i]); };
  };
  const Values logs = [](int64_t i) { return -0.25 - static_cast<double>(i * 7 % 13) / 8; };
  const Dims sizes{9, 3, 5}, alphas{3, 9, 9};
  for (DType dtype : {DType::float32, DType::float64}) {
    Twins("ctcLoss")
        .in(dtype, sizes, Layout::contiguous, logs)
        .in(DType::int64, {7}, Layout::contiguous, listed(labels))
        .in(DType::int64, {3, 3}, Layout::contiguous, listed(plan))
        .out(DType::float64, alphas)
        .out(DType::float64, {3})
        .run<CtcKernels>(1e-12, [](auto& k, auto& t) { k.forward(t[0], t[1], t[2], 0, t[3], t[4]); });
    for (const bool zeroInfinity : {false, true})
      Twins("ctcLossGrad")
          .in(dtype, sizes, Layout::contiguous, logs)
          .in(DType::int64, {7}, Layout::contiguous, listed(labels))
          .in(DType::int64, {3, 3}, Layout::contiguous, listed(plan))
          .in(DType::float64, {3}, Layout::contiguous, listed({1, 2, 3}))
          .out(dtype, sizes)
          .run<CtcKernels>(rounding(dtype), [&](auto& k, auto& t) {
            const Tensor alpha = empty(alphas, DType::float64, t[0].device()),
                         loss = empty({3}, DType::float64, t[0].device()),
                         scratch = empty({3, 3, 9}, DType::float64, t[0].device());
            k.forward(t[0], t[1], t[2], 0, alpha, loss);
            k.backward(t[3], t[0], t[1], t[2], 0, alpha, loss, zeroInfinity, scratch, t[4]);
          });
  }
}

CUDA_TEST("cuda: a class or an index out of range is an error where the host waits, once") {
  const Tensor x = toDevice(std::vector<float>(12, -1.0f), {4, 3, 1}), out = empty({}, DType::float32, kCuda),
               total = empty({}, DType::float32, kCuda), dx = empty({4, 3, 1}, DType::float32, kCuda);
  const auto failure = [](const std::function<void()>& call) {
    call();
    const Error e = thrownBy([] { runtime(kCuda).synchronizeDevice(0); });
    EXPECT(e.code == Code::index);
    runtime(kCuda).synchronizeDevice(0);  // reported once
    return e.message;
  };
  for (int64_t wrong : {int64_t{3}, int64_t{-1}, INT64_MAX}) {
    const Tensor target = toDevice(std::vector<int64_t>{0, wrong, 2, -100}, {4, 1});
    const std::string want = str("crossEntropy: target ", wrong, " is out of range for 3 classes");
    EXPECT(failure([&] {
             cudaTable<LossKernels>->nllLoss("crossEntropy", x, target, {}, Reduction::sum, -100, out, total);
           }) == want);
    EXPECT(toHost<float>(out)[0] == 2 && toHost<float>(total)[0] == 2);  // it counts for nothing
    EXPECT(failure([&] {
             cudaTable<LossKernels>->nllLossGrad("crossEntropy", out, target, {}, Reduction::sum, -100, total, dx);
           }) == want);
    const std::vector<float> wantGrad{-2, 0, 0, 0, 0, 0, 0, 0, -2, 0, 0, 0};
    EXPECT(toHost<float>(dx) == wantGrad);
  }
  const Tensor table = toDevice(std::vector<float>{1, 2, 3, 4, 5, 6}, {2, 3}),
               index = toDevice(std::vector<int64_t>{2, 3}, {2}), rows = empty({2, 2}, DType::float32, kCuda);
  EXPECT(failure([&] { cudaTable<IndexKernels>->indexSelect("indexSelect", table, 1, index, rows); }) ==
         "indexSelect: index 3 is out of range for dim 1 of size 3");
  EXPECT((toHost<float>(rows) == std::vector<float>{3, 0, 6, 0}));
  EXPECT(failure([&] { cudaTable<IndexKernels>->indexAdd("indexAdd", rows, 1, index, table); }) ==
         "indexAdd: index 3 is out of range for dim 1 of size 3");
  EXPECT((toHost<float>(table) == std::vector<float>{1, 2, 6, 4, 5, 12}));
  const Tensor each = toDevice(std::vector<int64_t>{0, -2, 1, -1}, {2, 2});
  EXPECT(failure([&] { cudaTable<IndexKernels>->gather("gather", table, 1, each, rows); }) ==
         "gather: index -2 is out of range for dim 1 of size 3");
  EXPECT((toHost<float>(rows) == std::vector<float>{1, 0, 5, 0}));
  EXPECT(failure([&] { cudaTable<IndexKernels>->scatterAdd("scatterAdd", rows, 1, each, table); }) ==
         "scatterAdd: index -2 is out of range for dim 1 of size 3");
  EXPECT((toHost<float>(table) == std::vector<float>{2, 2, 6, 4, 10, 12}));
}

CUDA_TEST("cuda: selecting and scattering") {
  struct Case {
    Dims sizes;
    int dim;
    int64_t chosen;
  };
  const Case cases[] = {{{7}, 0, 5},        {{7, 3}, 0, 20},      {{7, 3}, 1, 2}, {{4, 5, 6}, 1, 9},
                        {{100, 65}, 0, 64}, {{2, 3, 2500}, 1, 4}, {{3, 4}, 1, 0}, {{2, 0, 3}, 1, 0}};
  for (DType dtype : kTypes)
    for (const Case& c : cases) {
      Dims chosen = c.sizes;
      chosen[c.dim] = c.chosen;
      const int64_t n = c.sizes[c.dim];
      const Values somewhere = [n](int64_t i) { return i * 5 % n; };
      const Values somewhereOrNowhere = [n](int64_t i) { return i % 3 == 2 ? -1 : i * 5 % n; };
      Twins("indexSelect")
          .in(dtype, c.sizes)
          .in(DType::int64, {c.chosen}, Layout::contiguous, somewhere)
          .out(dtype, chosen)
          .run<IndexKernels>(0, [&](auto& k, auto& t) { k.indexSelect("indexSelect", t[0], c.dim, t[1], t[2]); });
      if (c.chosen <= n)  // no place twice
        Twins("indexCopy")
            .in(dtype, chosen)
            .in(DType::int64, {c.chosen}, Layout::contiguous, [n](int64_t i) { return n - 1 - i; })
            .out(dtype, c.sizes, Layout::contiguous, anyValues(dtype, 9))
            .run<IndexKernels>(0, [&](auto& k, auto& t) { k.indexCopy("indexCopy", t[0], c.dim, t[1], t[2]); });
      Twins("gather")
          .in(dtype, c.sizes)
          .in(DType::int64, chosen, Layout::contiguous, somewhereOrNowhere)
          .out(dtype, chosen)
          .run<IndexKernels>(0, [&](auto& k, auto& t) { k.gather("gather", t[0], c.dim, t[1], t[2]); });
      const int64_t inner = c.dim + 1 < c.sizes.size() ? c.sizes[c.sizes.size() - 1] : 1;
      if (c.chosen <= n)
        Twins("scatter")
            .in(dtype, chosen)
            .in(DType::int64, chosen, Layout::contiguous,
                [inner, k = c.chosen](int64_t i) { return k - 1 - i / inner % k; })
            .out(dtype, c.sizes, Layout::contiguous, anyValues(dtype, 9))
            .run<IndexKernels>(0, [&](auto& k, auto& t) { k.scatter("scatter", t[0], c.dim, t[1], t[2]); });
      if (!isFloat(dtype)) continue;
      // Multiples of 1 / 512, so sums of a few are exact in any order.
      Twins("indexAdd")
          .in(dtype, chosen)
          .in(DType::int64, {c.chosen}, Layout::contiguous, somewhere)
          .out(isHalf(dtype) ? DType::float32 : dtype, c.sizes, Layout::contiguous, anyValues(dtype, 9))
          .run<IndexKernels>(0, [&](auto& k, auto& t) { k.indexAdd("indexAdd", t[0], c.dim, t[1], t[2]); });
      Twins("scatterAdd")
          .in(dtype, chosen)
          .in(DType::int64, chosen, Layout::contiguous, somewhereOrNowhere)
          .out(isHalf(dtype) ? DType::float32 : dtype, c.sizes, Layout::contiguous, anyValues(dtype, 9))
          .run<IndexKernels>(0, [&](auto& k, auto& t) { k.scatterAdd("scatterAdd", t[0], c.dim, t[1], t[2]); });
    }
}

CUDA_TEST("cuda: bringing elements to places in their order") {
  struct Case {
    Dims sizes;
    int dim;
    int64_t brought;
  };
  const Case cases[] = {{{7}, 0, 300}, {{4, 5, 6}, 1, 9}, {{100, 65}, 0, 64}, {{3, 4}, 1, 0}, {{5, 3}, 0, 20}};
  for (DType dtype : kTypes)
    for (const Case& c : cases)
      for (Combine how : {Combine::assign, Combine::sum, Combine::prod, Combine::amax, Combine::amin})
        for (bool each : {true, false}) {
          Dims brought = c.sizes;
          brought[c.dim] = c.brought;
          const int64_t n = c.sizes[c.dim];
          Twins("scatter")
              .in(dtype, brought)
              .in(DType::int64, each ? brought : Dims{c.brought}, Layout::contiguous,
                  [n](int64_t i) { return i % 7 == 3 ? -1 : i * i % n; })
              .out(dtype, c.sizes, Layout::contiguous, anyValues(dtype, 9))
              .run<ScatterKernels>(0, [&](auto& k, auto& t) { k.scatter("scatter", how, t[0], c.dim, t[1], t[2]); });
        }
}

CUDA_TEST("cuda: selecting and scattering: places of several indices") {
  for (int64_t count : {0, 1, 300})
    Twins("place")
        .in(DType::int64, {count}, Layout::contiguous, [](int64_t i) { return i % 7 - 3; })  // from either end
        .out(DType::int64, {count}, Layout::contiguous, [](int64_t i) { return i % 3; })
        .run<IndexKernels>(0, [](auto& k, auto& t) { k.place("place", t[0], 1, 5, t[1]); });
}

CUDA_TEST("cuda: optimizers over many tensors") {
  // Sizes around the chunk of a block, and none at all; as few tensors, and more than one launch takes of those.
  const std::vector<int64_t> few{0, 1, 4095, 4096, 4097, 4097, 4098, 20001, 20002, 20003};
  std::vector<int64_t> many = few;
  for (int64_t i = 0; i < 150; i++) many.push_back(i % 37);
  constexpr double numbers[] = {0, 0.01, 0.25, 0.9, 1};
  std::mt19937 engine(1);
  for (const OptimizerRow& row : kOptimizers)
    for (int states = row.leastStates; states <= row.mostStates; states++)
      for (DType dtype : kFloats)
        for (int draw = 0; draw < 4; draw++) {
          const size_t arrays = 2 + states;
          const std::vector<int64_t>& sizes = draw < 1 ? few : many;
          std::vector<double> scalars(row.scalars);
          for (double& scalar : scalars) scalar = numbers[engine() % std::size(numbers)];
          scalars[1] = std::max(scalars[1], 0.25);  // the share that such a pair keeps: a new one has no deviation
          Twins twins(str(row.name, " with ", states, " states, draw ", draw));
          for (size_t i = 0; i < sizes.size(); i++)
            for (size_t a = 0; a < arrays; a++) {
              // One of the arrays, none or all of them do not start on 16 bytes.
              const size_t which = i % (arrays + 2);
              const Layout layout = which == a || which == arrays ? Layout::shifted : Layout::contiguous;
              const Values any = anyValues(dtype, static_cast<int>(i * arrays + a));
              // States may be sums of squares, and the first be one from which the square of a mean is taken.
              const double least = a == 2 ? 8 : 0;
              const Values values = a < 2 ? any : Values([any, least](int64_t j) { return std::abs(any(j)) + least; });
              a == 1 ? twins.in(dtype, {sizes[i]}, layout, values) : twins.out(dtype, {sizes[i]}, layout, values);
            }
          twins.run<OptimKernels>(rounding(dtype), [&](auto& k, auto& t) {
            std::vector<std::vector<Tensor>> lists(arrays);
            for (size_t i = 0; i < t.size(); i++) lists[i % arrays].push_back(t[i]);
            k.update(static_cast<Optimizer>(&row - kOptimizers), lists, scalars);
          });
        }
}

CUDA_TEST("cuda: Cholesky factors and triangular systems") {
  const std::pair<int64_t, int64_t> shapes[] = {{1, 0}, {1, 1}, {3, 7}, {2, 33}, {1, 100}, {600, 2}};
  for (DType dtype : {DType::float32, DType::float64})
    for (const auto& [batch, n] : shapes) {
      // More on the diagonal than beside it, so that no solution grows.
      const Values dominant = [n = n](int64_t i) {
        const int64_t row = i / n % n, column = i % n;
        return row == column ? 2.0 + static_cast<double>(row % 3)
                             : static_cast<double>((3 * row + column) % 5 - 2) / static_cast<double>(2 * n);
      };
      Twins(str("cholesky ", n))
          .out(dtype, {batch, n, n}, Layout::contiguous, dominant)
          .out(DType::int32, {batch})
          .run<LinalgKernels>(rounding(dtype, n), [](auto& k, auto& t) { k.cholesky(t[0], t[1]); });
      for (bool upper : {false, true})
        for (bool unit : {false, true})
          Twins(str("solveTriangular ", n, upper ? " upper" : " lower", unit ? " unit" : ""))
              .in(dtype, {batch, n, n}, Layout::contiguous, dominant)
              .out(dtype, {batch, 5, n}, Layout::contiguous, anyValues(dtype, 2))
              .run<LinalgKernels>(rounding(dtype, n),
                                  [=](auto& k, auto& t) { k.solveTriangular(t[0], upper, unit, t[1]); });
    }
}

CUDA_TEST("cuda: the first minor that is not positive, by matrix") {
  const Tensor x = toDevice<double>({1, 0, 0, 1, -1, 0, 0, 1, 1, 0, 2, 1, 1, 0, kNaN, 1}, {4, 2, 2});
  const Tensor order = empty({4}, DType::int32, kCuda);
  cudaTable<LinalgKernels>->cholesky(x, order);
  EXPECT(toHost<int32_t>(order) == std::vector<int32_t>({0, 1, 2, 2}));
}

}  // namespace
}  // namespace dtrain::test
