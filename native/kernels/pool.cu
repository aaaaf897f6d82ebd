// Max pooling: y[n, c, p, q] is the largest of its window, NaN counting as largest, the first of equals winning;
// indices remember the position in the H x W plane, -1 for a window that misses the image. Our own kernel, because
// cuDNN's returns no indices. Thread i has output i, so neighbours read overlapping windows, which the cache serves.
// Bytes moved: x once, y and indices once.
#include "kernels/device.cuh"
#include "kernels/pool.h"

namespace dtrain::cuda {

namespace {

struct Shape {
  int64_t count, h, w, oh, ow;  // outputs; plane of x; plane of y
};

template <class T>
__global__ void maxPool2dKernel(Shape s, Window p, const T* x, T* y, int64_t* indices) {
  for (int64_t i = thread(); i < s.count; i += threads()) {
    const int64_t ox = i % s.ow, oy = i / s.ow % s.oh;
    const T* from = x + i / (s.ow * s.oh) * s.h * s.w;
    T best = kLowest<T>;
    int64_t arg = -1;
    for (int64_t ky = 0; ky < p.kernel[0]; ky++) {
      const int64_t iy = oy * p.stride[0] - p.padding[0] + ky * p.dilation[0];
      if (iy < 0 || iy >= s.h) continue;
      for (int64_t kx = 0; kx < p.kernel[1]; kx++) {
        const int64_t ix = ox * p.stride[1] - p.padding[1] + kx * p.dilation[1];
        if (ix < 0 || ix >= s.w) continue;
        const T v = from[iy * s.w + ix];
        if (arg < 0 || v > best || v != v) {  // the first element counts even if it is the lowest value
          best = v;
          arg = iy * s.w + ix;
        }
      }
    }
    y[i] = best;
    indices[i] = arg;
  }
}

void maxPool2d(const Tensor& x, const Window& p, const Tensor& y, const Tensor& indices) {
  if (y.numel() == 0) return;
  const Shape shape{y.numel(), x.size(2), x.size(3), y.size(2), y.size(3)};
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    launch("maxPool2d", y.device(), maxPool2dKernel<T>, blocksFor(y.device(), shape.count, kBlock), kBlock, shape, p,
           x.data<T>(), y.data<T>(), indices.data<int64_t>());
  });
}

}  // namespace

const Fill table(cudaTable<PoolKernels>, {.maxPool2d = maxPool2d});

}  // namespace dtrain::cuda
