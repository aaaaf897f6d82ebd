// Max pooling: y[n, c, p, q] is the largest of its window, NaN counting as largest, the first of equals winning;
// indices remember the position in the H x W plane, -1 for a window that misses the image. Our own kernel, because
// cuDNN's returns no indices. Thread i has output i, so neighbours read overlapping windows, which the cache serves.
// Bytes moved: x once, y and indices once.
#include "kernels/cuda/element.cuh"
#include "kernels/pool.h"

namespace dtrain::cuda {

namespace {

struct Shape {
  int64_t count, h, w, oh, ow;  // outputs; plane of x; plane of y
};

// T is what dispatchLoad gives, C what it is computed in, `lowest` the lowest value of the dtype.
template <class T, class C>
__global__ void maxPool2dKernel(Shape s, Window p, C lowest, DType dtype, int64_t bytes, const char* x, char* y,
                                int64_t* indices) {
  constexpr bool kAny = std::is_same_v<T, int64_t>;
  const int64_t item = kAny ? bytes : int64_t{sizeof(T)};
  for (int64_t i = thread(); i < s.count; i += threads()) {
    const int64_t ox = i % s.ow, oy = i / s.ow % s.oh;
    const char* from = x + i / (s.ow * s.oh) * s.h * s.w * item;
    C best = lowest;
    int64_t arg = -1;
    for (int64_t ky = 0; ky < p.kernel[0]; ky++) {
      const int64_t iy = oy * p.stride[0] - p.padding[0] + ky * p.dilation[0];
      if (iy < 0 || iy >= s.h) continue;
      for (int64_t kx = 0; kx < p.kernel[1]; kx++) {
        const int64_t ix = ox * p.stride[1] - p.padding[1] + kx * p.dilation[1];
        if (ix < 0 || ix >= s.w) continue;
        const char* at = from + (iy * s.w + ix) * item;
        C v;
        if constexpr (kAny) v = loadElement<C>(at, dtype);
        else v = *reinterpret_cast<const T*>(at);
        if (arg < 0 || v > best || v != v) {  // the first element counts even if it is the lowest value
          best = v;
          arg = iy * s.w + ix;
        }
      }
    }
    storeElement(y + i * item, dtype, best);
    indices[i] = arg;
  }
}

void maxPool2d(const Tensor& x, const Window& p, const Tensor& y, const Tensor& indices) {
  if (y.numel() == 0) return;
  const Shape shape{y.numel(), x.size(2), x.size(3), y.size(2), y.size(3)};
  const double lowest = dispatch(x.dtype(), [](auto zero) { return static_cast<double>(kLowest<decltype(zero)>); });
  dispatchLoad(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = ComputeType<T>;
    launch("maxPool2d", y.device(), maxPool2dKernel<T, C>, blocksFor(y.device(), shape.count, kBlock), kBlock, shape, p,
           static_cast<C>(lowest), x.dtype(), itemSize(x.dtype()), x.bytes(), y.bytes(), indices.data<int64_t>());
  });
}

}  // namespace

const Fill table(cudaTable<PoolKernels>, {.maxPool2d = maxPool2d});

}  // namespace dtrain::cuda
