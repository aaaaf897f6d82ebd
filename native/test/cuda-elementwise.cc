// The elementwise kernels of CUDA against those of the CPU: every formula, dtype and memory layout, dtypes that differ,
// and the shapes that lead to each of the kernels in kernels/cuda/map.cuh.
#include <array>

#include "core/operand.h"
#include "kernels/activation.h"
#include "kernels/arithmetic.h"
#include "kernels/bitwise.h"
#include "kernels/compare.h"
#include "kernels/copy.h"
#include "kernels/cpu/loops.h"
#include "kernels/creation.h"
#include "kernels/loss.h"
#include "kernels/select.h"
#include "kernels/special.h"
#include "kernels/unary.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

const Dims kShapes[] = {{},     {0},     {1},       {7},       {33},      {1000},
                        {3, 5}, {17, 1}, {2, 3, 4}, {257, 65}, {2, 0, 3}, {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 2}};
// One of each kernel: flat, runs, strided.
const Dims kFewShapes[] = {{1000}, {5, 70}, {17, 3}};

CUDA_TEST("cuda: fill, copy and casts") {
  for (DType to : kTypes)
    for (const Dims& sizes : isCompute(to) ? std::vector(std::begin(kShapes), std::end(kShapes))
                                           : std::vector(std::begin(kFewShapes), std::end(kFewShapes)))
      for (Layout layout : kOutputLayouts) {
        for (double value : {0.0, 1.0, to == DType::boolean ? 1.0 : 100.0})
          Twins(str("fill ", value)).out(to, sizes, layout).run<CopyKernels>(0, [&](auto& k, auto& t) {
            k.fill(t[0], value);
          });
        for (DType from : kTypes)
          for (Layout source : kInputLayouts) {
            if (isRare(from) && source != Layout::contiguous && source != Layout::gapped) continue;
            Twins(str("copy ", from, " ", int(source), " to ", int(layout)))
                .in(from, sizes, source)
                .out(to, sizes, layout)
                .run<CopyKernels>(0, [](auto& k, auto& t) { k.copy(t[0], t[1]); });
          }
      }
  // A wide one and a narrow one broadcast to it, as the bias of a layer.
  Twins("copy broadcast")
      .in(DType::float32, {65})
      .out(DType::float32, {257, 65})
      .run<CopyKernels>(0, [](auto& k, auto& t) { k.copy(t[0], t[1]); });
}

CUDA_TEST("cuda: linspace and logspace") {
  for (DType dtype : kTypes)
    for (int64_t n : {0, 1, 2, 7, 1000})
      for (double base : {0.0, 2.0}) {
        if (dtype == DType::boolean) continue;
        Twins("linspace").out(dtype, {n}).run<CreationKernels>(4 * rounding(dtype), [&](auto& k, auto& t) {
          k.linspace(t[0], 1, 6, base);
        });
      }
}

CUDA_TEST("cuda: arange") {
  for (DType dtype : kTypes)
    for (int64_t n : {0, 1, 5, 200})
      for (double step : {1.0, 0.25})
        if (dtype != DType::boolean)
          Twins("arange").out(dtype, {n}).run<CreationKernels>(rounding(dtype), [&](auto& k, auto& t) {
            k.arange(t[0], 3, step);
          });
}

// A formula of one operand: what it is called, whether it has a kernel for integers, and how it is run.
template <class Kernels>
struct Formula {
  const char* name;
  bool integers;
  std::function<void(const Kernels& k, const Tensor& x, DType common, const Tensor& out)> run;
};

template <class Kernels>
void checkUnary(const Formula<Kernels>& f) {
  for (DType dtype : kTypes) {
    const DType common = isFloat(dtype) || f.integers ? dtype : DType::float32;
    const double tolerance = 2 * rounding(common);
    for (const Dims& sizes : isCompute(dtype) ? std::vector(std::begin(kShapes), std::end(kShapes))
                                              : std::vector(std::begin(kFewShapes), std::end(kFewShapes)))
      for (Layout from : kInputLayouts)
        for (Layout to : kOutputLayouts)
          Twins(f.name)
              .in(dtype, sizes, from)
              .out(common, sizes, to)
              .template run<Kernels>(tolerance, [&](auto& k, auto& t) { f.run(k, t[0], common, t[1]); });
    Twins(str(f.name, " in place"))
        .out(common, {37}, Layout::shifted, anyValues(common, 1))
        .template run<Kernels>(tolerance, [&](auto& k, auto& t) { f.run(k, t[0], common, t[0]); });
    if (isFloat(dtype))
      Twins(str(f.name, " special"))
          .in(dtype, {4}, Layout::contiguous,
              [](int64_t i) {
                return std::array{kNaN, kInfinity, -kInfinity, -0.0}[i];
              })
          .out(dtype, {4})
          .template run<Kernels>(tolerance, [&](auto& k, auto& t) { f.run(k, t[0], common, t[1]); });
  }
}

constexpr int kInt64 = static_cast<int>(Compute::int64);

CUDA_TEST("cuda: unary") {
  for (int i = 0; i < kUnaryCount; i++) {
    const auto op = static_cast<Unary>(i);
    checkUnary<UnaryKernels>({name(op), loops().unary.of[i][kInt64] != nullptr,
                              [=](auto& k, auto& x, DType common, auto& out) { k.run(op, x, common, out); }});
  }
}

CUDA_TEST("cuda: activations") {
  for (int i = 0; i < kActivationCount; i++) {
    const auto op = static_cast<Activation>(i);
    checkUnary<ActivationKernels>({name(op), loops().activation.of[i][kInt64] != nullptr,
                                   [=](auto& k, auto& x, DType common, auto& out) { k.run(op, x, common, out); }});
  }
}

struct Case {
  Dims x, y, out;
  Layout lx, ly, lo;
};
const Case kCases[] = {
    {{1003}, {1003}, {1003}, Layout::contiguous, Layout::contiguous, Layout::contiguous},
    {{1003}, {1003}, {1003}, Layout::shifted, Layout::contiguous, Layout::contiguous},
    {{1003}, {1003}, {1003}, Layout::contiguous, Layout::contiguous, Layout::shifted},
    {{1003}, {1}, {1003}, Layout::contiguous, Layout::contiguous, Layout::contiguous},
    {{}, {1003}, {1003}, Layout::contiguous, Layout::gapped, Layout::contiguous},
    {{}, {}, {}, Layout::contiguous, Layout::contiguous, Layout::contiguous},
    {{31, 9}, {9}, {31, 9}, Layout::contiguous, Layout::contiguous, Layout::contiguous},
    {{31, 9}, {31, 1}, {31, 9}, Layout::transposed, Layout::contiguous, Layout::transposed},
    {{3, 5, 90}, {90}, {3, 5, 90}, Layout::contiguous, Layout::gapped, Layout::contiguous},
    {{4, 300}, {4, 1}, {4, 300}, Layout::contiguous, Layout::contiguous, Layout::gapped},
    {{5, 1, 7}, {6, 1}, {5, 6, 7}, Layout::gapped, Layout::transposed, Layout::gapped},
    {{4, 0}, {4, 1}, {4, 0}, Layout::contiguous, Layout::contiguous, Layout::contiguous},
};

// Few different values, so that comparisons meet equals and no divisor is 0.
Values smallValues(DType dtype) {
  return [dtype](int64_t i) { return dtype == DType::boolean ? 1 : static_cast<double>(i % 5) + 1; };
}

// A formula of two operands; `predicate`: its results are bool.
template <class Kernels>
struct BinaryFormula {
  const char* name;
  bool integers, predicate;
  std::function<void(const Kernels& k, const Operand& x, const Operand& y, DType common, const Tensor& out)> run;
};

template <class Kernels>
void checkBinary(const BinaryFormula<Kernels>& f) {
  for (DType dtype : kTypes) {
    const DType common = isFloat(dtype) || f.integers ? dtype : DType::float32;
    const DType result = f.predicate ? DType::boolean : common;
    const double tolerance = 2 * rounding(common);
    for (const Case& c : kCases) {
      for (const Values& values : {anyValues(dtype, 1), smallValues(dtype)})
        Twins(f.name)
            .in(dtype, c.x, c.lx, values)
            .in(dtype, c.y, c.ly, values)
            .out(result, c.out, c.lo)
            .template run<Kernels>(tolerance, [&](auto& k, auto& t) { f.run(k, t[0], t[1], common, t[2]); });
      Twins(str(f.name, " number"))
          .in(dtype, c.x, c.lx)
          .out(result, c.x, c.lo)
          .template run<Kernels>(tolerance, [&](auto& k, auto& t) { f.run(k, t[0], 1.3, common, t[1]); });
      Twins(str("number ", f.name))
          .in(dtype, c.x, c.lx)
          .out(result, c.x, c.lo)
          .template run<Kernels>(tolerance, [&](auto& k, auto& t) { f.run(k, 1.3, t[0], common, t[1]); });
    }
    // The other dtypes beside this one, loaded as the promoted one.
    for (DType other : kTypes) {
      const DType promoted = promote(dtype, other);
      const DType both = isFloat(promoted) || f.integers ? promoted : DType::float32;
      for (const Dims& sizes : {Dims{300}, Dims{}})
        Twins(str(f.name, " with ", other))
            .in(dtype, {7, 300}, Layout::contiguous, smallValues(dtype))
            .in(other, sizes, Layout::contiguous, smallValues(other))
            .out(f.predicate ? DType::boolean : both, {7, 300})
            .template run<Kernels>(2 * rounding(both), [&](auto& k, auto& t) { f.run(k, t[0], t[1], both, t[2]); });
    }
    if (!f.predicate)
      Twins(str(f.name, " in place"))
          .out(common, {100}, Layout::contiguous, smallValues(common))
          .in(dtype, {100}, Layout::contiguous, smallValues(dtype))
          .template run<Kernels>(tolerance, [&](auto& k, auto& t) { f.run(k, t[0], t[1], common, t[0]); });
  }
}

CUDA_TEST("cuda: arithmetic") {
  for (int i = 0; i < kArithmeticCount; i++) {
    const auto op = static_cast<Arithmetic>(i);
    checkBinary<ArithmeticKernels>({name(op), loops().arithmetic.of[i][kInt64] != nullptr, false,
                                    [=](auto& k, auto& x, auto& y, DType common, auto& out) {
                                      k.run(op, x, y, isFloat(common) ? 0.75 : 1, common, out);
                                    }});
  }
  const Error missing = thrownBy([] {
    const Tensor x = empty({1}, DType::int64, kCuda);
    cudaTable<ArithmeticKernels>->run(Arithmetic::div, x, x, 1, DType::int64, x);
  });
  EXPECT(missing.code == Code::internal && missing.message == "div: there is no kernel for int64");
}

CUDA_TEST("cuda: special functions") {
  for (int i = 0; i < kSpecialCount; i++) {
    const auto op = static_cast<Special>(i);
    checkUnary<SpecialKernels>(
        {name(op), false, [=](auto& k, auto& x, DType common, auto& out) { k.run(op, x, common, out); }});
  }
  for (int i = 0; i < kSpecialOfTwoCount; i++) {
    const auto op = static_cast<SpecialOfTwo>(i);
    checkBinary<SpecialKernels>({name(op), false, false, [=](auto& k, auto& x, auto& y, DType common, auto& out) {
                                   k.ofTwo(op, x, y, common, out);
                                 }});
  }
}

CUDA_TEST("cuda: bits") {
  for (int i = 0; i < kBitwiseCount; i++) {
    const auto op = static_cast<Bitwise>(i);
    for (DType dtype : kTypes)
      for (const Case& c : kCases)
        for (const Values& values : {anyValues(dtype, 1), smallValues(dtype)}) {
          if (isFloat(dtype)) continue;
          Twins(name(op))
              .in(dtype, c.x, c.lx, values)
              .in(dtype, c.y, c.ly, values)
              .out(dtype, c.out, c.lo)
              .run<BitwiseKernels>(0, [&](auto& k, auto& t) { k.run(op, t[0], t[1], dtype, t[2]); });
          Twins(str(name(op), " number"))
              .in(dtype, c.x, c.lx, values)
              .out(dtype, c.x, c.lo)
              .run<BitwiseKernels>(0, [&](auto& k, auto& t) { k.run(op, t[0], 3, dtype, t[1]); });
        }
  }
}

CUDA_TEST("cuda: comparisons") {
  for (int i = 0; i < kCompareCount; i++) {
    const auto op = static_cast<Compare>(i);
    checkBinary<CompareKernels>({name(op), true, true, [=](auto& k, auto& x, auto& y, DType common, auto& out) {
                                   k.run(op, x, y, common, out);
                                 }});
  }
}

CUDA_TEST("cuda: losses of pairs, and their slopes") {
  for (int i = 0; i < kPairLossCount; i++) {
    const auto loss = static_cast<PairLoss>(i);
    checkBinary<LossKernels>({name(loss), false, false, [=](auto& k, auto& x, auto& target, DType common, auto& out) {
                                k.pair(loss, x, target, 0.75, common, out);
                              }});
    checkBinary<LossKernels>({name(loss), false, false, [=](auto& k, auto& x, auto& target, DType common, auto& out) {
                                k.slope(loss, x, target, 0.75, common, out);
                              }});
  }
}

CUDA_TEST("cuda: gradients of activations") {
  for (int i = 0; i < kActivationGradCount; i++)
    for (DType dtype : {DType::float32, DType::float64, DType::float16, DType::bfloat16})
      for (const Case& c : kCases)
        if (c.x == c.out && c.y == c.out)
          Twins(name(static_cast<ActivationGrad>(i)))
              .in(dtype, c.x, c.lx)
              .in(dtype, c.y, c.ly)
              .out(dtype, c.out, c.lo)
              .run<ActivationKernels>(rounding(dtype), [&](auto& k, auto& t) {
                k.grad(static_cast<ActivationGrad>(i), t[0], t[1], dtype, t[2]);
              });
}

CUDA_TEST("cuda: activations with a slope") {
  for (int i = 0; i < kActivationOfTwoCount; i++)
    for (DType dtype : {DType::float32, DType::float64, DType::float16, DType::bfloat16})
      for (const Case& c : kCases)
        if (c.x == c.out)
          Twins(name(static_cast<ActivationOfTwo>(i)))
              .in(dtype, c.x, c.lx)
              .in(dtype, c.y, c.ly)
              .out(dtype, c.out, c.lo)
              .run<ActivationKernels>(rounding(dtype), [&](auto& k, auto& t) {
                k.ofTwo(static_cast<ActivationOfTwo>(i), t[0], t[1], dtype, t[2]);
              });
}

CUDA_TEST("cuda: activations with two numbers") {
  for (int i = 0; i < kActivationOfThreeCount; i++) {
    const auto op = static_cast<ActivationOfThree>(i);
    checkUnary<ActivationKernels>(
        {name(op), false, [=](auto& k, auto& x, DType common, auto& out) { k.ofThree(op, x, 0.75, 2, common, out); }});
  }
}

CUDA_TEST("cuda: formulas of three operands") {
  for (int i = 0; i < kSelectCount; i++) {
    const auto op = static_cast<Select>(i);
    for (DType dtype : kTypes) {
      if (op == Select::lerp && !isFloat(dtype)) continue;
      const double tolerance = op == Select::where || op == Select::clamp ? 0 : rounding(dtype);
      for (const Case& c : kCases) {
        Twins(name(op))
            .in(dtype, c.x, c.lx)
            .in(dtype, c.y, c.ly)
            .in(dtype, c.out)
            .out(dtype, c.out, c.lo)
            .run<SelectKernels>(tolerance, [&](auto& k, auto& t) { k.run(op, t[0], t[1], t[2], dtype, t[3]); });
        Twins(str(name(op), " with numbers"))
            .in(dtype, c.out)
            .out(dtype, c.out, c.lo)
            .run<SelectKernels>(tolerance, [&](auto& k, auto& t) { k.run(op, t[0], 0.0, 1.0, dtype, t[1]); });
        Twins(str(name(op), " with a bool"))
            .in(DType::boolean, c.x, c.lx)
            .in(dtype, c.y, c.ly)
            .out(dtype, c.out, c.lo)
            .run<SelectKernels>(tolerance, [&](auto& k, auto& t) { k.run(op, t[0], t[1], 1.0, dtype, t[2]); });
      }
    }
  }
}

}  // namespace
}  // namespace dtrain::test
