// Pooling. The largest of a window is the first of equals, NaN counting as largest; indices remember its position in
// the plane, -1 for a window that misses it. Our own kernels, because cuDNN's give no indices. Thread i has output i,
// so neighbours read overlapping windows, which the cache serves; of gradients it has element i of dx, and looks at the
// few windows that cover it: so nothing is added with atomics, and a repeated run gives the same bits. Bytes moved: x
// once, y and indices once; for gradients dy and indices once, dx once.
#include "kernels/cuda/element.cuh"
#include "kernels/pool.h"

namespace dtrain::cuda {

namespace {

#include "kernels/math/pool.h"

// The three numbers of an element of a plane, and the plane.
struct Position {
  __device__ Position(int64_t i, const int64_t (&sizes)[3]) {
    at[2] = i % sizes[2];
    at[1] = i / sizes[2] % sizes[1];
    at[0] = i / sizes[2] / sizes[1] % sizes[0];
    plane = i / sizes[2] / sizes[1] / sizes[0];
  }
  int64_t plane, at[3];
};

__device__ int64_t sizeOf(const int64_t (&sizes)[3]) { return sizes[0] * sizes[1] * sizes[2]; }

// The windows from start to end cover element i along d; with a dilation, some of them.
__device__ Span coversOf(const Windows& w, int d, int64_t i) {
  const int64_t in = w.in[d], out = w.out[d];
  if (w.kernel[d] == 0) return {i * out / in, ((i + 1) * out + in - 1) / in, 1};
  const int64_t first = i + w.padding[d] - (w.kernel[d] - 1) * w.dilation[d], last = (i + w.padding[d]) / w.stride[d];
  return {first <= 0 ? 0 : (first + w.stride[d] - 1) / w.stride[d], min(last + 1, out), 1};
}

// T is what dispatchLoad gives, C what it is computed in, `lowest` the lowest value of the dtype.
template <class T, class C>
__global__ void maxPoolKernel(int64_t count, Windows w, C lowest, DType dtype, int64_t bytes, const char* x,
                              const int64_t* starts, char* y, int64_t* indices) {
  constexpr bool kAny = std::is_same_v<T, int64_t>;
  const int64_t item = kAny ? bytes : int64_t{sizeof(T)};
  for (int64_t i = thread(); i < count; i += threads()) {
    const Position o(i, w.out);
    const int64_t* const own = starts ? starts + o.plane * (w.out[0] + w.out[1] + w.out[2]) : nullptr;
    const Span slices = spanOf(w, own, 0, o.at[0]), rows = spanOf(w, own, 1, o.at[1]),
               columns = spanOf(w, own, 2, o.at[2]);
    const char* const from = x + o.plane * sizeOf(w.in) * item;
    C best = lowest;
    int64_t arg = -1;
    for (int64_t slice = slices.start; slice < slices.end; slice += slices.step)
      for (int64_t row = rows.start; row < rows.end; row += rows.step)
        for (int64_t column = columns.start; column < columns.end; column += columns.step) {
          const int64_t at = (slice * w.in[1] + row) * w.in[2] + column;
          C v;
          if constexpr (kAny) v = loadElement<C>(from + at * item, dtype);
          else v = *reinterpret_cast<const T*>(from + at * item);
          if (arg < 0 || v > best || v != v) {  // the first element counts even if it is the lowest value
            best = v;
            arg = at;
          }
        }
    storeElement(y + i * item, dtype, best);
    indices[i] = arg;
  }
}

// dx[i] = sum of dy[o] over the windows o whose largest is i
template <class T>
__global__ void maxPoolGradKernel(int64_t count, Windows w, const T* __restrict__ dy,
                                  const int64_t* __restrict__ indices, T* __restrict__ dx) {
  for (int64_t i = thread(); i < count; i += threads()) {
    const Position p(i, w.in);
    const Span slices = coversOf(w, 0, p.at[0]), rows = coversOf(w, 1, p.at[1]), columns = coversOf(w, 2, p.at[2]);
    const int64_t place = i - p.plane * sizeOf(w.in), first = p.plane * sizeOf(w.out);
    ComputeType<T> sum = 0;
    for (int64_t slice = slices.start; slice < slices.end; slice++)
      for (int64_t row = rows.start; row < rows.end; row++)
        for (int64_t column = columns.start; column < columns.end; column++) {
          const int64_t o = first + (slice * w.out[1] + row) * w.out[2] + column;
          if (indices[o] == place) sum += static_cast<ComputeType<T>>(dy[o]);
        }
    dx[i] = static_cast<T>(sum);
  }
}

__device__ int64_t divisorOf(const Windows& w, const Divisor& divisor, const int64_t (&o)[3], const Span (&spans)[3]) {
  if (divisor.number) return divisor.number;
  int64_t count = 1;
  for (int d = 0; d < 3; d++) count *= countOf(w, divisor.countsPadding, d, o[d], spans[d]);
  return count;
}

// y[o] = sum of x[i] over the elements i of window o / divisor
template <class T>
__global__ void avgPoolKernel(int64_t count, Windows w, Divisor divisor, const T* __restrict__ x, T* __restrict__ y) {
  for (int64_t i = thread(); i < count; i += threads()) {
    const Position o(i, w.out);
    const Span spans[3] = {spanOf(w, nullptr, 0, o.at[0]), spanOf(w, nullptr, 1, o.at[1]),
                           spanOf(w, nullptr, 2, o.at[2])};
    using C = ComputeType<T>;
    Wrapping<C> sum = 0;
    for (int64_t slice = spans[0].start; slice < spans[0].end; slice++)
      for (int64_t row = spans[1].start; row < spans[1].end; row++) {
        const T* const from = x + ((o.plane * w.in[0] + slice) * w.in[1] + row) * w.in[2];
        for (int64_t column = spans[2].start; column < spans[2].end; column++)
          sum += static_cast<Wrapping<C>>(static_cast<C>(from[column]));
      }
    y[i] = static_cast<T>(divided<C>(sum, divisorOf(w, divisor, o.at, spans)));
  }
}

// dx[i] = sum of dy[o] / divisor over the windows o that cover i
template <class T>
__global__ void avgPoolGradKernel(int64_t count, Windows w, Divisor divisor, const T* __restrict__ dy,
                                  T* __restrict__ dx) {
  for (int64_t i = thread(); i < count; i += threads()) {
    const Position p(i, w.in);
    const Span slices = coversOf(w, 0, p.at[0]), rows = coversOf(w, 1, p.at[1]), columns = coversOf(w, 2, p.at[2]);
    ComputeType<T> sum = 0;
    for (int64_t slice = slices.start; slice < slices.end; slice++)
      for (int64_t row = rows.start; row < rows.end; row++)
        for (int64_t column = columns.start; column < columns.end; column++) {
          const int64_t o[3] = {slice, row, column};
          const Span spans[3] = {spanOf(w, nullptr, 0, slice), spanOf(w, nullptr, 1, row),
                                 spanOf(w, nullptr, 2, column)};
          const int64_t at = ((p.plane * w.out[0] + slice) * w.out[1] + row) * w.out[2] + column;
          sum += divided<ComputeType<T>>(static_cast<ComputeType<T>>(dy[at]), divisorOf(w, divisor, o, spans));
        }
    dx[i] = static_cast<T>(sum);
  }
}

void maxPool(const Tensor& x, const Windows& w, const Tensor& starts, const Tensor& y, const Tensor& indices) {
  if (y.numel() == 0) return;
  const double lowest = dispatch(x.dtype(), [](auto zero) { return static_cast<double>(kLowest<decltype(zero)>); });
  dispatchLoad(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = ComputeType<T>;
    launch("maxPool", y.device(), maxPoolKernel<T, C>, blocksFor(y.device(), y.numel(), kBlock), kBlock, y.numel(), w,
           static_cast<C>(lowest), x.dtype(), itemSize(x.dtype()), x.bytes(),
           starts.defined() ? starts.data<int64_t>() : nullptr, y.bytes(), indices.data<int64_t>());
  });
}

void maxPoolGrad(const Tensor& dy, const Tensor& indices, const Windows& w, const Tensor& dx) {
  if (dx.numel() == 0) return;
  dispatchFloat("maxPoolGrad", dx.dtype(), [&](auto zero) {
    using T = decltype(zero);
    launch("maxPoolGrad", dx.device(), maxPoolGradKernel<T>, blocksFor(dx.device(), dx.numel(), kBlock), kBlock,
           dx.numel(), w, dy.data<T>(), indices.data<int64_t>(), dx.data<T>());
  });
}

void avgPool(const Tensor& x, const Windows& w, const Divisor& divisor, const Tensor& y) {
  if (y.numel() == 0) return;
  dispatchLoad(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    launch("avgPool", y.device(), avgPoolKernel<T>, blocksFor(y.device(), y.numel(), kBlock), kBlock, y.numel(), w,
           divisor, x.data<T>(), y.data<T>());
  });
}

void avgPoolGrad(const Tensor& dy, const Windows& w, const Divisor& divisor, const Tensor& dx) {
  if (dx.numel() == 0) return;
  dispatchFloat("avgPoolGrad", dx.dtype(), [&](auto zero) {
    using T = decltype(zero);
    launch("avgPoolGrad", dx.device(), avgPoolGradKernel<T>, blocksFor(dx.device(), dx.numel(), kBlock), kBlock,
           dx.numel(), w, divisor, dy.data<T>(), dx.data<T>());
  });
}

}  // namespace

const Fill table(cudaTable<PoolKernels>,
                 {.maxPool = maxPool, .maxPoolGrad = maxPoolGrad, .avgPool = avgPool, .avgPoolGrad = avgPoolGrad});

}  // namespace dtrain::cuda
