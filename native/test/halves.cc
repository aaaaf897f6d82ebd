// Kernels of the CPU that compute halves as float, and integers as int64, against the definition in double: products
// and convolutions, which are rounded once and so are exact here, log-softmax, losses and an optimizer.
#include <numeric>

#include "core/operand.h"
#include "kernels/conv.h"
#include "kernels/loss.h"
#include "kernels/matmul.h"
#include "kernels/optim.h"
#include "kernels/softmax.h"
#include "ops/window.h"
#include "test/test.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

constexpr DType kHalves[] = {DType::float16, DType::bfloat16};
constexpr DType kStored[] = {DType::float32, DType::float16, DType::bfloat16, DType::int64,
                             DType::int32,   DType::int16,   DType::int8,     DType::uint8};

// Multiples of 1 / 8 within ±2, or integers: sums of a few hundred products of them are exact in float.
Tensor grid(DType dtype, const Dims& sizes, int seed) {
  Tensor x = empty(sizes, dtype);
  std::mt19937 engine(seed);
  for (int64_t i = 0; i < x.numel(); i++)
    storeNumber(isFloat(dtype) ? static_cast<double>(engine() % 33) / 8 - 2 : static_cast<double>(engine() % 200) - 50,
                dtype, x.bytes() + i * itemSize(dtype));
  return x;
}
double at(const Tensor& x, int64_t i) { return loadNumber(x.bytes() + i * itemSize(x.dtype()), x.dtype()); }
double rounded(double value, DType dtype) {
  char bytes[8];
  storeNumber(value, dtype, bytes);
  return loadNumber(bytes, dtype);
}

TEST("products of halves are rounded once, with the bias, and those of integers wrap") {
  for (DType dtype : kStored)
    for (const auto& [m, n, k] : {std::array<int64_t, 3>{1, 1, 1}, {3, 5, 7}, {17, 1, 300}, {2, 100, 9}, {70, 33, 130}})
      for (bool turnA : {false, true})
        for (bool turnB : {false, true})
          for (const auto& [alpha, beta, biased] : {std::tuple{1, 0, false}, {1, 0, true}, {2, 3, true}}) {
            const auto matrix = [&](int64_t rows, int64_t cols, bool turn, int seed) {
              const Tensor x = grid(dtype, {rows, cols}, seed);
              return turn ? alias(x, {rows, cols}, {1, rows}, 0) : x;
            };
            const Tensor a = matrix(m, k, turnA, 1), b = matrix(k, n, turnB, 2), c = matrix(m, n, false, 3);
            const Tensor bias = biased ? grid(dtype, {n}, 4) : Tensor();
            std::vector<double> want;
            for (int64_t i = 0; i < m; i++)
              for (int64_t j = 0; j < n; j++) {
                double sum = beta * at(c, i * n + j) + (biased ? at(bias, j) : 0);
                for (int64_t p = 0; p < k; p++)
                  sum += alpha * at(a, i * a.stride(0) + p * a.stride(1)) * at(b, p * b.stride(0) + j * b.stride(1));
                want.push_back(rounded(sum, dtype));
              }
            kernels<MatmulKernels>(c).gemm(a, b, bias, c, alpha, beta);
            for (int64_t i = 0; i < m * n; i++)
              expect(at(c, i) == want[i], "gemm ", dtype, " ", m, " x ", n, " x ", k, " element ", i, ": ", at(c, i),
                     ", not ", want[i]);
          }
}

TEST("a product of halves that is too large is infinite") {
  const Tensor a = empty({1, 1}, DType::float16), c = empty({1, 1}, DType::float16);
  *a.data<Half>() = 300;
  kernels<MatmulKernels>(c).gemm(a, a, {}, c, 1, 0);
  EXPECT(at(c, 0) == INFINITY);
}

// Calls f(element of x, of w, of y) for every product that a convolution adds up.
template <class F>
void forEachProduct(const Tensor& x, const Tensor& w, const Tensor& y, const ConvWindow& p, F&& f) {
  const int64_t filters = w.size(0) / p.groups, channels = w.size(1);
  for (int64_t i = 0; i < y.numel(); i++) {
    const int64_t q = i % y.size(3), o = i / y.size(3) % y.size(2), k = i / y.size(3) / y.size(2) % y.size(1),
                  n = i / y.size(3) / y.size(2) / y.size(1);
    for (int64_t j = 0; j < w.numel() / w.size(0); j++) {
      const int64_t s = j % w.size(3), r = j / w.size(3) % w.size(2), c = j / w.size(3) / w.size(2);
      const int64_t row = o * p.stride[0] - p.padding[0] + r * p.dilation[0],
                    col = q * p.stride[1] - p.padding[1] + s * p.dilation[1];
      if (row < 0 || row >= x.size(2) || col < 0 || col >= x.size(3)) continue;
      f(((n * x.size(1) + k / filters * channels + c) * x.size(2) + row) * x.size(3) + col,
        k * (w.numel() / w.size(0)) + j, i);
    }
  }
}

TEST("convolutions of halves are rounded once, with the bias, and those of integers wrap") {
  struct Case {
    Dims x, w, stride, padding;
    int64_t groups;
  };
  const Case cases[] = {{{2, 3, 9, 7}, {6, 3, 3, 2}, {2, 1}, {1, 1}, 1},
                        {{2, 16, 8, 8}, {32, 16, 3, 3}, {1, 1}, {1, 1}, 1},
                        {{3, 4, 8, 8}, {6, 2, 3, 3}, {1, 1}, {0, 0}, 2},
                        {{1, 32, 10, 9}, {32, 1, 3, 3}, {1, 2}, {2, 2}, 32},
                        {{2, 0, 5, 5}, {4, 0, 3, 3}, {1, 1}, {1, 1}, 1}};
  for (DType dtype : kStored)
    for (const Case& c : cases) {
      const ConvWindow p{windowOf("convolution", 2, {c.w[2], c.w[3]}, c.stride, c.padding, {1, 1}), c.groups};
      const Tensor x = grid(dtype, c.x, 1), w = grid(dtype, c.w, 2), bias = grid(dtype, {c.w[0]}, 3);
      const Tensor y = grid(dtype, {c.x[0], c.w[0], outputSize(p, 0, c.x[2]), outputSize(p, 1, c.x[3])}, 4);
      std::vector<double> wantX(x.numel()), wantW(w.numel()), wantY(y.numel());
      for (int64_t i = 0; i < y.numel(); i++) wantY[i] = at(bias, i / y.stride(1) % y.size(1));
      forEachProduct(x, w, y, p, [&](int64_t i, int64_t j, int64_t k) {
        wantX[i] += at(w, j) * at(y, k);
        wantW[j] += at(x, i) * at(y, k);
        wantY[k] += at(x, i) * at(w, j);
      });
      const auto check = [&](const char* what, const Tensor& got, const std::vector<double>& want) {
        for (int64_t i = 0; i < got.numel(); i++)
          expect(at(got, i) == rounded(want[i], dtype), what, " ", dtype, " ", c.x, " * ", c.w, " element ", i, ": ",
                 at(got, i), ", not ", rounded(want[i], dtype));
      };
      const auto& k = kernels<ConvKernels>(x);
      const Tensor result = empty(y.sizes(), dtype), dx = empty(x.sizes(), dtype), dw = empty(w.sizes(), dtype);
      k.conv(x, w, bias, p, result);
      check("convolution", result, wantY);
      if (!isFloat(dtype)) continue;
      k.convGradInput(y, w, p, dx);
      check("convGradInput", dx, wantX);
      k.convGradWeight(y, x, p, dw);
      check("convGradWeight", dw, wantW);
    }
}

TEST("log-softmax of halves is computed as float") {
  for (DType dtype : kHalves)
    for (int dim : {0, 1}) {
      const Tensor x = grid(dtype, {7, 300}, 1), y = empty(x.sizes(), dtype), dx = empty(x.sizes(), dtype),
                   dy = grid(dtype, x.sizes(), 2);
      kernels<SoftmaxKernels>(x).logSoftmax(x, dim, y);
      kernels<SoftmaxKernels>(x).logSoftmaxGrad(dy, y, dim, dx);
      const int64_t n = x.size(dim), inner = x.stride(dim);
      for (int64_t row = 0; row < x.numel() / n; row++) {
        const auto place = [&](int64_t j) { return dim == 0 ? row + j * inner : row * n + j; };
        double sum = 0, total = 0;
        for (int64_t j = 0; j < n; j++) {
          sum += std::exp(at(x, place(j)));
          total += at(dy, place(j));
        }
        for (int64_t j = 0; j < n; j++) {
          EXPECT(close(at(y, place(j)), at(x, place(j)) - std::log(sum), rounding(dtype) / 2));
          EXPECT(close(at(dx, place(j)), at(dy, place(j)) - std::exp(at(y, place(j))) * total, rounding(dtype) / 2));
        }
      }
    }
}

TEST("losses of halves are added up as double, also where a half could not count the samples") {
  for (DType dtype : kHalves)
    for (auto r : {Reduction::none, Reduction::mean, Reduction::sum}) {
      const int64_t n = 70'000, classes = 3;
      const Tensor x = grid(dtype, {n, classes, 1}, 1), weight = grid(dtype, {classes}, 5);
      const Tensor target = empty({n, 1}, DType::int64), total = empty({}, DType::float32);
      const Tensor out = empty(r == Reduction::none ? Dims{n, 1} : Dims{}, dtype), dx = empty(x.sizes(), dtype);
      for (int64_t i = 0; i < classes; i++) storeNumber(static_cast<double>(i + 1), dtype, weight.bytes() + 2 * i);
      double sum = 0, counted = 0;
      for (int64_t i = 0; i < n; i++) {
        const int64_t t = target.data<int64_t>()[i] = i * 7 % classes;
        sum -= at(weight, t) * at(x, i * classes + t);
        counted += at(weight, t);
      }
      const auto& k = kernels<LossKernels>(x);
      k.nllLoss("nllLoss", x, target, weight, r, -100, out, total);
      EXPECT(*total.data<float>() == counted);
      if (r != Reduction::none) EXPECT(at(out, 0) == rounded(r == Reduction::mean ? sum / counted : sum, dtype));
      const Tensor dy = grid(dtype, out.sizes(), 6);
      k.nllLossGrad("nllLoss", dy, target, weight, r, -100, total, dx);
      for (int64_t i = 0; i < n * classes; i++) {
        const int64_t t = target.data<int64_t>()[i / classes];
        const double scale = r == Reduction::mean ? 1 / counted : 1;
        const double want =
            i % classes == t ? -at(weight, t) * scale * at(dy, r == Reduction::none ? i / classes : 0) : 0;
        if (r == Reduction::none)
          EXPECT(at(out, i / classes) == rounded(-at(weight, t) * at(x, i / classes * classes + t), dtype));
        EXPECT(std::abs(at(dx, i) - want) <= rounding(dtype) * std::abs(want) + 0x1p-24);
      }
    }
}

TEST("a step of an optimizer rounds every half once") {
  const std::vector<double> scalars{0.125, 0.75, 0.5, 0.25, 1, 0};  // lr, momentum, dampening, weightDecay, nesterov
  for (DType dtype : kHalves) {
    const Tensor p = grid(dtype, {5000}, 1), g = grid(dtype, {5000}, 2), b = grid(dtype, {5000}, 3);
    std::vector<double> wantP, wantB;
    for (int64_t i = 0; i < p.numel(); i++) {
      const double grad = at(g, i) + 0.25 * at(p, i), buffer = 0.75 * at(b, i) + 0.5 * grad;
      wantB.push_back(rounded(buffer, dtype));
      wantP.push_back(rounded(at(p, i) - 0.125 * (grad + 0.75 * buffer), dtype));
    }
    kernels<OptimKernels>(p).update(Optimizer::sgd, {{p}, {g}, {b}}, scalars);
    for (int64_t i = 0; i < p.numel(); i++) EXPECT(at(p, i) == wantP[i] && at(b, i) == wantB[i]);
  }
}

}  // namespace
}  // namespace dtrain::test
