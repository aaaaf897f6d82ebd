// Reductions over any set of dimensions, y[o] = combine over j of x[o, j], in two shapes, chosen so that neighbouring
// threads read neighbouring elements:
//   rows:    what one output is made of is adjacent; a group of threads (a warp or a block) per output
//   columns: outputs are adjacent; a block takes 32 of them, 8 rows of threads share the sum
// Few outputs of many elements are split into parts: a first launch leaves one value per part, a second combines them.
// How depends on the shape alone, so the same shape gives the same bits on every run and every GPU. Sums of floats
// accumulate in double, of integers in int64. Bytes moved: x once, out once.
#include "kernels/device.cuh"

namespace dtrain::cuda {

namespace {

constexpr int kColumns = kWarp, kRows = kBlock / kColumns;  // a block of the columns shape

// What is to be reduced: n elements for each of `outputs`, in parts of `chunk` elements.
struct Task {
  Nest<2> kept;     // {x, out}
  Nest<1> reduced;  // {x}
  int64_t outputs, n, parts, chunk;

  // Every `step`-th element of those that make one output, from the j-th on. The usual case is a loop so plain that the
  // compiler unrolls it and has several loads under way.
  template <class T, class A, class F>
  __device__ A fold(F combine, A a, const char* x, int64_t j, int64_t end, int64_t step) const {
    if (reduced.dims <= 1) {
      const int64_t stride = reduced.dims == 0 ? 0 : reduced.strides[0][0];
      for (; j < end; j += step) a = combine(a, static_cast<A>(*reinterpret_cast<const T*>(x + j * stride)));
    } else {
      for (; j < end; j += step)
        a = combine(a, static_cast<A>(*reinterpret_cast<const T*>(x + offsetsOf(reduced, j).at[0])));
    }
    return a;
  }
  __device__ int64_t end(int64_t part) const { return min(n, (part + 1) * chunk); }
  // Parts stand as [outputs, parts] of A; a whole output goes to its place as R.
  template <class R, class A>
  __device__ void write(char* out, int64_t at, int64_t o, int64_t part, A value) const {
    if (parts > 1) reinterpret_cast<A*>(out)[o * parts + part] = value;
    else *reinterpret_cast<R*>(out + at) = static_cast<R>(value);
  }
};

// Group g of kGroup threads has part g % parts of output g / parts; its threads take every kGroup-th element.
template <class T, class A, class R, int kGroup, class F>
__global__ void reduceRows(F combine, A start, Task task, const char* x, char* out) {
  for (int64_t g = thread() / kGroup; g < task.outputs * task.parts; g += threads() / kGroup) {
    const int64_t o = g / task.parts, part = g % task.parts, end = task.end(part);
    const Offsets<2> at = offsetsOf(task.kept, o);
    A a = task.fold<T>(combine, start, x + at.at[0], part * task.chunk + threadIdx.x % kGroup, end, kGroup);
    a = combineGroup<kGroup>(a, combine);
    if (threadIdx.x % kGroup == 0) task.write<R>(out, at.at[1], o, part, a);
  }
}

// Block b has part b % parts of outputs 32 (b / parts) to + 31: thread (row, column) takes every 8th element of one
// output, then row 0 combines the 8 in order.
template <class T, class A, class R, class F>
__global__ void reduceColumns(F combine, A start, Task task, const char* x, char* out) {
  __shared__ A ofRow[kRows][kColumns];
  const int row = threadIdx.x / kColumns, column = threadIdx.x % kColumns;
  const int64_t tiles = (task.outputs + kColumns - 1) / kColumns;
  for (int64_t b = blockIdx.x; b < tiles * task.parts; b += gridDim.x) {
    const int64_t o = b / task.parts * kColumns + column, part = b % task.parts, end = task.end(part);
    A a = start;
    Offsets<2> at{};
    if (o < task.outputs) {
      at = offsetsOf(task.kept, o);
      a = task.fold<T>(combine, a, x + at.at[0], part * task.chunk + row, end, kRows);
    }
    ofRow[row][column] = a;
    __syncthreads();
    if (row == 0 && o < task.outputs) {
      for (int i = 1; i < kRows; i++) a = combine(a, ofRow[i][column]);
      task.write<R>(out, at.at[1], o, part, a);
    }
    __syncthreads();
  }
}

int64_t count(const int64_t* sizes, int64_t dims) {
  int64_t n = 1;
  for (int64_t i = 0; i < dims; i++) n *= sizes[i];
  return n;
}

// One launch. A is what accumulates, R what an output is stored as.
template <class T, class A, class R, class F>
void run(Device device, const Task& task, bool columns, F combine, A start, const char* x, char* out) {
  if (columns) {
    const int64_t blocks = (task.outputs + kColumns - 1) / kColumns * task.parts;
    return launch("reduce", device, reduceColumns<T, A, R, F>, blocksFor(device, blocks, 1), kBlock, combine, start,
                  task, x, out);
  }
  withGroup(task.outputs, task.chunk, 1, [&](auto group) {
    launch("reduce", device, reduceRows<T, A, R, group, F>,
           blocksFor(device, task.outputs * task.parts, kBlock / group), kBlock, combine, start, task, x, out);
  });
}

template <class T, class A, class R, class F>
void reduceAs(F combine, A start, const Tensor& x, const Tensor& out) {
  const ReductionNest nest(x, out);
  Task task{nest.kept, nest.reduced, out.numel(), count(nest.reduced.sizes, nest.reduced.dims), 1, 0};
  // Parts of at least kLeast elements, until there is work for about kBlocks blocks.
  constexpr int64_t kLeast = 4096, kBlocks = 1024;
  const int64_t alone = nest.columns ? (task.outputs + kColumns - 1) / kColumns : task.outputs;
  task.parts = std::max<int64_t>(1, std::min(task.n / kLeast, kBlocks / alone));
  task.chunk = (task.n + task.parts - 1) / task.parts;
  if (task.parts == 1) return run<T, A, R>(out.device(), task, nest.columns, combine, start, x.bytes(), out.bytes());

  const Tensor partial = empty({task.outputs * task.parts * int64_t{sizeof(A)}}, DType::uint8, out.device());
  run<T, A, R>(out.device(), task, nest.columns, combine, start, x.bytes(), partial.bytes());
  Task last{task.kept, {}, task.outputs, task.parts, 1, task.parts};
  int64_t stride = task.parts * int64_t{sizeof(A)};  // partial [outputs, parts], outputs in the order of the nest
  for (int64_t d = last.kept.dims - 1; d >= 0; d--) {
    last.kept.strides[0][d] = stride;
    stride *= last.kept.sizes[d];
  }
  last.reduced.dims = 1;
  last.reduced.sizes[0] = task.parts;
  last.reduced.strides[0][0] = sizeof(A);
  run<A, A, R>(out.device(), last, false, combine, start, partial.bytes(), out.bytes());
}

// The larger of two, the first of equals; NaN is the largest.
struct FirstMax {
  template <class T>
  __device__ Located<T> operator()(Located<T> a, Located<T> b) const {
    const bool aNaN = a.value != a.value, bNaN = b.value != b.value;
    if (aNaN != bNaN) return aNaN ? a : b;
    if (!aNaN && a.value != b.value) return a.value > b.value ? a : b;
    return a.index < b.index ? a : b;
  }
};

// values[o], indices[o] = max over j of x[o, j], the n elements `step` bytes apart: group g has output g.
template <class T, int kGroup>
__global__ void maxDimKernel(Nest<2> nest, int64_t outputs, int64_t n, int64_t step, const char* x, T* values,
                             int64_t* indices) {
  for (int64_t o = thread() / kGroup; o < outputs; o += threads() / kGroup) {
    const char* from = x + offsetsOf(nest, o).at[1];
    Located<T> best{kLowest<T>, n};
    for (int64_t j = threadIdx.x % kGroup; j < n; j += kGroup)
      best = FirstMax()(best, Located<T>{*reinterpret_cast<const T*>(from + j * step), j});
    best = combineGroup<kGroup>(best, FirstMax());
    if (threadIdx.x % kGroup != 0) continue;
    values[o] = best.value;
    indices[o] = best.index;
  }
}

}  // namespace

void reduce(Reduce op, const Tensor& x, const Tensor& out) {
  if (out.numel() == 0) return;
  if (x.numel() == 0) return fill(out, 0);  // only sums get here
  dispatch("reduce", x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using A = typename AccumulatorOf<T>::type;
    if (op == Reduce::max) return reduceAs<T, T, T>(Max(), kLowest<T>, x, out);
    if constexpr (std::is_floating_point_v<T>) reduceAs<T, A, T>(Plus(), A(0), x, out);
    else reduceAs<T, A, A>(Plus(), A(0), x, out);
  });
}

void maxDim(const Tensor& x, int dim, const Tensor& values, const Tensor& indices) {
  const int64_t outputs = values.numel(), n = x.size(dim);
  if (outputs == 0) return;
  Dims shape;  // of x without `dim`, in which outputs are counted
  Strides<2> strides;
  for (int i = 0; i < x.dim(); i++) {
    if (i == dim) continue;
    strides[1][shape.size()] = x.stride(i) * itemSize(x.dtype());
    shape.push(x.size(i));
  }
  std::copy_n(contiguousStrides(shape).begin(), shape.size(), strides[0]);
  Nest<2> nest{};
  nest.build(shape, strides);
  const int64_t step = x.stride(dim) * itemSize(x.dtype());
  const bool adjacent = outputs > 1 && std::abs(nest.stride(1)) < std::abs(step);
  dispatch("max", x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    withGroup(outputs, n, adjacent ? 2 : 1, [&](auto group) {
      launch("max", x.device(), maxDimKernel<T, group>, blocksFor(x.device(), outputs, kBlock / group), kBlock, nest,
             outputs, n, step, x.bytes(), values.data<T>(), indices.data<int64_t>());
    });
  });
}

}  // namespace dtrain::cuda
