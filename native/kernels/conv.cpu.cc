// Convolution on the CPU. float32 and halves go to oneDNN (conv-onednn.cc), float16 as float32. float64, which oneDNN
// lacks and gradcheck needs, is im2col and GEMM, and is the readable specification; so are integers, as int64, which
// have no gradients.
//   y[n, f, p, q] = bias[f] + sum over c, r, s of w[f, c, r, s] x[n, c, p stride + r dilation - padding, q … s …]
#include "kernels/conv.h"

#include "kernels/conv-onednn.h"
#include "kernels/copy.h"
#include "kernels/cpu/gemm.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/widened.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

struct Shape {
  Shape(const Tensor& x, const Tensor& w, const Tensor& y, const ConvWindow& p)
      : n(x.size(0)), c(w.size(1)), h(x.size(2)), width(x.size(3)), f(w.size(0) / p.groups), r(w.size(2)), s(w.size(3)),
        oh(y.size(2)), ow(y.size(3)) {}
  int64_t n, c, h, width, f, r, s, oh, ow;  // c and f are per group
  int64_t patch() const { return c * r * s; }
  int64_t pixels() const { return oh * ow; }
};

// Calls f(column element, image element) for every tap inside the image; columns are [c r s, oh ow].
template <class F>
void forEachTap(const Shape& s, const ConvWindow& p, F&& f) {
  for (int64_t row = 0; row < s.patch(); row++) {
    const int64_t kx = row % s.s, ky = row / s.s % s.r, c = row / s.s / s.r;
    for (int64_t oy = 0; oy < s.oh; oy++) {
      const int64_t iy = oy * p.stride[0] - p.padding[0] + ky * p.dilation[0];
      if (iy < 0 || iy >= s.h) continue;
      for (int64_t ox = 0; ox < s.ow; ox++) {
        const int64_t ix = ox * p.stride[1] - p.padding[1] + kx * p.dilation[1];
        if (ix >= 0 && ix < s.width) f((row * s.oh + oy) * s.ow + ox, (c * s.h + iy) * s.width + ix);
      }
    }
  }
}

// Calls f(image of one group, output or its gradient, weights of the group, scratch columns) for all images and groups.
template <class T, class F>
void forEachImage(const Tensor& x, const Tensor& w, const Tensor& y, const ConvWindow& p, F&& f) {
  const Shape s(x, w, y, p);
  const Tensor columns = empty({s.patch(), s.pixels()}, x.dtype());
  for (int64_t i = 0; i < s.n * p.groups; i++) {
    const int64_t g = i % p.groups;
    f(s, x.data<T>() + i * s.c * s.h * s.width, y.data<T>() + i * s.f * s.pixels(), w.data<T>() + g * s.f * s.patch(),
      columns, g);
  }
}

template <class T>
void im2col(const Shape& s, const ConvWindow& p, const T* x, const Tensor& columns) {
  kernels<CopyKernels>(columns).fill(columns, 0);
  T* to = columns.data<T>();
  forEachTap(s, p, [&](int64_t column, int64_t image) { to[column] = x[image]; });
}

// float16 is converted by us, because oneDNN's reorders of it are slow.
bool byOnednn(const Tensor& x) { return x.dtype() == DType::float32 || x.dtype() == DType::bfloat16; }

void conv2d(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Tensor& y) {
  if (y.numel() == 0) return;
  // oneDNN knows no convolution without input channels.
  if (byOnednn(x) && w.numel() > 0) return onednn::conv2d(x, w, bias, p, y);
  if (!isCompute(x.dtype())) {
    const Tensor wide = wideLike(y);
    conv2d(widened(x), widened(w), widened(bias), p, wide);
    return kernels<CopyKernels>(y).copy(wide, y);
  }
  dispatchCompute(computeOf(x.dtype()), [&](auto zero) {
    using T = decltype(zero);
    forEachImage<T>(x, w, y, p, [&](const Shape& s, const T* xi, T* yi, const T* wg, const Tensor& columns, int64_t g) {
      for (int64_t f = 0; f < s.f; f++)
        std::fill_n(yi + f * s.pixels(), s.pixels(), bias.defined() ? bias.data<T>()[g * s.f + f] : T(0));
      im2col(s, p, xi, columns);
      gemmRaw<T>(false, false, s.f, s.pixels(), s.patch(), 1, wg, s.patch(), columns.data<T>(), s.pixels(), 1, yi,
                 s.pixels());
    });
  });
}

void conv2dGradInput(const Tensor& dy, const Tensor& w, const ConvWindow& p, const Tensor& dx) {
  if (dy.numel() == 0 || w.numel() == 0) return kernels<CopyKernels>(dx).fill(dx, 0);
  if (byOnednn(dx)) return onednn::conv2dGradInput(dy, w, p, dx);
  if (!isCompute(dx.dtype())) {
    const Tensor wide = wideLike(dx);
    conv2dGradInput(widened(dy), widened(w), p, wide);
    return kernels<CopyKernels>(dx).copy(wide, dx);
  }
  kernels<CopyKernels>(dx).fill(dx, 0);
  dispatchFull("conv2d", dx.dtype(), [&](auto zero) {
    using T = decltype(zero);
    forEachImage<T>(dx, w, dy, p,
                    [&](const Shape& s, T* dxi, const T* dyi, const T* wg, const Tensor& columns, int64_t) {
                      gemmRaw<T>(true, false, s.patch(), s.pixels(), s.f, 1, wg, s.patch(), dyi, s.pixels(), 0,
                                 columns.data<T>(), s.pixels());
                      const T* from = columns.data<T>();
                      forEachTap(s, p, [&](int64_t column, int64_t image) { dxi[image] += from[column]; });
                    });
  });
}

void conv2dGradWeight(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Tensor& dw) {
  if (dy.numel() == 0 || x.numel() == 0) return kernels<CopyKernels>(dw).fill(dw, 0);
  if (byOnednn(dw)) return onednn::conv2dGradWeight(dy, x, p, dw);
  if (!isCompute(dw.dtype())) {
    const Tensor wide = wideLike(dw);
    conv2dGradWeight(widened(dy), widened(x), p, wide);
    return kernels<CopyKernels>(dw).copy(wide, dw);
  }
  kernels<CopyKernels>(dw).fill(dw, 0);
  dispatchFull("conv2d", dw.dtype(), [&](auto zero) {
    using T = decltype(zero);
    forEachImage<T>(x, dw, dy, p,
                    [&](const Shape& s, const T* xi, const T* dyi, T* dwg, const Tensor& columns, int64_t) {
                      im2col(s, p, xi, columns);
                      gemmRaw<T>(false, true, s.f, s.patch(), s.pixels(), 1, dyi, s.pixels(), columns.data<T>(),
                                 s.pixels(), 1, dwg, s.patch());
                    });
  });
}

}  // namespace

const Fill table(cpuTable<ConvKernels>,
                 {.conv2d = conv2d, .conv2dGradInput = conv2dGradInput, .conv2dGradWeight = conv2dGradWeight});

}  // namespace dtrain::cpu
