// Elementwise kernels: out[i] = f(x[i], …) with the functors of functors.h.
//   flat:    operands are contiguous or repeat one element; a thread moves 16 bytes of the widest operand at a time
//   runs:    the nest of nest.h (broadcast rows, transposes, slices) where its innermost loop is long
//   strided: anything else, one element per thread, along that nest
// In all of them neighbouring threads write neighbouring elements. Bytes moved: every operand once; a transposed
// operand is read in sectors of 32 bytes of which the rest comes from the cache.
#include "core/operand.h"
#include "kernels/copy.h"
#include "kernels/creation.h"
#include "kernels/device.cuh"
#include "kernels/elementwise.h"

namespace dtrain::cuda {

namespace {

// An operand: elements in memory, or the same number for all (then data is null).
struct Source {
  const char* data;
  int64_t stride;  // bytes, of the innermost loop
  double number;
};
// The first value of an operand, or its number.
template <class T>
__device__ T firstOf(const Source& x) {
  return x.data ? *reinterpret_cast<const T*>(x.data) : Convert<T>()(x.number);
}
template <int N>
struct Sources {
  Source of[N];
};

template <class F, class T>
__device__ auto apply(const F& f, const T (&x)[1]) {
  return f(x[0]);
}
template <class F, class T>
__device__ auto apply(const F& f, const T (&x)[2]) {
  return f(x[0], x[1]);
}

// Elements a thread takes at a time, so that its widest access has 16 bytes.
template <class R, class T>
constexpr int kPack = 16 / std::max(sizeof(R), sizeof(T));

// out[n] = f(x[n], …): thread p has elements p V to p V + V - 1, for p = thread, thread + threads, …; the remainder of
// n / V is taken by the first threads, one each.
template <class R, class T, int N, class F>
__global__ void mapFlat(F f, int64_t n, Sources<N> in, char* out) {
  constexpr int V = kPack<R, T>;
  T same[N];
  for (int o = 0; o < N; o++) same[o] = in.of[o].stride == 0 ? firstOf<T>(in.of[o]) : T();
  const int64_t packs = n / V;
  for (int64_t p = thread(); p < packs; p += threads()) {
    Pack<T, V> x[N];
    for (int o = 0; o < N; o++) {
      if (in.of[o].stride != 0) x[o] = reinterpret_cast<const Pack<T, V>*>(in.of[o].data)[p];
      else
        for (int v = 0; v < V; v++) x[o].at[v] = same[o];
    }
    Pack<R, V> r;
    for (int v = 0; v < V; v++) {
      T values[N];
      for (int o = 0; o < N; o++) values[o] = x[o].at[v];
      r.at[v] = apply(f, values);
    }
    reinterpret_cast<Pack<R, V>*>(out)[p] = r;
  }
  const int64_t i = packs * V + thread();
  if (i >= n) return;
  T values[N];
  for (int o = 0; o < N; o++) values[o] = in.of[o].stride != 0 ? reinterpret_cast<const T*>(in.of[o].data)[i] : same[o];
  reinterpret_cast<R*>(out)[i] = apply(f, values);
}

constexpr int kRun = 256;

// The same for a nest of loops over operands {out, x, …}, of which `outer` has all but the innermost, and that has
// `inner` elements, in.of[o].stride and `step` bytes apart: a warp has kRun of them at a time, thread l those with
// l, l + 32, …, of which it loads four before it stores any.
template <class R, class T, int N, class F>
__global__ void mapRuns(F f, int64_t rows, int64_t inner, Nest<N + 1> outer, Sources<N> in, char* out, int64_t step) {
  constexpr int V = 4;
  T number[N];
  for (int o = 0; o < N; o++) number[o] = Convert<T>()(in.of[o].number);
  const int64_t runs = (inner + kRun - 1) / kRun;
  for (int64_t g = thread() / kWarp; g < rows * runs; g += threads() / kWarp) {
    const int64_t row = runs == 1 ? g : g / runs, begin = (g - row * runs) * kRun, end = min(inner, begin + kRun);
    const Offsets<N + 1> offsets = offsetsOf(outer, row);
    for (int64_t i = begin + threadIdx.x % kWarp; i < end; i += V * kWarp) {
      T values[V][N];
      for (int v = 0; v < V; v++)
        for (int o = 0; o < N; o++) {
          const Source& x = in.of[o];
          const char* at = x.data + offsets.at[o + 1] + (i + v * kWarp) * x.stride;
          values[v][o] = x.data && i + v * kWarp < end ? *reinterpret_cast<const T*>(at) : number[o];
        }
      for (int v = 0; v < V; v++)
        if (i + v * kWarp < end)
          *reinterpret_cast<R*>(out + offsets.at[0] + (i + v * kWarp) * step) = apply(f, values[v]);
    }
  }
}

// The same for any nest of loops over operands {out, x, …}: thread i has the i-th element, then the one `threads`
// later.
template <class R, class T, int N, class F>
__global__ void mapStrided(F f, int64_t n, Nest<N + 1> nest, Sources<N> in, char* out) {
  T number[N];
  for (int o = 0; o < N; o++) number[o] = Convert<T>()(in.of[o].number);
  for (int64_t i = thread(); i < n; i += threads()) {
    const Offsets<N + 1> offsets = offsetsOf(nest, i);
    T values[N];
    for (int o = 0; o < N; o++) {
      const char* data = in.of[o].data;
      values[o] = data ? *reinterpret_cast<const T*>(data + offsets.at[o + 1]) : number[o];
    }
    *reinterpret_cast<R*>(out + offsets.at[0]) = apply(f, values);
  }
}

Source sourceOf(const Operand& x) { return {x.isTensor() ? x.tensor.bytes() : nullptr, 0, x.number}; }

void repeat(const Operand& x, const Dims& shape, int64_t* strides) {
  if (x.isTensor()) dtrain::repeat(x.tensor, shape, strides);
  else std::fill_n(strides, kMaxDims, int64_t{0});
}

// R and T are the element types of out and of the operands.
template <class R, class T, class F, class... Operands>
void map(const char* what, F f, const Tensor& out, const Operands&... operands) {
  constexpr int N = sizeof...(Operands), V = kPack<R, T>;
  const int64_t n = out.numel();
  if (n == 0) return;
  Strides<N + 1> strides;
  int operand = 0;
  repeat(out, out.sizes(), strides[operand++]);
  (repeat(operands, out.sizes(), strides[operand++]), ...);
  Nest<N + 1> nest{};
  nest.build(out.sizes(), strides);
  Sources<N> in{{sourceOf(operands)...}};

  const auto aligned = [](const char* p, size_t size) { return reinterpret_cast<uintptr_t>(p) % (size * V) == 0; };
  bool flat = nest.dims <= 1 && (n == 1 || nest.stride(0) == sizeof(R)) && aligned(out.bytes(), sizeof(R));
  for (int o = 0; o < N; o++) {
    const int64_t stride = nest.stride(o + 1);
    in.of[o].stride = stride;
    flat = flat && (stride == 0 || (stride == sizeof(T) && aligned(in.of[o].data, sizeof(T))));
  }
  const Device device = out.device();
  if (flat)
    launch(what, device, mapFlat<R, T, N, F>, blocksFor(device, (n + V - 1) / V, kBlock), kBlock, f, n, in,
           out.bytes());
  else if (const int64_t inner = nest.dims == 0 ? 1 : nest.sizes[nest.dims - 1]; inner >= 2 * kWarp) {
    Nest<N + 1> outer = nest;
    outer.dims--;
    const int64_t rows = n / inner, runs = (inner + kRun - 1) / kRun;
    launch(what, device, mapRuns<R, T, N, F>, blocksFor(device, rows * runs, kBlock / kWarp), kBlock, f, rows, inner,
           outer, in, out.bytes(), nest.stride(0));
  } else
    launch(what, device, mapStrided<R, T, N, F>, blocksFor(device, n, kBlock), kBlock, f, n, nest, in, out.bytes());
}

template <class T, class F>
void unaryKernel(const char* what, const Tensor& x, const Tensor& out) {
  map<decltype(F()(T())), T>(what, F(), out, Operand(x));
}
template <class T, class F>
void binaryKernel(const char* what, const Operand& x, const Operand& y, double alpha, const Tensor& out) {
  const F f = withAlpha<F, T>(alpha);
  map<decltype(f(T(), T())), T>(what, f, out, x, y);
}

using UnaryKernel = void (*)(const char* what, const Tensor& x, const Tensor& out);
using BinaryKernel = void (*)(const char* what, const Operand& x, const Operand& y, double alpha, const Tensor& out);

#define DT_UNARY_ROW(name, F, dtypes) DT_ROW_##dtypes(unaryKernel, F),
#define DT_BINARY_ROW(name, F, dtypes) DT_ROW_##dtypes(binaryKernel, F),
constexpr UnaryKernel unaryKernels[kUnaries][kDTypes] = {DT_UNARY_KERNELS(DT_UNARY_ROW)};
constexpr BinaryKernel binaryKernels[kBinaries][kDTypes] = {DT_BINARY_KERNELS(DT_BINARY_ROW)};

template <class Kernel>
Kernel existing(Kernel kernel, const char* op, DType dtype) {
  dtrain::check(kernel, Code::internal, op, ": there is no kernel for ", dtype);
  return kernel;
}

// out[i] = start + step i: thread i, contiguous.
template <class T>
__global__ void arangeKernel(int64_t n, double start, double step, T* out) {
  for (int64_t i = thread(); i < n; i += threads()) out[i] = Convert<T>()(start + step * static_cast<double>(i));
}

void fill(const Tensor& out, double value) {
  dispatch("fill", out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    map<T, T>("fill", Convert<T>(), out, Operand(value));
  });
}

void copy(const Tensor& x, const Tensor& out) {
  dispatch("copy", x.dtype(), [&](auto from) {
    dispatch("copy", out.dtype(),
             [&](auto to) { map<decltype(to), decltype(from)>("copy", Convert<decltype(to)>(), out, Operand(x)); });
  });
}

void arange(const Tensor& out, double start, double step) {
  const int64_t n = out.numel();
  if (n == 0) return;
  dispatch("arange", out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    launch("arange", out.device(), arangeKernel<T>, blocksFor(out.device(), n, kBlock), kBlock, n, start, step,
           out.data<T>());
  });
}

void unary(Unary op, const Tensor& x, const Tensor& out) {
  const auto kernel = unaryKernels[static_cast<int>(op)][static_cast<int>(x.dtype())];
  existing(kernel, name(op), x.dtype())(name(op), x, out);
}

void binary(Binary op, const Operand& x, const Operand& y, double alpha, const Tensor& out) {
  const DType dtype = x.isTensor() ? x.tensor.dtype() : y.tensor.dtype();
  const auto kernel = binaryKernels[static_cast<int>(op)][static_cast<int>(dtype)];
  existing(kernel, name(op), dtype)(name(op), x, y, alpha, out);
}

}  // namespace

const Fill copyKernels(cudaTable<CopyKernels>, {.fill = fill, .copy = copy});
const Fill creationKernels(cudaTable<CreationKernels>, {.arange = arange});
const Fill unaryKernels(cudaTable<UnaryKernels>, {.unary = unary});
const Fill binaryKernels(cudaTable<BinaryKernels>, {.binary = binary});

}  // namespace dtrain::cuda
