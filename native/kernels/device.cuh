// What the CUDA kernels share: the elementwise maths for the device, indexing, reductions of a warp and a block,
// reports of wrong values. Included by *.cu only. Kernels assume warps of 32 threads and blocks of kBlock.
#pragma once

#include <algorithm>
#include <limits>

#include "core/cuda.h"
#include "core/dtype.h"
#include "kernels/nest.h"
#include "kernels/reduce.h"
#include "kernels/table.h"

namespace dtrain::cuda {

#define DT_HD __host__ __device__
#include "kernels/math/convert.h"
#include "kernels/math/reduce.h"

constexpr int kWarp = 32;
constexpr int kFew = 8;      // lanes of a warp that share a short row
constexpr int kBlock = 256;  // threads of a block, unless a kernel says otherwise
constexpr unsigned kAllLanes = 0xffffffff;

// This thread among those of the grid, and their number: `for (i = thread(); i < n; i += threads())` is a grid-stride
// loop, which covers any n with any grid and keeps neighbouring threads on neighbouring elements.
__device__ inline int64_t thread() { return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; }
__device__ inline int64_t threads() { return static_cast<int64_t>(gridDim.x) * blockDim.x; }

template <int N>
struct Offsets {
  int64_t at[N];
};

// V neighbouring elements, which one access moves if they are aligned to their size.
template <class T, int V>
struct alignas(sizeof(T) * V) Pack {
  T at[V];
};
template <class T>
constexpr int kWide = std::max<int>(1, 16 / sizeof(T));  // elements of the widest access
template <class T>
using WidePack = Pack<T, kWide<T>>;

inline bool isWide(const void* p) { return reinterpret_cast<uintptr_t>(p) % 16 == 0; }

// The pack that starts at p, in one access if it is aligned (`wide`), and in as many as it has elements if not.
template <class T>
__device__ WidePack<T> loadPack(const T* p, bool wide) {
  if (wide) return *reinterpret_cast<const WidePack<T>*>(p);
  WidePack<T> pack;
  for (int v = 0; v < kWide<T>; v++) pack.at[v] = p[v];
  return pack;
}
template <class T>
__device__ void storePack(T* p, const WidePack<T>& pack, bool wide) {
  if (wide) *reinterpret_cast<WidePack<T>*>(p) = pack;
  else
    for (int v = 0; v < kWide<T>; v++) p[v] = pack.at[v];
}

// Byte offsets of the i-th element of a nest, in its order. A 64-bit division takes the 32-bit way by itself when both
// numbers fit. Not unrolled, because a division is long.
template <int N>
__device__ Offsets<N> offsetsOf(const Nest<N>& nest, int64_t i) {
  Offsets<N> offsets{};
#pragma unroll 1
  for (int64_t d = nest.dims - 1; d >= 0; d--) {
    int64_t index = i;  // the outermost dimension takes what is left
    if (d > 0) {
      const auto size = static_cast<uint64_t>(nest.sizes[d]), rest = static_cast<uint64_t>(i) / size;
      index = static_cast<int64_t>(static_cast<uint64_t>(i) - rest * size);
      i = static_cast<int64_t>(rest);
    }
    for (int o = 0; o < N; o++) offsets.at[o] += index * nest.strides[o][d];
  }
  return offsets;
}

// Where a maximum starts, and a minimum.
template <class T>
constexpr T kLowest = std::numeric_limits<T>::has_infinity ? static_cast<T>(-std::numeric_limits<T>::infinity())
                                                           : std::numeric_limits<T>::lowest();
template <class T>
constexpr T kHighest = std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity()
                                                            : std::numeric_limits<T>::max();

// The value of the lane whose number differs in the bits of `mask`, among `lanes`, which all call it. Small types
// travel as int, halves as float.
template <class T>
__device__ T shuffleXor(unsigned lanes, T value, int mask) {
  using Small = std::conditional_t<std::is_integral_v<T>, int, float>;
  using Carrier = std::conditional_t<(sizeof(T) < sizeof(int)), Small, T>;
  return static_cast<T>(__shfl_xor_sync(lanes, static_cast<Carrier>(value), mask));
}

// A value and where it stands, for maxima that remember their place.
template <class T>
struct Located {
  T value;
  int64_t index;
};
template <class T>
__device__ Located<T> shuffleXor(unsigned lanes, Located<T> x, int mask) {
  return {shuffleXor(lanes, x.value, mask), shuffleXor(lanes, x.index, mask)};
}
__device__ inline Powers shuffleXor(unsigned lanes, Powers x, int mask) {
  return {shuffleXor(lanes, x.sum, mask), x.p};
}
__device__ inline Moments shuffleXor(unsigned lanes, Moments x, int mask) {
  return {shuffleXor(lanes, x.count, mask), shuffleXor(lanes, x.mean, mask), shuffleXor(lanes, x.squares, mask)};
}

// Combines the values of a group of kGroup threads, consecutive ones of a block: 1, a few lanes of a warp, a warp, or
// the whole block of kBlock. Every thread of the group calls it and gets the result. The order of combination depends
// on nothing but kGroup, so a repeated run gives the same bits.
template <int kGroup, class A, class F>
__device__ A combineGroup(A a, F combine) {
  static_assert(kGroup == 1 || kGroup == kFew || kGroup == kWarp || kGroup == kBlock);
  if constexpr (kGroup > 1) {
    // Only the group's own lanes: its neighbours in the warp may have left the loop over rows.
    const unsigned lanes = kGroup == kFew ? ((1u << kFew) - 1) << threadIdx.x % kWarp / kFew * kFew : kAllLanes;
    for (int mask = min(kGroup, kWarp) / 2; mask > 0; mask /= 2) a = combine(a, shuffleXor(lanes, a, mask));
  }
  if constexpr (kGroup == kBlock) {
    __shared__ A ofWarp[kBlock / kWarp];
    if (threadIdx.x % kWarp == 0) ofWarp[threadIdx.x / kWarp] = a;
    __syncthreads();
    a = ofWarp[0];
    for (int i = 1; i < kBlock / kWarp; i++) a = combine(a, ofWarp[i]);
    __syncthreads();  // the array is free for the next call
  }
  return a;
}

// What combines two values, and what a combination starts from.
struct Plus {
  template <class A>
  static __device__ A start() {
    return A(0);
  }
  template <class A>
  __device__ A operator()(A a, A b) const {
    return a + b;
  }
};
struct Max {  // see maxOf for NaN
  template <class T>
  static __device__ T start() {
    return kLowest<T>;
  }
  template <class T>
  __device__ T operator()(T a, T b) const {
    return maxOf(a, b);
  }
};

constexpr int64_t kLongRow = 1024;  // rows of more elements get a block each

// Runs f(constant kGroup) with the group that suits rows of n elements.
template <class F>
void withGroup(int64_t n, F&& f) {
  if (n <= kWarp) f(std::integral_constant<int, kFew>());
  else if (n <= kLongRow) f(std::integral_constant<int, kWarp>());
  else f(std::integral_constant<int, kBlock>());
}

// Where a kernel reports a value outside [0, limit): Note [Device failures] in core/runtime.h. The first report wins.
struct Report {
  Fault* to;
  const char* op;
  Fault::Kind kind;
  int dim;
  int64_t limit;

  __device__ void operator()(int64_t value) const {
    const int ticket = read(&to->ticket);
    if (read(&to->claimed) >= ticket || atomicMax(&to->claimed, ticket) >= ticket) return;
    to->dim = dim;
    to->op = op;
    to->value = value;
    to->limit = limit;
    __threadfence_system();
    atomicExch(&to->kind, static_cast<int>(kind));
  }
  // Not from a cache. Much cheaper than an atomic, and a bad batch may have a wrong value in every row.
  static __device__ int read(int* p) { return __nv_atomic_load_n(p, __NV_ATOMIC_RELAXED, __NV_THREAD_SCOPE_SYSTEM); }
};

}  // namespace dtrain::cuda
