// Convolution on the CPU. float32 and halves go to oneDNN (conv-onednn.cc), float16 as float32, unless they are small.
// float64, which oneDNN lacks and gradcheck needs, is im2col and GEMM, and is the readable specification; so are
// integers, as int64.
//   y[n, f, p, q] = bias[f] + sum over c, r, s of w[f, c, r, s] x[n, c, p stride + r dilation - padding, q … s …]
#include "kernels/conv.h"

#include <array>

#include "kernels/conv-onednn.h"
#include "kernels/copy.h"
#include "kernels/cpu/gemm.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/widened.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

// Sizes and window of three dimensions, the first of which may be 1; c and f are per group.
struct Shape {
  Shape(const Tensor& x, const Tensor& w, const Tensor& y, const ConvWindow& p)
      : n(x.size(0)), c(w.size(1)), f(w.size(0) / p.groups) {
    for (int from = 0, to = 3 - p.dims; to < 3; from++, to++) {
      in[to] = x.size(2 + from);
      kernel[to] = w.size(2 + from);
      out[to] = y.size(2 + from);
      stride[to] = p.stride[from];
      padding[to] = p.padding[from];
      dilation[to] = p.dilation[from];
    }
  }
  int64_t n, c, f;
  std::array<int64_t, 3> in{1, 1, 1}, kernel{1, 1, 1}, out{1, 1, 1}, stride{1, 1, 1}, padding{}, dilation{1, 1, 1};
  int64_t patch() const { return c * kernel[0] * kernel[1] * kernel[2]; }
  int64_t plane() const { return in[0] * in[1] * in[2]; }
  int64_t pixels() const { return out[0] * out[1] * out[2]; }
  // The windows whose tap k lies inside the image in dimension d are those from first to before end; that of window o
  // is at o stride + shift.
  struct Windows {
    int64_t first, end, shift;
  };
  Windows windows(int d, int64_t k) const {
    const int64_t shift = k * dilation[d] - padding[d];
    const auto reaching = [&](int64_t i) { return i <= shift ? 0 : (i - shift + stride[d] - 1) / stride[d]; };
    return {reaching(0), std::min(out[d], reaching(in[d])), shift};
  }
};

// Calls f(column element, image element) for every tap inside the image; columns are [c q r s, od oh ow].
template <class F>
void forEachTap(const Shape& s, F&& f) {
  for (int64_t row = 0; row < s.patch(); row++) {
    const int64_t above = row / s.kernel[2] / s.kernel[1], c = above / s.kernel[0];
    const auto z = s.windows(0, above % s.kernel[0]), y = s.windows(1, row / s.kernel[2] % s.kernel[1]),
               x = s.windows(2, row % s.kernel[2]);
    for (int64_t oz = z.first; oz < z.end; oz++)
      for (int64_t oy = y.first; oy < y.end; oy++) {
        const int64_t column = ((row * s.out[0] + oz) * s.out[1] + oy) * s.out[2];
        const int64_t iz = oz * s.stride[0] + z.shift, iy = oy * s.stride[1] + y.shift;
        const int64_t image = ((c * s.in[0] + iz) * s.in[1] + iy) * s.in[2] + x.shift;
        if (s.stride[2] == 1)
          for (int64_t ox = x.first; ox < x.end; ox++) f(column + ox, image + ox);
        else
          for (int64_t ox = x.first; ox < x.end; ox++) f(column + ox, image + ox * s.stride[2]);
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
    f(s, x.data<T>() + i * s.c * s.plane(), y.data<T>() + i * s.f * s.pixels(), w.data<T>() + g * s.f * s.patch(),
      columns, g);
  }
}

template <class T>
void im2col(const Shape& s, const T* x, const Tensor& columns) {
  kernels<CopyKernels>(columns).fill(columns, 0);
  T* to = columns.data<T>();
  forEachTap(s, [&](int64_t column, int64_t image) { to[column] = x[image]; });
}

// float16 is converted by us, because oneDNN's reorders of it are slow. A small convolution is over before oneDNN has
// begun; im2col and GEMM begin again for each image and group (bench/conv.ts).
bool byOnednn(const Tensor& y, const Tensor& w, const ConvWindow& p) {
  if (y.dtype() != DType::float32 && y.dtype() != DType::bfloat16) return false;
  return y.numel() * (w.numel() / w.size(0)) + 12'000 * y.size(0) * p.groups >= 125'000;
}

void conv(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Tensor& y) {
  if (y.numel() == 0) return;
  // oneDNN knows no convolution without input channels.
  if (w.numel() > 0 && byOnednn(y, w, p)) return onednn::conv(x, w, bias, p, y);
  if (!isCompute(x.dtype())) {
    const Tensor wide = wideLike(y);
    conv(widened(x), widened(w), widened(bias), p, wide);
    return kernels<CopyKernels>(y).copy(wide, y);
  }
  dispatchCompute(computeOf(x.dtype()), [&](auto zero) {
    using T = decltype(zero);
    forEachImage<T>(x, w, y, p, [&](const Shape& s, const T* xi, T* yi, const T* wg, const Tensor& columns, int64_t g) {
      for (int64_t f = 0; f < s.f; f++)
        std::fill_n(yi + f * s.pixels(), s.pixels(), bias.defined() ? bias.data<T>()[g * s.f + f] : T(0));
      im2col(s, xi, columns);
      gemmRaw<T>(false, false, s.f, s.pixels(), s.patch(), 1, wg, s.patch(), columns.data<T>(), s.pixels(), 1, yi,
                 s.pixels());
    });
  });
}

void convGradInput(const Tensor& dy, const Tensor& w, const ConvWindow& p, const Tensor& dx) {
  if (dy.numel() == 0 || w.numel() == 0) return kernels<CopyKernels>(dx).fill(dx, 0);
  if (byOnednn(dy, w, p)) return onednn::convGradInput(dy, w, p, dx);
  if (!isCompute(dx.dtype())) {
    const Tensor wide = wideLike(dx);
    convGradInput(widened(dy), widened(w), p, wide);
    return kernels<CopyKernels>(dx).copy(wide, dx);
  }
  kernels<CopyKernels>(dx).fill(dx, 0);
  dispatchCompute(computeOf(dx.dtype()), [&](auto zero) {
    using T = decltype(zero);
    forEachImage<T>(dx, w, dy, p,
                    [&](const Shape& s, T* dxi, const T* dyi, const T* wg, const Tensor& columns, int64_t) {
                      gemmRaw<T>(true, false, s.patch(), s.pixels(), s.f, 1, wg, s.patch(), dyi, s.pixels(), 0,
                                 columns.data<T>(), s.pixels());
                      const T* from = columns.data<T>();
                      forEachTap(s, [&](int64_t column, int64_t image) { dxi[image] += from[column]; });
                    });
  });
}

void convGradWeight(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Tensor& dw) {
  if (dy.numel() == 0 || x.numel() == 0) return kernels<CopyKernels>(dw).fill(dw, 0);
  if (byOnednn(dy, dw, p)) return onednn::convGradWeight(dy, x, p, dw);
  if (!isCompute(dw.dtype())) {
    const Tensor wide = wideLike(dw);
    convGradWeight(widened(dy), widened(x), p, wide);
    return kernels<CopyKernels>(dw).copy(wide, dw);
  }
  kernels<CopyKernels>(dw).fill(dw, 0);
  dispatchFull("convolution", dw.dtype(), [&](auto zero) {
    using T = decltype(zero);
    forEachImage<T>(x, dw, dy, p,
                    [&](const Shape& s, const T* xi, const T* dyi, T* dwg, const Tensor& columns, int64_t) {
                      im2col(s, xi, columns);
                      gemmRaw<T>(false, true, s.f, s.patch(), s.pixels(), 1, dyi, s.pixels(), columns.data<T>(),
                                 s.pixels(), 1, dwg, s.patch());
                    });
  });
}

}  // namespace

const Fill table(cpuTable<ConvKernels>,
                 {.conv = conv, .convGradInput = convGradInput, .convGradWeight = convGradWeight});

}  // namespace dtrain::cpu
