// Reductions over any set of dimensions, y[o] = combine over j of x[o, j], in two shapes, chosen so that neighbouring
// threads read neighbouring elements:
//   rows:    what one output is made of is adjacent; a group of threads (8, a warp or a block) per output, each of
//            which takes 16 bytes at a time where all rows are without gaps and start on 16 bytes as the first one does
//   columns: outputs are adjacent; a block takes 32 of them, 8 rows of threads share the sum
// Few outputs of many elements are split into parts: a first launch leaves one value per part, a second combines them.
// A maximum along a dimension is the same with values that know their place. How depends on the shape alone, so the
// same shape gives the same bits on every run and every GPU. Floats accumulate in double, integers in int64, and both
// keep their type in extremes. Bytes moved: x once, out once.
//
// T is what elements are loaded as (dispatchLoad), A what accumulates: double, uint64, Located<…>, Powers, Moments, or
// the type that T is computed in. A functor combines two of A; it may also make one of an element (of) and a result of
// the last one (finish).
#include "kernels/cuda/element.cuh"
#include "kernels/reduce.h"

namespace dtrain::cuda {

namespace {

constexpr int kColumns = kWarp, kRows = kBlock / kColumns;  // a block of the columns shape

struct Min {  // see minOf for NaN
  template <class T>
  static __device__ T start() {
    return kHighest<T>;
  }
  template <class T>
  __device__ T operator()(T a, T b) const {
    return minOf(a, b);
  }
};

struct Times {
  template <class A>
  static __device__ A start() {
    return A(1);
  }
  template <class A>
  __device__ A operator()(A a, A b) const {
    return a * b;
  }
};

// The larger or the smaller of two, the first of equals; NaN wins over all.
template <bool kLargest>
struct First {
  template <class A>
  static __device__ A start() {
    using T = decltype(A::value);
    return {kLargest ? kLowest<T> : kHighest<T>, INT64_MAX};
  }
  template <class T>
  __device__ Located<T> operator()(Located<T> a, Located<T> b) const {
    const bool aNaN = a.value != a.value, bNaN = b.value != b.value;
    if (aNaN != bNaN) return aNaN ? a : b;
    if (!aNaN && a.value != b.value) return (a.value > b.value) == kLargest ? a : b;
    return a.index < b.index ? a : b;
  }
};

// A norm; one kernel has all, since what each does with an element takes little beside the load.
struct OfPowers {
  double p;
  int64_t norm;  // a Norm, in a size that leaves no padding

  __device__ Norm kind() const { return static_cast<Norm>(norm); }
  template <class A>
  __device__ A start() const {
    return {startOf(kind()), p};
  }
  __device__ Powers operator()(Powers a, Powers b) const { return {combined(kind(), a.sum, b.sum), p}; }
  __device__ Powers of(double x) const { return {termOf(kind(), x, p), p}; }
  __device__ double finish(Powers a) const { return rootOf(kind(), a); }
};

struct OfMoments {
  double correction;
  int64_t root;  // whether to take it

  template <class A>
  static __device__ A start() {
    return {};
  }
  __device__ Moments operator()(Moments a, Moments b) const { return together(a, b); }
  __device__ Moments of(double x) const { return {1, x, 0}; }
  __device__ double finish(Moments m) const { return varianceOf(m, correction, root != 0); }
};

// What is to be reduced: n elements for each of `outputs`, in parts of `chunk` elements.
struct Task {
  Nest<2> kept;     // {x, out}
  Nest<1> reduced;  // {x}
  int64_t outputs, n, parts, chunk;
  int64_t* indices;    // where maxima stand, laid out as out is; null for others
  int32_t item;        // bytes of an output
  DType type, result;  // of the elements, where they are loaded as int64; of the outputs
  bool packed;         // every part of every output is made of packs, and a last one that may not be full
  bool wide;           // and those are aligned; the order of combination does not depend on it

  // Combines every `step`-th element of those that make one output, from the j-th on. Up to two dimensions are loops
  // without a division, so plain that the compiler unrolls them and has several loads under way.
  template <class T, class A, class F>
  __device__ A fold(F combine, const char* x, int64_t j, int64_t end, int64_t step) const {
    A a = combine.template start<A>();
    const auto take = [&](const char* p) { a = combine(a, element<T, A>(combine, p, j)); };
    if (reduced.dims <= 1) {
      const int64_t stride = reduced.dims == 0 ? 0 : reduced.strides[0][0];
      for (; j < end; j += step) take(x + j * stride);
    } else if (reduced.dims == 2) {
      const int64_t run = reduced.sizes[1], outer = reduced.strides[0][0], inner = reduced.strides[0][1];
      const int64_t ahead = step / run * outer + step % run * inner, turn = outer - run * inner;
      int64_t i = j % run;  // within its run
      x += j / run * outer + i * inner;
      for (; j < end; j += step) {
        take(x);
        x += ahead;
        i += step % run;
        if (i < run) continue;
        i -= run;
        x += turn;
      }
    } else {
      for (; j < end; j += step) take(x + offsetsOf(reduced, j).at[0]);
    }
    return a;
  }
  // Combines every `step`-th pack from that of element j on.
  template <class T, class A, class F>
  __device__ A foldPacks(F combine, const T* x, int64_t j, int64_t end, int64_t step) const {
    constexpr int V = kWide<T>, kAhead = 4;
    A a = combine.template start<A>();
    const auto take = [&](const WidePack<T>& pack, int64_t first) {
      for (int v = 0; v < V; v++) a = combine(a, accumulator<A>(combine, pack.at[v], first + v));
    };
    for (; j + (kAhead - 1) * step * V + V <= end; j += kAhead * step * V) {
      WidePack<T> few[kAhead];  // loaded before any is used
      for (int i = 0; i < kAhead; i++) few[i] = loadPack(x + j + i * step * V, wide);
      for (int i = 0; i < kAhead; i++) take(few[i], j + i * step * V);
    }
    for (; j + V <= end; j += step * V) take(loadPack(x + j, wide), j);
    for (; j < end; j++) a = combine(a, accumulator<A>(combine, x[j], j));  // the last pack, if it is not full
    return a;
  }
  // The j-th element as what accumulates; parts are that already.
  template <class A, class F, class T>
  static __device__ A accumulator(F combine, T x, int64_t j) {
    if constexpr (std::is_same_v<A, T>) {
      return x;
    } else {
      const ComputeType<T> value = x;
      if constexpr (std::is_same_v<A, Located<ComputeType<T>>>) return {value, j};
      else if constexpr (requires { combine.of(value); }) return combine.of(value);
      else return static_cast<A>(value);
    }
  }
  template <class T, class A, class F>
  __device__ A element(F combine, const char* p, int64_t j) const {
    if constexpr (std::is_same_v<T, int64_t>) return accumulator<A>(combine, loadElement<int64_t>(p, type), j);
    else return accumulator<A>(combine, *reinterpret_cast<const T*>(p), j);
  }

  __device__ int64_t end(int64_t part) const { return min(n, (part + 1) * chunk); }
  // Parts stand as [outputs, parts] of A; a whole output goes to its place.
  template <class A, class F>
  __device__ void write(F combine, char* out, int64_t at, int64_t o, int64_t part, A value) const {
    if (parts > 1) {
      reinterpret_cast<A*>(out)[o * parts + part] = value;
    } else if constexpr (requires { value.index; }) {
      storeElement(out + at, result, value.value);
      indices[at / item] = value.index;
    } else if constexpr (requires { combine.finish(value); }) {
      storeElement(out + at, result, combine.finish(value));
    } else {
      storeElement(out + at, result, value);
    }
  }
};

// Group g of kGroup threads has part g % parts of output g / parts; its threads take every kGroup-th element.
template <class T, class A, int kGroup, class F>
__global__ void reduceRows(F combine, Task task, const char* x, char* out) {
  for (int64_t g = thread() / kGroup; g < task.outputs * task.parts; g += threads() / kGroup) {
    const int64_t o = g / task.parts, part = g % task.parts, end = task.end(part);
    const Offsets<2> at = offsetsOf(task.kept, o);
    const int64_t begin = part * task.chunk, lane = threadIdx.x % kGroup;
    A a;
    if constexpr (kWide < T >> 1) {
      a = task.packed ? task.foldPacks<T, A>(combine, reinterpret_cast<const T*>(x + at.at[0]), begin + lane * kWide<T>,
                                             end, kGroup)
                      : task.fold<T, A>(combine, x + at.at[0], begin + lane, end, kGroup);
    } else {
      a = task.fold<T, A>(combine, x + at.at[0], begin + lane, end, kGroup);
    }
    a = combineGroup<kGroup>(a, combine);
    if (threadIdx.x % kGroup == 0) task.write(combine, out, at.at[1], o, part, a);
  }
}

// Block b has part b % parts of outputs 32 (b / parts) to + 31: thread (row, column) takes every 8th element of one
// output, then row 0 combines the 8 in order.
template <class T, class A, class F>
__global__ void reduceColumns(F combine, Task task, const char* x, char* out) {
  __shared__ A ofRow[kRows][kColumns];
  const int row = threadIdx.x / kColumns, column = threadIdx.x % kColumns;
  const int64_t tiles = (task.outputs + kColumns - 1) / kColumns;
  for (int64_t b = blockIdx.x; b < tiles * task.parts; b += gridDim.x) {
    const int64_t o = b / task.parts * kColumns + column, part = b % task.parts, end = task.end(part);
    A a = combine.template start<A>();
    Offsets<2> at{};
    if (o < task.outputs) {
      at = offsetsOf(task.kept, o);
      a = task.fold<T, A>(combine, x + at.at[0], part * task.chunk + row, end, kRows);
    }
    ofRow[row][column] = a;
    __syncthreads();
    if (row == 0 && o < task.outputs) {
      for (int i = 1; i < kRows; i++) a = combine(a, ofRow[i][column]);
      task.write(combine, out, at.at[1], o, part, a);
    }
    __syncthreads();
  }
}

// Whether each output's elements stand side by side, and start a whole number of packs after the first output's.
template <class T>
bool isPacked(const Task& task) {
  if (kWide<T> == 1 || task.n < kWide<T> || task.reduced.dims != 1 || task.reduced.strides[0][0] != sizeof(T))
    return false;
  for (int64_t d = 0; d < task.kept.dims; d++)
    if (task.kept.strides[0][d] % 16 != 0) return false;
  return true;
}

int64_t count(const int64_t* sizes, int64_t dims) {
  int64_t n = 1;
  for (int64_t i = 0; i < dims; i++) n *= sizes[i];
  return n;
}

template <class T, class A, class F>
void runRows(const char* op, Device device, const Task& task, F combine, const char* x, char* out) {
  withGroup(task.chunk, [&](auto group) {
    launch(op, device, reduceRows<T, A, group, F>, blocksFor(device, task.outputs * task.parts, kBlock / group), kBlock,
           combine, task, x, out);
  });
}
template <class T, class A, class F>
void runColumns(const char* op, Device device, const Task& task, F combine, const char* x, char* out) {
  const int64_t tiles = (task.outputs + kColumns - 1) / kColumns;
  launch(op, device, reduceColumns<T, A, F>, blocksFor(device, tiles * task.parts, 1), kBlock, combine, task, x, out);
}

template <class T, class A, class F>
void reduceAs(const char* op, F combine, const Tensor& x, const Tensor& out, int64_t* indices = nullptr) {
  const ReductionNest nest(x, out);
  Task task{nest.kept,   nest.reduced,
            out.numel(), count(nest.reduced.sizes, nest.reduced.dims),
            1,           0,
            indices,     static_cast<int32_t>(itemSize(out.dtype())),
            x.dtype(),   out.dtype(),
            false,       isWide(x.bytes())};
  if (task.n == 0) task.reduced.dims = 0;  // folds divide by sizes
  task.packed = !nest.columns && dtypeOf<T>() == x.dtype() && isPacked<T>(task);
  // Parts of 16 elements for each thread of a block (of 32 in the columns shape, whose threads are fewer for an
  // output), until there is work for about kBlocks blocks.
  constexpr int64_t kBlocks = 1024;
  const int64_t least = nest.columns ? 32 * kRows : 16 * kBlock;
  const int64_t alone = nest.columns ? (task.outputs + kColumns - 1) / kColumns : task.outputs;
  task.parts = std::max<int64_t>(1, std::min(task.n / least, kBlocks / alone));
  task.chunk = (task.n + task.parts - 1) / task.parts;
  if (task.packed) {
    task.chunk = (task.chunk + kWide<T> - 1) / kWide<T> * kWide<T>;
    task.parts = (task.n + task.chunk - 1) / task.chunk;
  }
  const auto run = nest.columns ? runColumns<T, A, F> : runRows<T, A, F>;
  if (task.parts == 1) return run(op, out.device(), task, combine, x.bytes(), out.bytes());

  const Tensor partial = empty({task.outputs * task.parts * int64_t{sizeof(A)}}, DType::uint8, out.device());
  run(op, out.device(), task, combine, x.bytes(), partial.bytes());
  Task last{task.kept, {},        task.outputs, task.parts,  1,     task.parts,
            indices,   task.item, DType::int64, task.result, false, false};
  int64_t stride = task.parts * int64_t{sizeof(A)};  // partial [outputs, parts], outputs in the order of the nest
  for (int64_t d = last.kept.dims - 1; d >= 0; d--) {
    last.kept.strides[0][d] = stride;
    stride *= last.kept.sizes[d];
  }
  last.reduced.dims = 1;
  last.reduced.sizes[0] = task.parts;
  last.reduced.strides[0][0] = sizeof(A);
  launch(op, out.device(), reduceRows<A, A, kWarp, F>, blocksFor(out.device(), last.outputs, kBlock / kWarp), kBlock,
         combine, last, partial.bytes(), out.bytes());
}

void reduce(Reduce op, const Tensor& x, const Tensor& out) {
  if (out.numel() == 0) return;
  dispatchLoad(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = ComputeType<T>;
    switch (op) {
      case Reduce::sum: return reduceAs<T, Accumulator<C>>("reduce", Plus(), x, out);
      case Reduce::max: return reduceAs<T, C>("reduce", Max(), x, out);
      case Reduce::min: return reduceAs<T, C>("reduce", Min(), x, out);
      case Reduce::prod: return reduceAs<T, Accumulator<C>>("reduce", Times(), x, out);
    }
  });
}

void locate(Reduce op, const Tensor& x, int dim, const Tensor& values, const Tensor& indices) {
  if (values.numel() == 0) return;
  Dims sizes = x.sizes();  // of the outputs, in keepdim form
  sizes[dim] = 1;
  const Tensor out = alias(values, sizes, contiguousStrides(sizes), values.impl()->offset);
  dispatchLoad(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using A = Located<ComputeType<T>>;
    if (op == Reduce::max) reduceAs<T, A>("max", First<true>(), x, out, indices.data<int64_t>());
    else reduceAs<T, A>("min", First<false>(), x, out, indices.data<int64_t>());
  });
}

void norm(Norm norm, double p, const Tensor& x, const Tensor& out) {
  if (out.numel() == 0) return;
  dispatchFloat("norm", x.dtype(), [&](auto zero) {
    reduceAs<decltype(zero), Powers>("norm", OfPowers{p, static_cast<int64_t>(norm)}, x, out);
  });
}

void variance(const Tensor& x, double correction, bool root, const Tensor& out) {
  if (out.numel() == 0) return;
  dispatchFloat("var", x.dtype(), [&](auto zero) {
    reduceAs<decltype(zero), Moments>("var", OfMoments{correction, root}, x, out);
  });
}

}  // namespace

const Fill table(cudaTable<ReduceKernels>,
                 {.reduce = reduce, .locate = locate, .norm = norm, .variance = variance});

}  // namespace dtrain::cuda
