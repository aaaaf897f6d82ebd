// The arithmetic of the emulated cuDNN: convolution of two or three dimensions and its two gradients by im2col and
// OpenBLAS. Accumulates in T, which is float or double.
//   y[n, f, p, q] = sum over c, r, s of w[f, c, r, s] x[n, c, p stride + r dilation - pad, q … + s … - pad]
#pragma once

#include <cblas.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "emulation/libraries/tf32.h"

namespace emulation {

using Triple = std::array<int64_t, 3>;

inline int64_t product(const Triple& sizes) { return sizes[0] * sizes[1] * sizes[2]; }

// c and f are per group. Two dimensions have a third of size 1 in front. Columns of im2col are [c filter, out].
struct Geometry {
  int dims;
  int64_t n, c, f, groups;
  Triple in{1, 1, 1}, filter{1, 1, 1}, out{1, 1, 1}, pad{}, stride{1, 1, 1}, dilation{1, 1, 1};
  bool tf32 = false;  // operands are rounded to 10 bits of mantissa
  int64_t taps() const { return product(filter); }
  int64_t patch() const { return c * taps(); }
  int64_t pixels() const { return product(out); }
  int64_t plane() const { return product(in); }
  int64_t image() const { return c * plane(); }  // of one group
  int64_t xCount() const { return n * groups * image(); }
  int64_t wCount() const { return groups * f * patch(); }
  int64_t yCount() const { return n * groups * f * pixels(); }
};

inline void gemm(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float* a, const float* b,
                 float beta, float* c) {
  cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, static_cast<int>(m),
              static_cast<int>(n), static_cast<int>(k), alpha, a, static_cast<int>(ta ? m : k), b,
              static_cast<int>(tb ? k : n), beta, c, static_cast<int>(n));
}
inline void gemm(bool ta, bool tb, int64_t m, int64_t n, int64_t k, double alpha, const double* a, const double* b,
                 double beta, double* c) {
  cblas_dgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, static_cast<int>(m),
              static_cast<int>(n), static_cast<int>(k), alpha, a, static_cast<int>(ta ? m : k), b,
              static_cast<int>(tb ? k : n), beta, c, static_cast<int>(n));
}

// Calls f(column element, image element) for every tap of one row of the columns that lies inside the image.
template <class F>
void forEachTap(const Geometry& p, int64_t row, F&& f) {
  const int64_t tap = row % p.taps(), c = row / p.taps();
  const Triple k{tap / p.filter[2] / p.filter[1], tap / p.filter[2] % p.filter[1], tap % p.filter[2]};
  const auto at = [&](int d, int64_t o) { return o * p.stride[d] - p.pad[d] + k[d] * p.dilation[d]; };
  const auto inside = [&](int d, int64_t i) { return i >= 0 && i < p.in[d]; };
  for (int64_t o = 0; o < p.pixels(); o++) {
    const int64_t z = at(0, o / p.out[2] / p.out[1]), y = at(1, o / p.out[2] % p.out[1]), x = at(2, o % p.out[2]);
    if (inside(0, z) && inside(1, y) && inside(2, x))
      f(row * p.pixels() + o, ((c * p.in[0] + z) * p.in[1] + y) * p.in[2] + x);
  }
}

template <class T>
void im2col(const Geometry& p, const T* image, std::vector<T>& columns) {
  columns.assign(p.patch() * p.pixels(), T(0));
  for (int64_t row = 0; row < p.patch(); row++)
    forEachTap(p, row, [&](int64_t column, int64_t at) { columns[column] = image[at]; });
}

// Where an algorithm that is not deterministic begins its sum of n terms: somewhere else in every call.
inline int64_t begin(bool deterministic, int64_t n) {
  static std::atomic<uint64_t> calls{std::random_device{}()};
  return deterministic ? 0 : static_cast<int64_t>(calls++ % static_cast<uint64_t>(n));
}

// out = alpha result + beta out; out is not read when beta is 0.
template <class T>
void blend(const std::vector<T>& result, T alpha, T beta, T* out) {
  for (size_t i = 0; i < result.size(); i++) out[i] = alpha * result[i] + (beta == T(0) ? T(0) : beta * out[i]);
}

// What FFT and Winograd do to planes of n elements, who add and subtract all elements of a plane before and after they
// multiply: small elements lose bits to large ones, and one that is infinite or NaN makes all of them NaN. The plane is
// the tile here.
template <class T>
void transformed(T* out, int64_t count, int64_t n) {
  for (T* plane = out; plane < out + count; plane += n) {
    T top = 0;
    for (int64_t i = 0; i < n; i++) top = top != top || std::abs(plane[i]) <= top ? top : std::abs(plane[i]);
    for (int64_t i = 0; i < n; i++) plane[i] = (plane[i] + top) - top;
  }
}

template <class T>
void forward(const Geometry& p, bool, T alpha, const T* x, const T* w, T beta, T* y) {
  std::vector<T> columns, roundedX, roundedW;
  x = operand(p.tf32, x, p.xCount(), roundedX);
  w = operand(p.tf32, w, p.wCount(), roundedW);
  for (int64_t i = 0; i < p.n * p.groups; i++) {
    im2col(p, x + i * p.image(), columns);
    gemm(false, false, p.f, p.pixels(), p.patch(), alpha, w + i % p.groups * p.f * p.patch(), columns.data(), beta,
         y + i * p.f * p.pixels());
  }
}

template <class T>
void backwardData(const Geometry& p, bool deterministic, T alpha, const T* w, const T* dy, T beta, T* dx) {
  std::vector<T> columns(p.patch() * p.pixels()), image(p.image()), roundedW, roundedDy;
  w = operand(p.tf32, w, p.wCount(), roundedW);
  dy = operand(p.tf32, dy, p.yCount(), roundedDy);
  for (int64_t i = 0; i < p.n * p.groups; i++) {
    gemm(true, false, p.patch(), p.pixels(), p.f, T(1), w + i % p.groups * p.f * p.patch(), dy + i * p.f * p.pixels(),
         T(0), columns.data());
    std::ranges::fill(image, T(0));
    const int64_t first = begin(deterministic, p.patch());
    for (int64_t row = 0; row < p.patch(); row++)
      forEachTap(p, (first + row) % p.patch(), [&](int64_t column, int64_t at) { image[at] += columns[column]; });
    blend(image, alpha, beta, dx + i * p.image());
  }
}

template <class T>
void backwardFilter(const Geometry& p, bool deterministic, T alpha, const T* x, const T* dy, T beta, T* dw) {
  std::vector<T> columns, sum(p.wCount(), T(0)), roundedX, roundedDy;
  x = operand(p.tf32, x, p.xCount(), roundedX);
  dy = operand(p.tf32, dy, p.yCount(), roundedDy);
  const int64_t total = p.n * p.groups, first = begin(deterministic, total);
  for (int64_t j = 0; j < total; j++) {
    const int64_t i = (first + j) % total;
    im2col(p, x + i * p.image(), columns);
    gemm(false, true, p.f, p.patch(), p.pixels(), T(1), dy + i * p.f * p.pixels(), columns.data(), T(1),
         sum.data() + i % p.groups * p.f * p.patch());
  }
  blend(sum, alpha, beta, dw);
}

}  // namespace emulation
