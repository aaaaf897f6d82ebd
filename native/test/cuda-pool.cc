// The kernels of pooling: windows that overlap, lie apart, are dilated, reach into the padding, share a plane out, and
// start where a tensor says.
#include "kernels/pool.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

const Windows kWindows[] = {
    {6, {1, 8, 8}, {1, 4, 4}, {1, 2, 2}, {1, 2, 2}, {0, 0, 0}, {1, 1, 1}},
    {6, {1, 7, 9}, {1, 4, 10}, {1, 3, 2}, {1, 2, 1}, {0, 1, 1}, {1, 1, 1}},
    {2, {5, 4, 6}, {3, 2, 7}, {2, 3, 2}, {2, 2, 1}, {1, 1, 1}, {1, 1, 1}},
    {3, {1, 1, 40}, {1, 1, 14}, {1, 1, 2}, {1, 1, 3}, {0, 0, 1}, {1, 1, 1}},
    {0, {1, 8, 8}, {1, 4, 4}, {1, 2, 2}, {1, 2, 2}, {0, 0, 0}, {1, 1, 1}},
    {3, {4, 7, 5}, {2, 3, 8}, {0, 0, 0}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}},
    {3, {1, 7, 5}, {1, 0, 3}, {0, 0, 0}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}},
};
const Windows kDilated[] = {
    {2, {1, 9, 9}, {1, 7, 7}, {1, 3, 3}, {1, 1, 1}, {0, 1, 1}, {1, 2, 2}},
    {1, {1, 1, 1}, {1, 1, 1}, {1, 2, 2}, {1, 1, 1}, {0, 1, 1}, {1, 2, 2}},  // a window that misses the plane
};

Dims sizes(int64_t planes, const int64_t (&of)[3]) { return {planes, of[0], of[1], of[2]}; }

template <class F>
void forWindows(bool dilated, F&& f) {
  for (const Windows& w : kWindows) f(w);
  if (dilated)
    for (const Windows& w : kDilated) f(w);
}

std::string text(const char* kernel, DType dtype, const Windows& w) {
  return str(kernel, " ", dtype, " ", sizes(w.planes, w.in), " to ", sizes(w.planes, w.out));
}

CUDA_TEST("pool: the largest of windows") {
  for (DType dtype : kTypes)
    forWindows(true, [&](const Windows& w) {
      for (int kind = 0; kind < 4; kind++) {  // any values; many equals; -inf with NaN; the lowest value only
        if (kind >= 2 && !isFloat(dtype)) continue;
        const Values values = kind == 0   ? anyValues(dtype, 5)
                              : kind == 1 ? Values([](int64_t i) { return i * 7 % 2; })
                              : kind == 2 ? Values([](int64_t i) { return i % 7 == 3 ? kNaN : -kInfinity; })
                                          : Values([](int64_t) { return -kInfinity; });
        Twins(text("maxPool", dtype, w))
            .in(dtype, sizes(w.planes, w.in), Layout::contiguous, values)
            .out(dtype, sizes(w.planes, w.out))
            .out(DType::int64, sizes(w.planes, w.out))
            .run<PoolKernels>(0, [&](auto& k, auto& t) { k.maxPool(t[0], w, {}, t[1], t[2]); });
      }
    });
}

CUDA_TEST("pool: the largest of windows that start anywhere") {
  const Windows w{3, {4, 6, 9}, {2, 3, 4}, {2, 2, 3}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}};
  for (DType dtype : kFloats)
    Twins(text("maxPool", dtype, w))
        .in(dtype, sizes(w.planes, w.in))
        .in(DType::int64, {3, 9}, Layout::contiguous, [](int64_t i) { return i % 9 < 5 ? i % 2 : i % 9 - 3 + i / 18; })
        .out(dtype, sizes(w.planes, w.out))
        .out(DType::int64, sizes(w.planes, w.out))
        .run<PoolKernels>(0, [&](auto& k, auto& t) { k.maxPool(t[0], w, t[1], t[2], t[3]); });
}

CUDA_TEST("pool: gradients of the largest") {
  for (DType dtype : kFloats)
    forWindows(true, [&](const Windows& w) {
      Twins(text("maxPoolGrad", dtype, w))
          .in(dtype, sizes(w.planes, w.in))
          .in(dtype, sizes(w.planes, w.out))
          .out(dtype, sizes(w.planes, w.out))
          .out(DType::int64, sizes(w.planes, w.out))
          .out(dtype, sizes(w.planes, w.in))
          .run<PoolKernels>(4 * rounding(dtype), [&](auto& k, auto& t) {
            k.maxPool(t[0], w, {}, t[2], t[3]);
            k.maxPoolGrad(t[1], t[3], w, t[4]);
          });
    });
}

constexpr Divisor kDivisors[] = {{0, 1}, {0, 0}, {-3, 0}, {-1, 1}};

CUDA_TEST("pool: averages") {
  for (DType dtype : {DType::float32, DType::float64, DType::float16, DType::bfloat16, DType::int64})
    forWindows(false, [&](const Windows& w) {
      for (const Divisor& divisor : kDivisors)
        Twins(text("avgPool", dtype, w))
            .in(dtype, sizes(w.planes, w.in))
            .out(dtype, sizes(w.planes, w.out))
            .run<PoolKernels>(rounding(dtype, 12), [&](auto& k, auto& t) { k.avgPool(t[0], w, divisor, t[1]); });
    });
}

CUDA_TEST("pool: gradients of averages") {
  for (DType dtype : kFloats)
    forWindows(false, [&](const Windows& w) {
      for (const Divisor& divisor : kDivisors)
        Twins(text("avgPoolGrad", dtype, w))
            .in(dtype, sizes(w.planes, w.out))
            .out(dtype, sizes(w.planes, w.in))
            .run<PoolKernels>(rounding(dtype, 12), [&](auto& k, auto& t) { k.avgPoolGrad(t[0], w, divisor, t[1]); });
    });
}

}  // namespace
}  // namespace dtrain::test
