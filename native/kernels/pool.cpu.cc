// Pooling: planes are independent and run in parallel. The largest of a window is the first of equals, NaN counting as
// largest. Averages add whole rows of the input up, neighbours by neighbours, and then the columns of each window;
// their gradient goes the same way back.
#include "kernels/pool.h"

#include <limits>
#include <vector>

#include "kernels/cpu/parallel.h"
#include "kernels/cpu/widened.h"

namespace dtrain::cpu {

namespace {

#define DT_HD
#include "kernels/math/convert.h"
#include "kernels/math/pool.h"

int64_t sizeOf(const int64_t (&sizes)[3]) { return sizes[0] * sizes[1] * sizes[2]; }

template <class T>
void maxOfPlane(const Windows& w, const int64_t* starts, const T* x, T* y, int64_t* indices) {
  for (int64_t i = 0; i < w.out[0]; i++) {
    const Span slices = spanOf(w, starts, 0, i);
    for (int64_t j = 0; j < w.out[1]; j++) {
      const Span rows = spanOf(w, starts, 1, j);
      for (int64_t k = 0; k < w.out[2]; k++) {
        const Span columns = spanOf(w, starts, 2, k);
        // A dilated window can miss the plane: then -inf, from nowhere.
        const bool misses = slices.start >= slices.end || rows.start >= rows.end || columns.start >= columns.end;
        int64_t arg = misses ? -1 : (slices.start * w.in[1] + rows.start) * w.in[2] + columns.start;
        T best = std::numeric_limits<T>::has_infinity ? static_cast<T>(-std::numeric_limits<T>::infinity())
                                                      : std::numeric_limits<T>::lowest();
        for (int64_t slice = slices.start; slice < slices.end; slice += slices.step)
          for (int64_t row = rows.start; row < rows.end; row += rows.step) {
            const int64_t from = (slice * w.in[1] + row) * w.in[2];
            for (int64_t column = columns.start; column < columns.end; column += columns.step) {
              const T v = x[from + column];
              if (v > best || v != v) {
                best = v;
                arg = from + column;
              }
            }
          }
        *y++ = best;
        *indices++ = arg;
      }
    }
  }
}

void maxPool(const Tensor& x, const Windows& w, const Tensor& starts, const Tensor& y, const Tensor& indices) {
  const int64_t in = sizeOf(w.in), out = sizeOf(w.out), places = w.out[0] + w.out[1] + w.out[2];
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    parallelFor(w.planes, x.numel(), [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; p++)
        maxOfPlane(w, starts.defined() ? starts.data<int64_t>() + p * places : nullptr, x.data<T>() + p * in,
                   y.data<T>() + p * out, indices.data<int64_t>() + p * out);
    });
  });
}

// Calls f with gradients in a type that is added up in, float or double: copies, where the tensors are of halves.
template <class F>
void inFull(const Tensor& from, const Tensor& to, F&& f) {
  const Tensor x = widened(from), y = isHalf(to.dtype()) ? wideLike(to) : to;
  if (x.dtype() == DType::float32) f(x.data<float>(), y.data<float>());
  else f(x.data<double>(), y.data<double>());
  if (isHalf(to.dtype())) kernels<CopyKernels>(to).copy(y, to);
}

void maxPoolGrad(const Tensor& dy, const Tensor& indices, const Windows& w, const Tensor& dx) {
  const int64_t in = sizeOf(w.in), out = sizeOf(w.out);
  inFull(dy, dx, [&](const auto* from, auto* to) {
    parallelFor(w.planes, dx.numel(), [&](int64_t begin, int64_t end) {
      std::fill(to + begin * in, to + end * in, 0);
      for (int64_t p = begin; p < end; p++)
        for (int64_t o = p * out; o < (p + 1) * out; o++) {
          const int64_t at = indices.data<int64_t>()[o];
          if (at >= 0) to[p * in + at] += from[o];
        }
    });
  });
}

// Calls f(slices, rows, what their counts multiply to) for each row of windows of a plane, in order.
template <class F>
void forRows(const Windows& w, const Divisor& divisor, F&& f) {
  for (int64_t i = 0; i < w.out[0]; i++) {
    const Span slices = spanOf(w, nullptr, 0, i);
    const int64_t count = countOf(w, divisor.countsPadding, 0, i, slices);
    for (int64_t j = 0; j < w.out[1]; j++) {
      const Span rows = spanOf(w, nullptr, 1, j);
      f(slices, rows, count * countOf(w, divisor.countsPadding, 1, j, rows));
    }
  }
}

template <class T>
void avgOfPlane(const Windows& w, const Divisor& divisor, const T* x, T* y, Wrapping<T>* sums) {
  forRows(w, divisor, [&](const Span& slices, const Span& rows, int64_t count) {
    std::fill_n(sums, w.in[2], Wrapping<T>(0));
    for (int64_t slice = slices.start; slice < slices.end; slice++)
      for (int64_t row = rows.start; row < rows.end; row++) {
        const T* const from = x + (slice * w.in[1] + row) * w.in[2];
        for (int64_t column = 0; column < w.in[2]; column++) sums[column] += static_cast<Wrapping<T>>(from[column]);
      }
    for (int64_t k = 0; k < w.out[2]; k++) {
      const Span columns = spanOf(w, nullptr, 2, k);
      Wrapping<T> sum = 0;
      for (int64_t column = columns.start; column < columns.end; column++) sum += sums[column];
      const int64_t all = count * countOf(w, divisor.countsPadding, 2, k, columns);
      *y++ = divided<T>(sum, divisor.number ? divisor.number : all);
    }
  });
}

template <class T>
void avgGradOfPlane(const Windows& w, const Divisor& divisor, const T* dy, T* dx, T* shares) {
  std::fill_n(dx, sizeOf(w.in), T(0));
  forRows(w, divisor, [&](const Span& slices, const Span& rows, int64_t count) {
    std::fill_n(shares, w.in[2], T(0));
    for (int64_t k = 0; k < w.out[2]; k++) {
      const Span columns = spanOf(w, nullptr, 2, k);
      const int64_t all = count * countOf(w, divisor.countsPadding, 2, k, columns);
      const T share = divided<T>(*dy++, divisor.number ? divisor.number : all);
      for (int64_t column = columns.start; column < columns.end; column++) shares[column] += share;
    }
    for (int64_t slice = slices.start; slice < slices.end; slice++)
      for (int64_t row = rows.start; row < rows.end; row++) {
        T* const to = dx + (slice * w.in[1] + row) * w.in[2];
        for (int64_t column = 0; column < w.in[2]; column++) to[column] += shares[column];
      }
  });
}

void avgPool(const Tensor& x, const Windows& w, const Divisor& divisor, const Tensor& y) {
  const auto planes = [&](const auto* from, auto* to) {
    using T = std::remove_pointer_t<decltype(to)>;
    parallelFor(w.planes, x.numel(), [&](int64_t begin, int64_t end) {
      std::vector<Wrapping<T>> sums(static_cast<size_t>(w.in[2]));
      for (int64_t p = begin; p < end; p++)
        avgOfPlane(w, divisor, from + p * sizeOf(w.in), to + p * sizeOf(w.out), sums.data());
    });
  };
  if (x.dtype() == DType::int64) planes(x.data<int64_t>(), y.data<int64_t>());
  else inFull(x, y, planes);
}

void avgPoolGrad(const Tensor& dy, const Windows& w, const Divisor& divisor, const Tensor& dx) {
  inFull(dy, dx, [&](const auto* from, auto* to) {
    using T = std::remove_pointer_t<decltype(to)>;
    parallelFor(w.planes, dx.numel(), [&](int64_t begin, int64_t end) {
      std::vector<T> shares(static_cast<size_t>(w.in[2]));
      for (int64_t p = begin; p < end; p++)
        avgGradOfPlane(w, divisor, from + p * sizeOf(w.out), to + p * sizeOf(w.in), shares.data());
    });
  });
}

}  // namespace

const Fill table(cpuTable<PoolKernels>,
                 {.maxPool = maxPool, .maxPoolGrad = maxPoolGrad, .avgPool = avgPool, .avgPoolGrad = avgPoolGrad});

}  // namespace dtrain::cpu
