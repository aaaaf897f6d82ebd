// Shapes at which cuBLASLt and cuDNN choose differently or give up: matrices with dimensions of 1, operands that are
// not aligned, and the convolutions of common networks. The emulation multiplies any of them; on a GPU these are the
// first to look at (scripts/gpu/run.sh), also for the algorithms, which cuDNN's log names.
#include "kernels/matmul.h"
#include "test/conv.h"

namespace dtrain::test {
namespace {

CUDA_TEST("shapes: matrix products of 1, 2 and 7 rows, columns and terms, with and without bias") {
  const int64_t few[] = {1, 2, 7};
  for (DType dtype : {DType::float32, DType::float64})
    for (int64_t m : few)
      for (int64_t n : few)
        for (int64_t k : few)
          for (Layout la : {Layout::contiguous, Layout::transposed})
            for (Layout lb : {Layout::contiguous, Layout::transposed})
              for (bool shifted : {false, true})
                for (bool withBias : {false, true}) {
                  const Layout own = shifted ? Layout::shifted : Layout::contiguous;
                  Twins twins(
                      str("gemm ", m, " x ", n, " x ", k, withBias ? " + bias" : "", shifted ? " shifted" : ""));
                  twins.in(dtype, {m, k}, la == Layout::contiguous ? own : la)
                      .in(dtype, {k, n}, lb == Layout::contiguous ? own : lb);
                  withBias ? twins.in(dtype, {n}, own) : twins.none();
                  twins.out(dtype, {m, n}, own).run<MatmulKernels>(rounding(dtype, k), [](auto& kernels, auto& t) {
                    kernels.gemm(t[0], t[1], t[2], t[3], 1, 0);
                  });
                }
}

CUDA_TEST("shapes: products with one long dimension") {
  struct Case {
    int64_t m, n, k;
  };
  for (DType dtype : {DType::float32, DType::float64})
    for (const Case& c : {Case{1, 4096, 7}, {4096, 1, 7}, {1, 1, 4096}, {5, 3, 4099}, {1, 1000, 1}, {2049, 2, 1}})
      for (bool withBias : {false, true}) {
        Twins twins(str("gemm ", c.m, " x ", c.n, " x ", c.k, withBias ? " + bias" : ""));
        twins.in(dtype, {c.m, c.k}).in(dtype, {c.k, c.n}, Layout::transposed);
        withBias ? twins.in(dtype, {c.n}) : twins.none();
        twins.out(dtype, {c.m, c.n}).run<MatmulKernels>(2 * rounding(dtype, c.k), [](auto& kernels, auto& t) {
          kernels.gemm(t[0], t[1], t[2], t[3], 1, 0);
        });
      }
}

CUDA_TEST("shapes: convolutions of LeNet, VGG and ResNet, and with odd strides, groups and dilations") {
  const Convolution cases[] = {
      {{4, 1, 28, 28}, {6, 1, 5, 5}, {1, 1}, {2, 2}},
      {{4, 6, 14, 14}, {16, 6, 5, 5}},
      {{1, 3, 64, 64}, {16, 3, 7, 7}, {2, 2}, {3, 3}},
      {{2, 16, 14, 14}, {32, 16, 3, 3}, {1, 1}, {1, 1}},
      {{2, 32, 14, 14}, {64, 32, 1, 1}, {2, 2}},
      {{1, 64, 8, 8}, {64, 64, 3, 3}, {1, 1}, {1, 1}},
      {{2, 24, 12, 12}, {24, 1, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 24},
      {{2, 8, 15, 13}, {12, 4, 3, 5}, {3, 2}, {2, 0}, {2, 1}, 2},
  };
  for (DType dtype : {DType::float32, DType::float64})
    for (const Convolution& c : cases) checkConvolution(c, dtype, Layout::contiguous, 4);
}

}  // namespace
}  // namespace dtrain::test
