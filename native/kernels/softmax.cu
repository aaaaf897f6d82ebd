// softmax and log-softmax (kLog) along one dimension of a contiguous tensor seen as [outer, n, inner]:
//   y = exp(x - max) / sum exp(x - max)       dx = y (dy - sum dy y)
//   y = x - max - log sum exp(x - max)        dx = dy - exp(y) sum dy
// Row r = (outer, inner) is handled by a group of threads: thread l has elements l, l + group, …, `inner` apart. Rows
// that are neighbours in memory (inner > 1) get a thread each where there are enough of them, so that a warp reads 32
// neighbours at a time. Halves are computed with as float. Rows that are a whole number of packs are taken 16 bytes at
// a time: up to kLongRow elements by a warp that keeps them in its registers, longer ones by a block. Bytes moved: x
// twice, of which the cache serves one while a row fits (once by those that keep it), and y once.
#include "kernels/around.h"
#include "kernels/cuda/functions.cuh"
#include "kernels/device.cuh"
#include "kernels/softmax.h"

namespace dtrain::cuda {

namespace {

struct FirstLarger {  // NaN changes nothing here, but makes the sum NaN
  template <class T>
  __device__ T operator()(T a, T b) const {
    return b > a ? b : a;
  }
};

// log(sum) for a sum that holds a term of exactly 1: the digits that rounding to float would take from a sum close to
// 1, where one class is nearly certain, are all that the loss is made of.
__device__ inline float logOf(double sum, float) { return log1pf(static_cast<float>(sum - 1)); }
__device__ inline double logOf(double sum, double) { return log1p(sum - 1); }

// An element of the result from x - max and the sum, of which rowOf makes what all elements of a row share; and one of
// the gradient, from a sum of slopes.
template <bool kLog, class C>
__device__ C rowOf(double sum, C zero) {
  return kLog ? logOf(sum, zero) : static_cast<C>(sum);
}
template <bool kLog, class C>
__device__ C resultOf(C below, C row) {
  return kLog ? below - row : DT_MATH(exp)(below) / row;
}
template <bool kLog, class C>
__device__ double slopeOf(C dy, C y) {
  return kLog ? static_cast<double>(dy) : static_cast<double>(dy) * static_cast<double>(y);
}
template <bool kLog, class C>
__device__ C gradOf(C dy, C y, C total) {
  return kLog ? dy - DT_MATH(exp)(y) * total : y * (dy - total);
}

// The maximum of what has been seen, and the sum of exp(x - top), which shrinks whenever top grows. Without a branch,
// so that several loads are under way.
template <class T>
struct Running {
  T top = kLowest<T>;
  double sum = 0;

  __device__ void take(T x) {
    const bool larger = x > top;
    // exp(smaller - larger), at most 1.
    const T scale = DT_MATH(exp)(larger ? top - x : x - top);
    // The old sum is relative to the old top.
    const T kept = larger ? scale : T(1);
    // A new top counts 1, or NaN where it is infinite.
    const T ofTop = 1 + (x - x);
    // Anything else counts by its distance, and -infinity nothing, even below a top of -infinity.
    const T ofOther = x == kLowest<T> ? T(0) : scale;
    sum = sum * kept + (larger ? ofTop : ofOther);
    top = larger ? x : top;
  }
};

template <class T, int kGroup, bool kLog>
__global__ void softmaxKernel(int64_t rows, int64_t n, int64_t inner, const T* __restrict__ x, T* __restrict__ y) {
  using C = ComputeType<T>;
  for (int64_t r = thread() / kGroup; r < rows; r += threads() / kGroup) {
    const int64_t first = r / inner * n * inner + r % inner, lane = threadIdx.x % kGroup;
    Running<C> mine;
    for (int64_t j = lane; j < n; j += 4 * kGroup) {
      C few[4];  // loaded before any is used
      for (int i = 0; i < 4; i++)
        few[i] = j + i * kGroup < n ? static_cast<C>(x[first + (j + i * kGroup) * inner]) : kLowest<C>;
      for (const C v : few) mine.take(v);
    }
    const C top = combineGroup<kGroup>(mine.top, FirstLarger());
    const double sum = combineGroup<kGroup>(mine.sum * DT_MATH(exp)(mine.top - top), Plus());
    const C row = rowOf<kLog>(sum, C());
    for (int64_t j = lane; j < n; j += kGroup) y[first + j * inner] = resultOf<kLog>(x[first + j * inner] - top, row);
  }
}

// A warp for a row of whole packs that fits into its registers.
template <class T, bool kLog>
__global__ void softmaxHeld(int64_t rows, int64_t n, const T* __restrict__ x, T* __restrict__ y, bool wide) {
  using C = ComputeType<T>;
  constexpr int V = kWide<T>, kPacks = kLongRow / (kWarp * V);
  const int64_t lane = threadIdx.x % kWarp * V;
  for (int64_t r = thread() / kWarp; r < rows; r += threads() / kWarp) {
    WidePack<T> held[kPacks];
#pragma unroll
    for (int i = 0; i < kPacks; i++) {
      const int64_t j = lane + i * kWarp * V;
      if (j < n) held[i] = loadPack(x + r * n + j, wide);
      else
        for (T& v : held[i].at) v = kLowest<T>;
    }
    C top = kLowest<C>;
#pragma unroll
    for (int i = 0; i < kPacks; i++)
      for (const T v : held[i].at) top = FirstLarger()(top, static_cast<C>(v));
    top = combineGroup<kWarp>(top, FirstLarger());
    double sum = 0;
#pragma unroll
    for (int i = 0; i < kPacks; i++)
      for (const T v : held[i].at) sum += DT_MATH(exp)(v - top);
    const C row = rowOf<kLog>(combineGroup<kWarp>(sum, Plus()), C());
#pragma unroll
    for (int i = 0; i < kPacks; i++) {
      for (T& v : held[i].at) v = resultOf<kLog>(v - top, row);
      if (const int64_t j = lane + i * kWarp * V; j < n) storePack(y + r * n + j, held[i], wide);
    }
  }
}

// A block for a row of whole packs: thread l has packs l, l + kBlock, …, in one access each if `wide`.
template <class T, bool kLog>
__global__ void softmaxPacks(int64_t rows, int64_t n, const T* __restrict__ x, T* __restrict__ y, bool wide) {
  using C = ComputeType<T>;
  constexpr int V = kWide<T>;
  for (int64_t r = blockIdx.x; r < rows; r += gridDim.x) {
    const T* const from = x + r * n;
    Running<C> mine;
    for (int64_t j = threadIdx.x * V; j < n; j += kBlock * V) {
      const WidePack<T> pack = loadPack(from + j, wide);
      for (const T v : pack.at) mine.take(v);
    }
    const C top = combineGroup<kBlock>(mine.top, FirstLarger());
    const double sum = combineGroup<kBlock>(mine.sum * DT_MATH(exp)(mine.top - top), Plus());
    const C row = rowOf<kLog>(sum, C());
    for (int64_t j = threadIdx.x * V; j < n; j += kBlock * V) {
      WidePack<T> pack = loadPack(from + j, wide);
      for (T& v : pack.at) v = resultOf<kLog>(v - top, row);
      storePack(y + r * n + j, pack, wide);
    }
  }
}

template <class T, bool kLog>
__global__ void softmaxGradPacks(int64_t rows, int64_t n, const T* __restrict__ dy, const T* __restrict__ y,
                                 T* __restrict__ dx, bool wide) {
  using C = ComputeType<T>;
  constexpr int V = kWide<T>;
  for (int64_t r = blockIdx.x; r < rows; r += gridDim.x) {
    double sum = 0;
    for (int64_t j = threadIdx.x * V; j < n; j += kBlock * V) {
      const WidePack<T> pack = loadPack(dy + r * n + j, wide);
      if constexpr (kLog) {
        for (const T v : pack.at) sum += v;
      } else {
        const WidePack<T> values = loadPack(y + r * n + j, wide);
        for (int v = 0; v < V; v++) sum += slopeOf<kLog, C>(pack.at[v], values.at[v]);
      }
    }
    const C total = static_cast<C>(combineGroup<kBlock>(sum, Plus()));
    for (int64_t j = threadIdx.x * V; j < n; j += kBlock * V) {
      WidePack<T> pack = loadPack(dy + r * n + j, wide);
      const WidePack<T> values = loadPack(y + r * n + j, wide);
      for (int v = 0; v < V; v++) pack.at[v] = gradOf<kLog, C>(pack.at[v], values.at[v], total);
      storePack(dx + r * n + j, pack, wide);
    }
  }
}

template <class T, int kGroup, bool kLog>
__global__ void softmaxGradKernel(int64_t rows, int64_t n, int64_t inner, const T* __restrict__ dy,
                                  const T* __restrict__ y, T* __restrict__ dx) {
  using C = ComputeType<T>;
  for (int64_t r = thread() / kGroup; r < rows; r += threads() / kGroup) {
    const int64_t first = r / inner * n * inner + r % inner, lane = threadIdx.x % kGroup;
    double sum = 0;
    for (int64_t j = lane; j < n; j += kGroup)
      sum += slopeOf<kLog, C>(dy[first + j * inner], kLog ? C(0) : static_cast<C>(y[first + j * inner]));
    const C total = static_cast<C>(combineGroup<kGroup>(sum, Plus()));
    for (int64_t j = lane; j < n; j += kGroup) {
      const int64_t i = first + j * inner;
      dx[i] = gradOf<kLog, C>(dy[i], y[i], total);
    }
  }
}

// Whether the kernels of packs take it, which depends on the shape alone, so that the same shape gives the same bits.
template <class T>
bool inPacks(const Around& s) {
  return s.inner == 1 && s.n > kLongRow && s.n % kWide<T> == 0;
}

// Shorter rows would leave most of the registers empty.
template <class T>
bool isHeld(const Around& s) {
  return s.inner == 1 && s.n > kLongRow / 8 && s.n <= kLongRow && s.n % kWide<T> == 0;
}

// f(zero of the dtype, constant size of a group, number of blocks)
template <class F>
void alongRows(const Tensor& y, const Around& s, F&& f) {
  const int64_t rows = s.outer * s.inner;
  dispatchFloat("softmax", y.dtype(), [&](auto zero) {
    const auto run = [&](auto group) { f(zero, group, blocksFor(y.device(), rows, kBlock / group)); };
    if (s.inner > 1 && rows >= s.n) run(std::integral_constant<int, 1>());
    else withGroup(s.n, run);
  });
}

template <bool kLog>
constexpr const char* kName = kLog ? "logSoftmax" : "softmax";

template <bool kLog>
void softmaxOf(const Tensor& x, int dim, const Tensor& y) {
  if (x.numel() == 0) return;
  const Around s(x.sizes(), dim);
  alongRows(y, s, [&](auto zero, auto group, unsigned blocks) {
    using T = decltype(zero);
    const bool wide = isWide(x.bytes()) && isWide(y.bytes());
    if (isHeld<T>(s))
      return launch(kName<kLog>, y.device(), softmaxHeld<T, kLog>, blocks, kBlock, s.outer, s.n, x.data<T>(),
                    y.data<T>(), wide);
    if (inPacks<T>(s))
      return launch(kName<kLog>, y.device(), softmaxPacks<T, kLog>, blocks, kBlock, s.outer, s.n, x.data<T>(),
                    y.data<T>(), wide);
    launch(kName<kLog>, y.device(), softmaxKernel<T, group, kLog>, blocks, kBlock, s.outer * s.inner, s.n, s.inner,
           x.data<T>(), y.data<T>());
  });
}

template <bool kLog>
void softmaxGradOf(const Tensor& dy, const Tensor& y, int dim, const Tensor& dx) {
  if (dy.numel() == 0) return;
  const Around s(y.sizes(), dim);
  alongRows(y, s, [&](auto zero, auto group, unsigned blocks) {
    using T = decltype(zero);
    if (inPacks<T>(s)) {
      const bool wide = isWide(dy.bytes()) && isWide(y.bytes()) && isWide(dx.bytes());
      return launch(kName<kLog>, y.device(), softmaxGradPacks<T, kLog>, blocks, kBlock, s.outer, s.n, dy.data<T>(),
                    y.data<T>(), dx.data<T>(), wide);
    }
    launch(kName<kLog>, y.device(), softmaxGradKernel<T, group, kLog>, blocks, kBlock, s.outer * s.inner, s.n, s.inner,
           dy.data<T>(), y.data<T>(), dx.data<T>());
  });
}

}  // namespace

const Fill table(cudaTable<SoftmaxKernels>, {.softmax = softmaxOf<false>,
                                             .softmaxGrad = softmaxGradOf<false>,
                                             .logSoftmax = softmaxOf<true>,
                                             .logSoftmaxGrad = softmaxGradOf<true>});

}  // namespace dtrain::cuda
