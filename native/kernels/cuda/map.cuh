// Elementwise kernels: out[i] = f(x[i], …) for the formulas of kernels/math.
//   flat:    operands are contiguous and of one dtype, or repeat one element; a thread moves 16 bytes of the widest
//            operand at a time. Compiled for the real dtypes, and only for the formulas that want it
//   runs:    the nest of nest.h (broadcast rows, transposes, slices) where its innermost loop is long
//   strided: anything else, one element per thread, along that nest
// runs and strided take any dtypes (element.cuh). In all of them neighbouring threads write neighbouring elements.
// Bytes moved: every operand once; a transposed operand is read in sectors of 32 bytes of which the rest comes from the
// cache.
//
// All kernels of N operands have one signature, so that what chooses among them (map.cu) is compiled once.
#pragma once

#include "core/operand.h"
#include "kernels/cuda/element.cuh"
#include "kernels/elementwise.h"

namespace dtrain::cuda {

// An operand: elements in memory, or the same number for all (then data is null). Without padding, as all that a kernel
// takes by value: a launch carries no stray bytes.
struct Source {
  const char* data;
  int64_t stride;  // bytes, of the innermost loop
  double number;
  DType dtype;
  bool rounds;  // to `common`, before anything is computed
  char none[6] = {};
};

template <int N>
struct MapArguments {
  int64_t n;
  int64_t rows, inner;  // of the nest: its innermost loop has `inner` elements, and there are `rows` of those
  int64_t step;         // of out in the innermost loop, bytes
  Nest<N + 1> nest;     // operands {out, x, …}; for runs, without the innermost loop
  Source in[N];
  char* out;
  double alpha;
  DType common, outType;
  char none[6] = {};
};
template <int N>
using MapKernel = void (*)(MapArguments<N>);

// The kernels of a formula that is computed in one type.
template <int N>
struct MapKernels {
  MapKernel<N> runs;  // null: `strided` stands in
  MapKernel<N> strided;
  MapKernel<N> flat[kDTypes];  // by the dtype of the operands; null: there is none
  bool predicate;              // its results are bool
};
template <int N>
using MapRow = MapKernels<N>[kComputes];

// kernels/elementwise.h says what `common` is.
void map(const char* what, const MapRow<1>& row, const Operand& x, DType common, const Tensor& out);
void map(const char* what, const MapRow<2>& row, const Operand& x, const Operand& y, double alpha, DType common,
         const Tensor& out);
void map(const char* what, const MapRow<3>& row, const Operand& x, const Operand& y, const Operand& z, DType common,
         const Tensor& out);

template <class F, class C>
__device__ F withAlpha(double alpha) {
  if constexpr (requires(F f) { f.alpha; }) return F{static_cast<decltype(F::alpha)>(Convert<C>()(alpha))};
  else return F{};
}

template <class F, class C>
__device__ auto apply(const F& f, const C (&x)[1]) {
  return f(x[0]);
}
template <class F, class C>
__device__ auto apply(const F& f, const C (&x)[2]) {
  return f(x[0], x[1]);
}
template <class F, class C>
__device__ auto apply(const F& f, const C (&x)[3]) {
  return f(x[0], x[1], x[2]);
}

// One element of an operand, or its number.
template <class C>
__device__ C elementOf(const Source& x, int64_t offset, DType common) {
  if (!x.data) return static_cast<C>(x.number);
  const C value = loadElement<C>(x.data + offset, x.dtype);
  return x.rounds ? roundedTo(common, value) : value;
}

// Elements a thread takes at a time, so that its widest access has 16 bytes.
template <class R, class T>
constexpr int kPack = 16 / std::max(sizeof(R), sizeof(T));

// Thread p has elements p V to p V + V - 1, for p = thread, thread + threads, …; the remainder of n / V is taken by the
// first threads, one each. T is the type of the elements, C what they are computed in.
template <class F, class C, class T, int N>
__global__ void mapFlat(MapArguments<N> a) {
  const F f = withAlpha<F, C>(a.alpha);
  using R = std::conditional_t<std::is_same_v<decltype(apply(f, std::declval<C[N]>())), bool>, bool, T>;
  constexpr int V = kPack<R, T>;
  C same[N];
  for (int o = 0; o < N; o++) same[o] = a.in[o].stride == 0 ? elementOf<C>(a.in[o], 0, a.common) : C();
  const int64_t packs = a.n / V;
  for (int64_t p = thread(); p < packs; p += threads()) {
    Pack<T, V> x[N]{};  // what repeats is not loaded
    for (int o = 0; o < N; o++)
      if (a.in[o].stride != 0) x[o] = reinterpret_cast<const Pack<T, V>*>(a.in[o].data)[p];
    Pack<R, V> r;
    for (int v = 0; v < V; v++) {
      C values[N];
      for (int o = 0; o < N; o++) values[o] = a.in[o].stride != 0 ? static_cast<C>(x[o].at[v]) : same[o];
      r.at[v] = apply(f, values);
    }
    reinterpret_cast<Pack<R, V>*>(a.out)[p] = r;
  }
  const int64_t i = packs * V + thread();
  if (i >= a.n) return;
  C values[N];
  for (int o = 0; o < N; o++)
    values[o] = a.in[o].stride != 0 ? static_cast<C>(reinterpret_cast<const T*>(a.in[o].data)[i]) : same[o];
  reinterpret_cast<R*>(a.out)[i] = apply(f, values);
}

template <class F, class C, int N>
__device__ void storeResult(const F& f, const C (&values)[N], char* to, DType outType) {
  const auto result = apply(f, values);
  if constexpr (std::is_same_v<decltype(result), const bool>) *reinterpret_cast<bool*>(to) = result;
  else storeElement<C>(to, outType, result);
}

constexpr int kRun = 256;

// A warp has kRun elements of an innermost loop at a time, thread l those with l, l + 32, …, of which it loads four
// before it stores any.
template <class F, class C, int N>
__global__ void mapRuns(MapArguments<N> a) {
  constexpr int V = 4;
  const F f = withAlpha<F, C>(a.alpha);
  const int64_t runs = (a.inner + kRun - 1) / kRun;
  for (int64_t g = thread() / kWarp; g < a.rows * runs; g += threads() / kWarp) {
    const int64_t row = runs == 1 ? g : g / runs, begin = (g - row * runs) * kRun, end = min(a.inner, begin + kRun);
    const Offsets<N + 1> offsets = offsetsOf(a.nest, row);
    for (int64_t i = begin + threadIdx.x % kWarp; i < end; i += V * kWarp) {
      C values[V][N]{};
      for (int v = 0; v < V; v++)
        if (i + v * kWarp < end)
          for (int o = 0; o < N; o++)
            values[v][o] = elementOf<C>(a.in[o], offsets.at[o + 1] + (i + v * kWarp) * a.in[o].stride, a.common);
      for (int v = 0; v < V; v++)
        if (i + v * kWarp < end) storeResult(f, values[v], a.out + offsets.at[0] + (i + v * kWarp) * a.step, a.outType);
    }
  }
}

// Thread i has the i-th element, then the one `threads` later.
template <class F, class C, int N>
__global__ void mapStrided(MapArguments<N> a) {
  const F f = withAlpha<F, C>(a.alpha);
  for (int64_t i = thread(); i < a.n; i += threads()) {
    const Offsets<N + 1> offsets = offsetsOf(a.nest, i);
    C values[N];
    for (int o = 0; o < N; o++) values[o] = elementOf<C>(a.in[o], offsets.at[o + 1], a.common);
    storeResult(f, values, a.out + offsets.at[0], a.outType);
  }
}

enum class Use { cold, rare, hot };

template <class Of, class C, int N, Use kUse>
constexpr MapKernels<N> mapKernels() {
  MapKernels<N> kernels{{}, mapStrided<Of, C, N>, {}, false};
  kernels.predicate = std::is_same_v<decltype(apply(Of{}, std::declval<C[N]>())), bool>;
  if constexpr (kUse != Use::cold) kernels.runs = mapRuns<Of, C, N>;
  [[maybe_unused]] const auto flat = [&](DType dtype, MapKernel<N> kernel) {
    kernels.flat[static_cast<int>(dtype)] = kernel;
  };
  if constexpr (kUse != Use::cold && std::is_same_v<C, float>) flat(DType::float32, mapFlat<Of, C, float, N>);
  if constexpr (kUse == Use::hot) {
    if constexpr (std::is_same_v<C, float>) {
      flat(DType::float16, mapFlat<Of, C, Half, N>);
      flat(DType::bfloat16, mapFlat<Of, C, BFloat16, N>);
    } else {
      flat(dtypeOf<C>(), mapFlat<Of, C, C, N>);
    }
  }
  return kernels;
}

// Rows of a family's table, from a list of kernels/<family>.h.
#define DT_MAP_floats(F, N, use)                                                       \
  {                                                                                    \
    mapKernels<F<float>, float, N, use>(), mapKernels<F<double>, double, N, use>(), {} \
  }
#define DT_MAP_numbers(F, N, use)                                                   \
  {                                                                                 \
    mapKernels<F<float>, float, N, use>(), mapKernels<F<double>, double, N, use>(), \
        mapKernels<F<int64_t>, int64_t, N, use>()                                   \
  }
#define DT_MAP_integers(F, N, use) \
  { {}, {}, mapKernels<F<int64_t>, int64_t, N, use>() }
#define DT_MAP_UNARY(name, F, dtypes, use) DT_MAP_##dtypes(F, 1, Use::use),
#define DT_MAP_BINARY(name, F, dtypes, use) DT_MAP_##dtypes(F, 2, Use::use),
#define DT_MAP_TERNARY(name, F, dtypes, use) DT_MAP_##dtypes(F, 3, Use::use),

}  // namespace dtrain::cuda
