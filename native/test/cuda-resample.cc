// The kernel of interpolation: outputs of no, one and several taps, along inner and last dimensions.
#include "kernels/resample.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

CUDA_TEST("resample: weighted sums along a dimension") {
  for (DType dtype : {DType::float32, DType::float64})
    for (int64_t outer : {1, 3})
      for (int64_t inner : {1, 7, 300})
        for (int64_t outputs : {1, 5, 40}) {
          // Output i has i % 4 taps, spread over 9 inputs.
          const auto starts = [](int64_t i) {
            int64_t n = 0;
            for (int64_t k = 0; k < i; k++) n += k % 4;
            return static_cast<double>(n);
          };
          const auto taps = static_cast<int64_t>(starts(outputs));
          Twins twins(str("resample ", dtype, " [", outer, ", 9, ", inner, "] to ", outputs));
          twins.in(dtype, {outer, 9, inner})
              .in(DType::int64, {outputs + 1}, Layout::contiguous, starts)
              .in(DType::int64, {taps}, Layout::contiguous, [](int64_t t) { return static_cast<double>(t * 5 % 9); })
              .in(dtype, {taps})
              .out(dtype, {outer, outputs, inner})
              .run<ResampleKernels>(4 * rounding(dtype),
                                    [](auto& kernels, auto& t) { kernels.resample(t[0], t[1], t[2], t[3], t[4]); });
        }
}

}  // namespace
}  // namespace dtrain::test
