// Running results along a dimension of contiguous tensors seen as [outer, n, inner]: out[o, j, i] is what x[o, 0, i] to
// x[o, j, i] are together. Lane l of a warp has the elements l, l + 32, … of one row (o, i); the 32 of a turn are put
// together in five steps, behind what the turns before left. A thread alone has a row where rows are neighbours. In
// reverse, elements are counted from the end. Bytes moved: the inputs once, the outputs once.
//
// A source says what element `at` is to a scan, and stores what it has become.
#include <tuple>

#include "kernels/around.h"
#include "kernels/copy.h"
#include "kernels/cuda/element.cuh"
#include "kernels/scan.h"

namespace dtrain::cuda {

namespace {

#include "kernels/math/scan.h"

// f of each member, to send an element to another lane.
template <class A, class F>
__device__ RunningSum<A> mapped(RunningSum<A> x, F f) {
  return {f(x.value)};
}
template <class A, class F>
__device__ RunningProduct<A> mapped(RunningProduct<A> x, F f) {
  return {f(x.value)};
}
template <class F>
__device__ RunningLogarithm mapped(RunningLogarithm x, F f) {
  return {f(x.value)};
}
template <class T, bool kLargest, class F>
__device__ RunningExtreme<T, kLargest> mapped(RunningExtreme<T, kLargest> x, F f) {
  return {f(x.value), f(x.index)};
}
template <class F>
__device__ RunningLine mapped(RunningLine x, F f) {
  return {f(x.a), f(x.b)};
}

struct Picture {
  Picture(const Tensor& x, int dim, const Tensor& out)
      : x(x.bytes()), out(out.bytes()), item(static_cast<int32_t>(itemSize(x.dtype()))),
        outItem(static_cast<int16_t>(itemSize(out.dtype()))), type(x.dtype()), result(out.dtype()) {
    const Around s(x.sizes(), dim);
    n = s.n;
    inner = s.inner;
    rows = s.outer * s.inner;
  }
  const char* x;
  char* out;
  int64_t n = 1, inner = 1, rows = 1;
  int32_t item;
  int16_t outItem;
  DType type, result;

  template <class C>
  __device__ C load(int64_t at) const {
    return loadElement<C>(x + at * item, type);
  }
  template <class C>
  __device__ void store(int64_t at, C value) const {
    storeElement(out + at * outItem, result, value);
  }
};

// Sums, products and logarithms: C is what elements are loaded as, E what they become.
template <class C, class E>
struct Numbers {
  Picture of;
  __device__ E load(int64_t at) const { return {static_cast<decltype(E::value)>(of.load<C>(at))}; }
  __device__ void store(int64_t at, E e) const {
    of.store(at, static_cast<std::conditional_t<std::is_same_v<C, int64_t>, int64_t, double>>(e.value));
  }
};
template <class C, bool kLargest>
struct Extremes {
  Picture of;
  int64_t* indices;
  __device__ RunningExtreme<C, kLargest> load(int64_t at) const { return {of.load<C>(at), at / of.inner % of.n}; }
  __device__ void store(int64_t at, RunningExtreme<C, kLargest> e) const {
    of.store(at, e.value);
    indices[at] = e.index;
  }
};
struct Lines {  // of.x has the terms
  Picture of;
  const char* factors;
  __device__ RunningLine load(int64_t at) const {
    return {loadElement<double>(factors + at * of.item, of.type), of.load<double>(at)};
  }
  __device__ void store(int64_t at, RunningLine e) const { of.store(at, e.b); }
};

template <int kGroup, class Source>
__global__ void scanKernel(Source source, int64_t reverse) {
  using E = decltype(source.load(0));
  const int64_t n = source.of.n, inner = source.of.inner;
  for (int64_t r = thread() / kGroup; r < source.of.rows; r += threads() / kGroup) {
    const int64_t first = r / inner * n * inner + r % inner, lane = threadIdx.x % kGroup;
    E before{};
    for (int64_t j = lane; j - lane < n; j += kGroup) {
      const int64_t at = first + (reverse ? n - 1 - j : j) * inner;
      E e{};
      if (j < n) e = source.load(at);
      if constexpr (kGroup > 1) {
        for (int apart = 1; apart < kGroup; apart *= 2) {
          const E other = mapped(e, [=](auto part) { return __shfl_up_sync(kAllLanes, part, apart); });
          if (lane >= apart) e = together(other, e);
        }
      }
      if (j >= kGroup) e = together(before, e);
      if (j < n) source.store(at, e);
      if constexpr (kGroup > 1) before = mapped(e, [](auto part) { return __shfl_sync(kAllLanes, part, kGroup - 1); });
      else before = e;
    }
  }
}

template <class Source>
void scanAs(const char* op, Device device, const Source& source, bool reverse) {
  const auto [n, inner, rows] = std::tuple(source.of.n, source.of.inner, source.of.rows);
  if (n * rows == 0) return;
  const auto run = [&](auto group) {
    launch(op, device, scanKernel<group, Source>, blocksFor(device, rows, kBlock / group), kBlock, source,
           int64_t{reverse});
  };
  if (inner > 1 && rows >= n) run(std::integral_constant<int, 1>());
  else run(std::integral_constant<int, kWarp>());
}

Tensor inRows(const Tensor& x) {
  if (x.isContiguous()) return x;
  const Tensor rows = empty(x.sizes(), x.dtype(), x.device());
  kernels<CopyKernels>(x).copy(x, rows);
  return rows;
}

void scan(Scan op, const Tensor& given, int dim, bool reverse, const Tensor& out) {
  const Tensor x = inRows(given);
  const Picture of(x, dim, out);
  dispatchCompute(computeOf(x.dtype()), [&](auto zero) {
    using C = decltype(zero);
    using A = Running<C>;
    if (op == Scan::sum) scanAs("cumsum", x.device(), Numbers<C, RunningSum<A>>{of}, reverse);
    else if (op == Scan::prod) scanAs("cumprod", x.device(), Numbers<C, RunningProduct<A>>{of}, reverse);
    else scanAs("logcumsumexp", x.device(), Numbers<C, RunningLogarithm>{of}, reverse);
  });
}

void extreme(bool largest, const Tensor& given, int dim, const Tensor& values, const Tensor& indices) {
  const Tensor x = inRows(given);
  const Picture of(x, dim, values);
  dispatchCompute(computeOf(x.dtype()), [&](auto zero) {
    using C = decltype(zero);
    if (largest) scanAs("cummax", x.device(), Extremes<C, true>{of, indices.data<int64_t>()}, false);
    else scanAs("cummin", x.device(), Extremes<C, false>{of, indices.data<int64_t>()}, false);
  });
}

void recurrence(const Tensor& a, const Tensor& b, int dim, bool reverse, const Tensor& out) {
  scanAs("recurrence", b.device(), Lines{Picture(b, dim, out), a.bytes()}, reverse);
}

}  // namespace

const Fill table(cudaTable<ScanKernels>, {.scan = scan, .extreme = extreme, .recurrence = recurrence});

}  // namespace dtrain::cuda
