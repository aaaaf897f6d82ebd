// Selecting and scattering along one dimension of contiguous tensors seen as [outer, n, inner]. The smaller tensor
// (out, or dy) is [outer, chosen, inner]; of each of its outer x chosen rows a group of threads has up to kRun
// elements, which are adjacent there and in the larger tensor. Bytes moved: the smaller tensor, the index, and as much
// of the other as is chosen.
//
// An index outside [0, n) is reported (Note [Device failures] in core/runtime.h), reads 0 and writes nothing.
// Elements are moved by their size. The transposes add with atomics, since several elements may meet in one place; a
// sum of three or more of them may differ in the last bits from run to run.
#include "kernels/around.h"
#include "kernels/device.cuh"
#include "kernels/index.h"

namespace dtrain::cuda {

namespace {

constexpr int64_t kRun = 1024;

struct Picture {
  Picture(const Tensor& x, int dim, const Tensor& smaller) {
    const Around s(x.sizes(), dim);
    n = s.n;
    inner = s.inner;
    chosen = smaller.size(dim);
    runs = (inner + kRun - 1) / kRun;
    count = s.outer * chosen * runs;
  }
  int64_t n, chosen, inner;
  int64_t runs, count;  // of a row; of all
};

// Calls f(o, j, i, end) for the part of row (o, j) that begins with this thread's first element i.
template <int kGroup, class F>
__device__ void forEachRun(const Picture& p, F f) {
  for (int64_t g = thread() / kGroup; g < p.count; g += threads() / kGroup) {
    const int64_t row = p.runs == 1 ? g : g / p.runs, begin = (g - row * p.runs) * kRun, o = row / p.chosen;
    f(o, row - o * p.chosen, begin + threadIdx.x % kGroup, min(p.inner, begin + kRun));
  }
}

// One index for each of [chosen]: f(element of the smaller tensor, its place in x, or -1 where the index is out of
// range).
template <int kGroup, class F>
__device__ void forEachSelected(const Picture& p, const int64_t* index, const Report& report, F f) {
  forEachRun<kGroup>(p, [&](int64_t o, int64_t j, int64_t i, int64_t end) {
    const int64_t at = index[j], row = (o * p.chosen + j) * p.inner;
    const bool inside = at >= 0 && at < p.n;
    if (!inside) report(at);
    const int64_t place = inside ? (o * p.n + at) * p.inner : 0;
    for (; i < end; i += kGroup) f(row + i, inside ? place + i : -1);
  });
}

// One index for each element; -1 stands for no element.
template <int kGroup, class F>
__device__ void forEachIndexed(const Picture& p, const int64_t* index, const Report& report, F f) {
  forEachRun<kGroup>(p, [&](int64_t o, int64_t j, int64_t i, int64_t end) {
    const int64_t row = (o * p.chosen + j) * p.inner;
    for (; i < end; i += kGroup) {
      const int64_t at = index[row + i];
      const bool inside = at >= 0 && at < p.n;
      if (!inside && at != -1) report(at);
      f(row + i, inside ? (o * p.n + at) * p.inner + i : -1);
    }
  });
}

// out[o, j, i] = x[o, index[j], i]
template <class T, int kGroup>
__global__ void indexSelectKernel(Picture p, const int64_t* __restrict__ index, Report report, const T* __restrict__ x,
                                  T* __restrict__ out) {
  forEachSelected<kGroup>(p, index, report, [=](int64_t i, int64_t from) { out[i] = from >= 0 ? x[from] : T(0); });
}

// dx[o, index[j], i] += dy[o, j, i]
template <class T, int kGroup>
__global__ void indexAddKernel(Picture p, const int64_t* index, Report report, const T* dy, ComputeType<T>* dx) {
  forEachSelected<kGroup>(p, index, report, [=](int64_t i, int64_t to) {
    if (to >= 0) atomicAdd(dx + to, static_cast<ComputeType<T>>(dy[i]));
  });
}

// x[o, index[j], i] = y[o, j, i]
template <class T, int kGroup>
__global__ void indexCopyKernel(Picture p, const int64_t* index, Report report, const T* y, T* x) {
  forEachSelected<kGroup>(p, index, report, [=](int64_t i, int64_t to) {
    if (to >= 0) x[to] = y[i];
  });
}

// flat[i] = flat[i] n + index[i]; -1 once an index has been out of range
__global__ void placeKernel(int64_t count, const int64_t* index, int64_t n, Report report, int64_t* flat) {
  for (int64_t i = thread(); i < count; i += threads()) {
    const int64_t at = index[i];
    const bool inside = at >= -n && at < n;
    if (!inside) report(at);
    flat[i] = inside && flat[i] >= 0 ? flat[i] * n + (at < 0 ? at + n : at) : -1;
  }
}

// out[o, j, i] = x[o, index[o, j, i], i]
template <class T, int kGroup>
__global__ void gatherKernel(Picture p, const int64_t* __restrict__ index, Report report, const T* __restrict__ x,
                             T* __restrict__ out) {
  forEachIndexed<kGroup>(p, index, report, [=](int64_t i, int64_t from) { out[i] = from >= 0 ? x[from] : T(0); });
}

// dx[o, index[o, j, i], i] += dy[o, j, i]
template <class T, int kGroup>
__global__ void scatterAddKernel(Picture p, const int64_t* index, Report report, const T* dy, ComputeType<T>* dx) {
  forEachIndexed<kGroup>(p, index, report, [=](int64_t i, int64_t to) {
    if (to >= 0) atomicAdd(dx + to, static_cast<ComputeType<T>>(dy[i]));
  });
}

// x[o, index[o, j, i], i] = y[o, j, i]
template <class T, int kGroup>
__global__ void scatterKernel(Picture p, const int64_t* index, Report report, const T* y, T* x) {
  forEachIndexed<kGroup>(p, index, report, [=](int64_t i, int64_t to) {
    if (to >= 0) x[to] = y[i];
  });
}

// Launches kernelOf(constant kGroup) for a large tensor and a smaller one, of which one is `from`, of elements From.
template <class From, class To, class F>
void run(const char* op, F&& kernelOf, const Tensor& large, int dim, const Tensor& smaller, const Tensor& index,
         const Tensor& from, const Tensor& to) {
  const Picture picture(large, dim, smaller);
  const Device device = large.device();
  const auto launchWith = [&](auto group) {
    launch(op, device, kernelOf(group), blocksFor(device, picture.count, kBlock / group), kBlock, picture,
           index.data<int64_t>(), Report{fault(device), op, Fault::index, dim, picture.n}, from.data<From>(),
           to.data<To>());
  };
  if (picture.inner == 1) launchWith(std::integral_constant<int, 1>());
  else if (picture.inner < kWarp) launchWith(std::integral_constant<int, kFew>());
  else launchWith(std::integral_constant<int, kWarp>());
}

// Calls f with a number of the size of dtype's elements.
template <class F>
void dispatchSize(DType dtype, F&& f) {
  switch (itemSize(dtype)) {
    case 1: return f(uint8_t());
    case 2: return f(uint16_t());
    case 4: return f(uint32_t());
    default: return f(uint64_t());
  }
}

void indexSelect(const char* op, const Tensor& x, int dim, const Tensor& index, const Tensor& out) {
  if (out.numel() == 0) return;
  dispatchSize(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    run<T, T>(
        op, [](auto group) { return indexSelectKernel<T, group>; }, x, dim, out, index, x, out);
  });
}

void indexAdd(const char* op, const Tensor& dy, int dim, const Tensor& index, const Tensor& dx) {
  if (dy.numel() == 0) return;
  dispatchFloat(op, dy.dtype(), [&](auto zero) {
    using T = decltype(zero);
    run<T, ComputeType<T>>(
        op, [](auto group) { return indexAddKernel<T, group>; }, dx, dim, dy, index, dy, dx);
  });
}

void indexCopy(const char* op, const Tensor& y, int dim, const Tensor& index, const Tensor& x) {
  if (y.numel() == 0) return;
  dispatchSize(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    run<T, T>(
        op, [](auto group) { return indexCopyKernel<T, group>; }, x, dim, y, index, y, x);
  });
}

void place(const char* op, const Tensor& index, int dim, int64_t n, const Tensor& flat) {
  const Device device = index.device();
  const int64_t count = index.numel();
  if (count == 0) return;
  launch(op, device, placeKernel, blocksFor(device, count, kBlock), kBlock, count, index.data<int64_t>(), n,
         Report{fault(device), op, Fault::index, dim, n}, flat.data<int64_t>());
}

void gather(const char* op, const Tensor& x, int dim, const Tensor& index, const Tensor& out) {
  if (out.numel() == 0) return;
  dispatchSize(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    run<T, T>(
        op, [](auto group) { return gatherKernel<T, group>; }, x, dim, out, index, x, out);
  });
}

void scatterAdd(const char* op, const Tensor& dy, int dim, const Tensor& index, const Tensor& dx) {
  if (dy.numel() == 0) return;
  dispatchFloat(op, dy.dtype(), [&](auto zero) {
    using T = decltype(zero);
    run<T, ComputeType<T>>(
        op, [](auto group) { return scatterAddKernel<T, group>; }, dx, dim, dy, index, dy, dx);
  });
}

void scatter(const char* op, const Tensor& y, int dim, const Tensor& index, const Tensor& x) {
  if (y.numel() == 0) return;
  dispatchSize(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    run<T, T>(
        op, [](auto group) { return scatterKernel<T, group>; }, x, dim, y, index, y, x);
  });
}

}  // namespace

const Fill table(cudaTable<IndexKernels>, {.indexSelect = indexSelect,
                                           .indexAdd = indexAdd,
                                           .indexCopy = indexCopy,
                                           .place = place,
                                           .gather = gather,
                                           .scatterAdd = scatterAdd,
                                           .scatter = scatter});

}  // namespace dtrain::cuda
