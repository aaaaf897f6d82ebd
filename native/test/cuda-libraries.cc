// The entries of the CUDA backend that call NVIDIA's libraries, against the CPU's: matrix products and convolutions.
#include <memory>

#include "kernels/choices.h"
#include "kernels/matmul-tiled.h"
#include "kernels/matmul.h"
#include "kernels/matrix.h"
#include "test/conv.h"

namespace dtrain::test {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// All that matrices are multiplied of.
constexpr DType kProducts[] = {DType::float32, DType::float64, DType::float16, DType::bfloat16, DType::int64,
                               DType::uint8,   DType::int32,   DType::int16,   DType::int8};
// A product may be off by what rounding explains: of its terms where they are added up in dtype, of halves once or,
// with a bias and beta, twice.
double tolerance(DType dtype, int64_t k) { return isHalf(dtype) ? 4 * rounding(dtype) : rounding(dtype, k); }

CUDA_TEST("cuda: gemm") {
  struct Case {
    int64_t m, n, k;
  };
  const Case cases[] = {{1, 1, 1},     {3, 5, 7}, {17, 1, 9}, {1, 33, 20}, {64, 64, 64},
                        {65, 130, 33}, {0, 4, 3}, {4, 0, 3},  {4, 3, 0},   {128, 10, 784}};
  for (DType dtype : kProducts)
    for (const Case& c : cases)
      for (Layout la : {Layout::contiguous, Layout::shifted, Layout::transposed})
        for (Layout lb : {Layout::contiguous, Layout::transposed})
          for (auto [alpha, beta] : {std::pair{1.0, 0.0}, {1.0, 1.0}, {0.5, -2.0}})
            for (bool withBias : {false, true}) {
              if (isRare(dtype) && c.m != 17) continue;
              // With beta 0 whatever c held is gone, even NaN.
              const Values before =
                  beta == 0 && isFloat(dtype) ? Values([](int64_t) { return kNaN; }) : anyValues(dtype, 4);
              Twins twins(str("gemm ", c.m, " x ", c.n, " x ", c.k, alpha, beta));
              twins.in(dtype, {c.m, c.k}, la).in(dtype, {c.k, c.n}, lb);
              withBias ? twins.in(dtype, {c.n}, la == Layout::shifted ? la : Layout::contiguous) : twins.none();
              twins.out(dtype, {c.m, c.n}, la == Layout::shifted ? la : Layout::contiguous, before)
                  .run<MatmulKernels>(tolerance(dtype, c.k), [alpha = alpha, beta = beta](auto& k, auto& t) {
                    k.gemm(t[0], t[1], t[2], t[3], alpha, beta);
                  });
            }
}

// What was chosen for an aligned bias is not used again for one that is not, though c makes up for it, and the other
// way.
CUDA_TEST("cuda: gemm with a bias and an output of different alignment") {
  for (DType dtype : kProducts)
    for (bool shifted : {false, true, false}) {
      const auto layout = [&](bool yes) { return yes ? Layout::shifted : Layout::contiguous; };
      Twins("gemm")
          .in(dtype, {20, 24})
          .in(dtype, {24, 28})
          .in(dtype, {28}, layout(shifted))
          .out(dtype, {20, 28}, layout(!shifted))
          .run<MatmulKernels>(tolerance(dtype, 24), [](auto& k, auto& t) { k.gemm(t[0], t[1], t[2], t[3], 1, 0); });
    }
}

CUDA_TEST("cuda: gemm of parts of larger matrices") {
  const auto part = [](const Tensor& x) {  // without the first row and column
    return alias(x, {x.size(0) - 1, x.size(1) - 1}, x.strides(), x.impl()->offset + x.stride(0) + x.stride(1));
  };
  for (DType dtype : kProducts)
    Twins("gemm part")
        .in(dtype, {20, 30})
        .in(dtype, {30, 40}, Layout::transposed)
        .out(dtype, {20, 40}, Layout::contiguous, anyValues(dtype, 4))
        .run<MatmulKernels>(tolerance(dtype, 30),
                            [&](auto& k, auto& t) { k.gemm(part(t[0]), part(t[1]), {}, part(t[2]), 1, 1); });
}

CUDA_TEST("cuda: batches of matrices") {
  struct Case {
    int64_t batch, m, n, k;
  };
  const Case cases[] = {{1, 3, 5, 7}, {8, 17, 33, 20}, {3, 1, 4, 9}, {2, 64, 64, 64}, {0, 3, 4, 5},
                        {3, 0, 4, 5}, {3, 4, 5, 0},    {3, 4, 1, 1}, {70000, 1, 1, 2}};  // more than one call takes
  for (DType dtype : kProducts)
    for (const Case& c : cases)
      for (Layout la : {Layout::contiguous, Layout::shifted})
        for (bool columns : {false, true}) {  // of b
          if (isRare(dtype) && c.batch != 8) continue;
          if (c.batch > 1000 && dtype != DType::float32) continue;
          const auto turned = [&](const Tensor& x) {
            return columns
                       ? alias(x, {x.size(0), x.size(2), x.size(1)}, {x.stride(0), 1, x.stride(1)}, x.impl()->offset)
                       : x;
          };
          Twins(str("bmm ", c.batch, " x ", c.m, " x ", c.n, " x ", c.k))
              .in(dtype, {c.batch, c.m, c.k}, la)
              .in(dtype, columns ? Dims{c.batch, c.n, c.k} : Dims{c.batch, c.k, c.n})
              .out(dtype, {c.batch, c.m, c.n}, la, isFloat(dtype) ? Values([](int64_t) { return kNaN; }) : nullptr)
              .run<MatmulKernels>(tolerance(dtype, c.k),
                                  [&](auto& k, auto& t) { k.bmm(t[0], turned(t[1]), t[2], 1, 0); });
        }
  // Batches that are interleaved, and one matrix for all of them.
  Twins("bmm across")
      .in(DType::float32, {4, 6, 5})
      .in(DType::float32, {5, 3})
      .out(DType::float32, {6, 4, 3})
      .run<MatmulKernels>(rounding(DType::float32, 5), [](auto& k, auto& t) {
        k.bmm(alias(t[0], {6, 4, 5}, {5, 30, 1}, t[0].impl()->offset),
              alias(t[1], {6, 5, 3}, {0, 3, 1}, t[1].impl()->offset), t[2], 1, 0);
      });
  for (DType dtype : kProducts)
    for (int64_t inner : {5, 0})
      Twins(str("bmm onto what is there, k ", inner))
          .in(dtype, {2, 4, inner})
          .in(dtype, {2, inner, 3})
          .out(dtype, {2, 4, 3}, Layout::contiguous, [](int64_t i) { return static_cast<double>(i % 3); })
          .run<MatmulKernels>(tolerance(dtype, 6), [](auto& k, auto& t) { k.bmm(t[0], t[1], t[2], 2, 3); });
}

// c[i] = alpha a[i] b[i] + beta c[i] for matrices of the CPU, by the definition: in double, or in integers that wrap.
void define(const std::vector<Tensor>& t, int64_t i, double alpha, double beta) {
  const Tensor a = matrixOf(t[0], i), b = matrixOf(t[1], i), c = matrixOf(t[2], i);
  dispatch(c.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using Exact = std::conditional_t<std::is_integral_v<T>, uint64_t, double>;
    const auto factor = [](double x) {
      if constexpr (std::is_integral_v<T>) return static_cast<Exact>(static_cast<int64_t>(x));
      else return x;
    };
    const auto at = [](const Tensor& x, int64_t r, int64_t s) -> T& {
      return x.data<T>()[r * x.stride(0) + s * x.stride(1)];
    };
    for (int64_t r = 0; r < c.size(0); r++)
      for (int64_t s = 0; s < c.size(1); s++) {
        Exact sum = 0;
        for (int64_t p = 0; p < a.size(1); p++)
          sum += static_cast<Exact>(at(a, r, p)) * static_cast<Exact>(at(b, p, s));
        sum *= factor(alpha);
        if (beta != 0) sum += factor(beta) * static_cast<Exact>(at(c, r, s));
        at(c, r, s) = static_cast<T>(sum);
      }
  });
}

CUDA_TEST("cuda: products without a library") {
  struct Case {
    int64_t batch, m, n, k;
  };
  const Case cases[] = {{1, 1, 1, 1},    {2, 3, 5, 7},   {1, 16, 16, 16}, {3, 17, 33, 49},
                        {1, 1, 70, 100}, {700, 2, 1, 3}, {2, 4, 3, 0},    {0, 3, 3, 3}};
  for (DType dtype : kProducts)
    for (const Case& c : cases)
      for (Layout la : kInputLayouts)
        for (Layout lc : kOutputLayouts)
          for (auto [alpha, beta] : {std::pair{1.0, 0.0}, {0.5, -2.0}}) {
            if (isRare(dtype) && c.batch != 2) continue;
            const Values before =
                beta == 0 && isFloat(dtype) ? Values([](int64_t) { return kNaN; }) : anyValues(dtype, 4);
            const Layout lb = la == Layout::transposed ? Layout::contiguous : Layout::transposed;
            Twins(str("tiled ", c.batch, " x ", c.m, " x ", c.n, " x ", c.k))
                .in(dtype, {c.batch, c.m, c.k}, la)
                .in(dtype, {c.batch, c.k, c.n}, lb)
                .out(dtype, {c.batch, c.m, c.n}, lc, before)
                .run<MatmulKernels>(tolerance(dtype, c.k), [&, alpha = alpha, beta = beta](auto& k, auto& t) {
                  if (&k == cudaTable<MatmulKernels>) return cuda::bmmTiled(t[0], t[1], t[2], alpha, beta);
                  for (int64_t i = 0; i < c.batch; i++) define(t, i, alpha, beta);
                });
          }
}

void checkConvolutions() {
  const Convolution cases[] = {
      {{2, 1, 8, 8}, {4, 1, 3, 3}},
      {{2, 3, 9, 7}, {6, 3, 3, 2}, {2, 1}, {1, 1}},
      {{3, 4, 8, 8}, {6, 2, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 2},   // groups
      {{1, 4, 10, 9}, {4, 1, 3, 3}, {1, 2}, {2, 2}, {2, 2}, 4},  // one input channel per group, dilated
      {{2, 5, 1, 1}, {7, 5, 1, 1}},
      {{2, 2, 6, 6}, {3, 2, 3, 3}, {3, 3}},  // pixels that no window sees
      {{16, 1, 28, 28}, {32, 1, 3, 3}},
      {{0, 3, 8, 8}, {4, 3, 3, 3}},  // no image
      {{2, 0, 8, 8}, {4, 0, 3, 3}},  // no channel
      {{2, 3, 4, 5, 6}, {4, 3, 2, 3, 2}},
      {{1, 4, 5, 6, 7}, {6, 2, 3, 1, 2}, {2, 1, 3}, {1, 0, 2}, {1, 2, 1}, 2},
      {{2, 0, 3, 3, 3}, {4, 0, 2, 2, 2}},
  };
  for (DType dtype : kFloats) {
    checkConvolution(cases[1], dtype, Layout::shifted, 1);
    for (const Convolution& c : cases) checkConvolution(c, dtype, Layout::contiguous, 1);
  }
}

CUDA_TEST("cuda: convolution, and both of its gradients") { checkConvolutions(); }

// Switches a choice on until the end of the test.
class Chosen {
 public:
  explicit Chosen(std::atomic<bool>& choice) : choice_(choice) { choice_ = true; }
  ~Chosen() { choice_ = false; }

 private:
  std::atomic<bool>& choice_;
};

CUDA_TEST("cuda: convolution and its gradients by the fastest of all algorithms") {
  const Chosen benchmark(libraryChoices.convBenchmark);
  checkConvolutions();
}

CUDA_TEST("cuda: convolution and its gradients by algorithms that give the same bits on every run") {
  const Chosen deterministic(libraryChoices.convDeterministic);
  checkConvolutions();
}

// FFT and Winograd would make a whole tile NaN, and lose the bits of small values near large ones.
CUDA_TEST("cuda: a NaN, an infinity or a large value reaches the results that depend on it, and no others") {
  const Dims x{2, 4, 20, 20}, w{5, 4, 3, 3}, y{2, 5, 20, 20};
  const ConvWindow p = Convolution{x, w, {1, 1}, {1, 1}}.window();
  for (double odd : {kNaN, std::numeric_limits<double>::infinity(), 0x1p40}) {
    const auto values = [&](int seed) {  // the odd one in the middle of the first plane
      return [odd, any = anyValues(DType::float32, seed)](int64_t i) { return i == 210 ? odd : any(i); };
    };
    const auto twins = [&](const char* name, const Dims& a, const Dims& b, const Dims& out) {
      return Twins(str(name, " with ", odd))
          .in(DType::float32, a, Layout::contiguous, values(1))
          .in(DType::float32, b)
          .out(DType::float32, out);
    };
    const double tolerance = 1e-4;
    twins("convolution", x, w, y).run<ConvKernels>(tolerance, [&](auto& k, auto& t) { k.conv(t[0], t[1], {}, p, t[2]); });
    twins("convGradInput", y, w, x).run<ConvKernels>(tolerance, [&](auto& k, auto& t) {
      k.convGradInput(t[0], t[1], p, t[2]);
    });
    twins("convGradWeight", y, x, w).run<ConvKernels>(tolerance, [&](auto& k, auto& t) {
      k.convGradWeight(t[0], t[1], p, t[2]);
    });
  }
}

CUDA_TEST("cuda: an image beyond cuDNN's limit is refused") {
  const Tensor one = empty({1}, DType::float32, kCuda), w = empty({1, 1, 1, 1}, DType::float32, kCuda);
  const Dims sizes{2, 1, 1 << 16, 1 << 15};
  const Tensor huge = alias(one, sizes, contiguousStrides(sizes), 0);
  const Error e = thrownBy([&] {
    cudaTable<ConvKernels>->conv(huge, w, {}, Convolution{sizes, w.sizes()}.window(), huge);
  });
  EXPECT(e.code == Code::unsupported);
  EXPECT(e.message ==
         "convolution: an image of more than 2147483647 elements is not supported, got input [2, 1, 65536, "
         "32768] and output [2, 1, 65536, 32768]");
}

CUDA_TEST("cuda: the same product, and convolution where it is asked for, have the same bits on every run") {
  const Chosen deterministic(libraryChoices.convDeterministic);
  std::vector<float> values(1 << 16);
  std::mt19937 engine(1);
  for (float& v : values) v = static_cast<float>(engine()) * 0x1p-31f - 1;
  const Tensor a = toDevice(values, {256, 256}), c = empty({256, 256}, DType::float32, kCuda),
               x = toDevice(values, {16, 4, 32, 32}), dy = toDevice(values, {16, 4, 32, 32}),
               dw = empty({4, 4, 3, 3}, DType::float32, kCuda);
  const ConvWindow window = Convolution{x.sizes(), dw.sizes(), {1, 1}, {1, 1}}.window();
  std::vector<float> product, gradient;
  for (int i = 0; i < 3; i++) {
    cudaTable<MatmulKernels>->gemm(a, a, {}, c, 1, 0);
    cudaTable<ConvKernels>->convGradWeight(dy, x, window, dw);
    const auto p = toHost<float>(c), g = toHost<float>(dw);
    EXPECT(i == 0 || (p == product && g == gradient));
    product = p;
    gradient = g;
  }
}

}  // namespace
}  // namespace dtrain::test
