// Max pooling: y[n, c, p, q] is the largest of its window, NaN counting as largest, the first of equals winning;
// indices remember the position in the H x W plane. Planes (n, c) are independent and run in parallel.
#include "kernels/pool.h"

#include <limits>

#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {
// The part of one window that lies inside [0, size): start, start + dilation, … < end.
struct Part {
  Part(int64_t o, int64_t stride, int64_t padding, int64_t dilation, int64_t kernel, int64_t size) {
    start = o * stride - padding;
    end = std::min(start + (kernel - 1) * dilation + 1, size);
    if (start < 0) start += (-start + dilation - 1) / dilation * dilation;
  }
  int64_t start, end;
};
void maxPool2d(const Tensor& x, const Window& p, const Tensor& y, const Tensor& indices) {
  const int64_t h = x.size(2), w = x.size(3), oh = y.size(2), ow = y.size(3);
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    parallelFor(x.size(0) * x.size(1), x.numel(), [&](int64_t begin, int64_t end) {
      for (int64_t plane = begin; plane < end; plane++) {
        const T* from = x.data<T>() + plane * h * w;
        T* to = y.data<T>() + plane * oh * ow;
        int64_t* where = indices.data<int64_t>() + plane * oh * ow;
        for (int64_t oy = 0; oy < oh; oy++) {
          const Part rows(oy, p.stride[0], p.padding[0], p.dilation[0], p.kernel[0], h);
          for (int64_t ox = 0; ox < ow; ox++) {
            const Part cols(ox, p.stride[1], p.padding[1], p.dilation[1], p.kernel[1], w);
            // A dilated window can miss the image: then -inf, from nowhere.
            const bool misses = rows.start >= rows.end || cols.start >= cols.end;
            int64_t arg = misses ? -1 : rows.start * w + cols.start;
            T best = std::numeric_limits<T>::has_infinity ? static_cast<T>(-std::numeric_limits<T>::infinity())
                                                          : std::numeric_limits<T>::lowest();
            for (int64_t iy = rows.start; iy < rows.end; iy += p.dilation[0]) {
              for (int64_t ix = cols.start; ix < cols.end; ix += p.dilation[1]) {
                const T v = from[iy * w + ix];
                if (v > best || v != v) {
                  best = v;
                  arg = iy * w + ix;
                }
              }
            }
            *to++ = best;
            *where++ = arg;
          }
        }
      }
    });
  });
}

}  // namespace

const Fill table(cpuTable<PoolKernels>, {.maxPool2d = maxPool2d});

}  // namespace dtrain::cpu
