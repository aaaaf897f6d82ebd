// Normalization by the kernels of both devices: sets of each kind, rows for a few lanes, a warp and a block, weights
// with and without neighbours, and more rows than a part has.
#include "kernels/norm.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

CUDA_TEST("cuda: normalization and its gradients") {
  const NormSizes cases[] = {
      {.outer = 5, .channels = 20},  // rows
      {.outer = 300, .channels = 70},
      {.outer = 3, .channels = 2000},
      {.outer = 2, .groups = 3, .channels = 2, .inner = 5},  // groups of channels
      {.outer = 3, .groups = 2, .inner = 400},               // channels of samples
      {.runs = 4, .groups = 3, .inner = 7},                  // channels of a batch
      {.runs = 3, .groups = 5, .inner = 700},
      {.runs = 70, .groups = 40},
  };
  for (const DType dtype : {DType::float32, DType::float64})
    for (const NormSizes& z : cases)
      for (const bool affine : {false, true}) {
        const Dims sizes{z.runs, z.outer, z.groups, z.channels, z.inner}, sets{z.sets()}, weights{z.weights()};
        const double tolerance = rounding(dtype, z.count());
        const auto affineOf = [&](Twins& twins, int count) {
          for (int i = 0; i < count; i++) affine ? twins.in(dtype, weights) : twins.none();
        };
        Twins twins(str("normalize ", sizes));
        twins.in(dtype, sizes);
        affineOf(twins, 2);
        twins.out(dtype, sets).out(dtype, sets).out(dtype, sizes).run<NormKernels>(tolerance, [&](auto& k, auto& t) {
          k.normalize(z, t[0], t[1], t[2], 1e-3, t[3], t[4], t[5]);
        });
        Twins grad(str("normalizeGrad ", sizes));
        const Values some = [](int64_t i) { return 0.25 * static_cast<double>(i % 3); };
        const Values above = [](int64_t i) { return 1 + 0.5 * static_cast<double>(i % 4); };
        grad.in(dtype, sizes).in(dtype, sizes);
        grad.in(dtype, sets, Layout::contiguous, some).in(dtype, sets, Layout::contiguous, above);
        affineOf(grad, 1);
        grad.out(dtype, sizes).out(dtype, weights);
        affine ? grad.out(dtype, weights) : grad.none();
        grad.run<NormKernels>(rounding(dtype, z.runs * z.outer * z.inner + z.count()), [&](auto& k, auto& t) {
          k.normalizeGrad(z, t[0], t[1], t[2], t[3], t[4], 1e-3, t[5], t[6], t[7]);
        });
      }
}

}  // namespace
}  // namespace dtrain::test
