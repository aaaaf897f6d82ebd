// Emulated CUDA: the device language, for g++. Each thread of a block is a fiber, or a plain call while it meets no
// barrier; threadIdx and its like are thread-local variables that the scheduler sets before it resumes a thread.
// One OS thread runs one block at a time, which is why `static thread_local` is shared memory.
// Maths comes from <cmath>, so results may differ from a GPU's in the last bits.
#pragma once

#include <math.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstring>
#include <memory>
#include <source_location>
#include <tuple>
#include <type_traits>
#include <utility>

#include "cuda_runtime_api.h"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __shared__ static thread_local
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))

// The fastest access a library that is opened late may ask for; glibc keeps room for such small variables.
#define EMULATION_THREAD EMULATION_API __attribute__((tls_model("initial-exec"))) constinit thread_local
extern EMULATION_THREAD uint3 threadIdx;
extern EMULATION_THREAD uint3 blockIdx;
extern EMULATION_THREAD dim3 blockDim;
extern EMULATION_THREAD dim3 gridDim;
inline constexpr int warpSize = 32;

namespace emulation {

enum class Sync {
  block,
  blockCount,
  blockAnd,
  blockOr,
  warp,
  ballot,
  any,
  all,
  shuffle,
  shuffleUp,
  shuffleDown,
  shuffleXor
};

// Both return when all threads concerned have arrived. `at` tells barriers apart: threads that wait at different ones
// would hang a GPU, and here the launch fails with a sentence that names both lines.
EMULATION_API int syncBlock(Sync kind, int predicate, std::source_location at);
EMULATION_API uint64_t syncWarp(Sync kind, unsigned mask, uint64_t value, int lane, int width, std::source_location at);

template <class T>
concept Shuffled = std::same_as<T, int> || std::same_as<T, unsigned> || std::same_as<T, long> ||
    std::same_as<T, unsigned long> || std::same_as<T, long long> || std::same_as<T, unsigned long long> ||
    std::same_as<T, float> || std::same_as<T, double>;

template <Shuffled T>
T shuffle(Sync kind, unsigned mask, T value, int lane, int width, std::source_location at) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bits = syncWarp(kind, mask, bits, lane, width, at);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// One kernel argument as the launch checks it: every value in it that could be a device pointer must be one.
struct Argument {
  const void* bytes;
  size_t size;
  bool pointer;
};

// A kernel with its arguments bound. `thread` runs it as the thread that threadIdx names.
struct Kernel {
  std::shared_ptr<const void> call;
  void (*thread)(const void* call);
  const Argument* arguments;
  size_t count;
  const char* signature;
};
EMULATION_API cudaError_t launch(const cudaLaunchConfig_t* config, Kernel kernel);

template <class... Parameters>
struct Call {
  void (*kernel)(Parameters...);
  std::tuple<Parameters...> values;
  Argument arguments[sizeof...(Parameters) + 1] = {};

  template <class... Actual>
  Call(void (*kernel)(Parameters...), Actual&&... actual) : kernel(kernel), values(std::forward<Actual>(actual)...) {
    std::apply(
        [&](const auto&... value) {
          size_t i = 0;
          ((arguments[i++] = {&value, sizeof value, std::is_pointer_v<std::remove_cvref_t<decltype(value)>>}), ...);
        },
        values);
  }
  Call(const Call&) = delete;
  static void thread(const void* call) {
    const auto& self = *static_cast<const Call*>(call);
    std::apply(self.kernel, self.values);
  }
  static const char* signature() { return __PRETTY_FUNCTION__; }
};

}  // namespace emulation

template <class... Parameters, class... Actual>
inline cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Parameters...),
                                      Actual&&... actual) {
  static_assert((std::is_trivially_copyable_v<Parameters> && ...), "a kernel's parameters are copied as bytes");
  using Call = emulation::Call<Parameters...>;
  if (kernel == nullptr) return emulation::launch(config, {});
  auto call = std::make_shared<const Call>(kernel, std::forward<Actual>(actual)...);
  const emulation::Argument* arguments = call->arguments;
  return emulation::launch(config,
                           {std::move(call), Call::thread, arguments, sizeof...(Parameters), Call::signature()});
}

// Barriers of a block
inline void __syncthreads(std::source_location at = std::source_location::current()) {
  emulation::syncBlock(emulation::Sync::block, 0, at);
}
inline int __syncthreads_count(int predicate, std::source_location at = std::source_location::current()) {
  return emulation::syncBlock(emulation::Sync::blockCount, predicate, at);
}
inline int __syncthreads_and(int predicate, std::source_location at = std::source_location::current()) {
  return emulation::syncBlock(emulation::Sync::blockAnd, predicate, at);
}
inline int __syncthreads_or(int predicate, std::source_location at = std::source_location::current()) {
  return emulation::syncBlock(emulation::Sync::blockOr, predicate, at);
}

// Warps
inline void __syncwarp(unsigned mask = 0xffffffff, std::source_location at = std::source_location::current()) {
  emulation::syncWarp(emulation::Sync::warp, mask, 0, 0, warpSize, at);
}
inline unsigned __ballot_sync(unsigned mask, int predicate, std::source_location at = std::source_location::current()) {
  return static_cast<unsigned>(emulation::syncWarp(emulation::Sync::ballot, mask, predicate != 0, 0, warpSize, at));
}
inline int __any_sync(unsigned mask, int predicate, std::source_location at = std::source_location::current()) {
  return emulation::syncWarp(emulation::Sync::any, mask, predicate != 0, 0, warpSize, at) != 0;
}
inline int __all_sync(unsigned mask, int predicate, std::source_location at = std::source_location::current()) {
  return emulation::syncWarp(emulation::Sync::all, mask, predicate != 0, 0, warpSize, at) == mask;
}
template <emulation::Shuffled T>
T __shfl_sync(unsigned mask, T value, int lane, int width = warpSize,
              std::source_location at = std::source_location::current()) {
  return emulation::shuffle(emulation::Sync::shuffle, mask, value, lane, width, at);
}
template <emulation::Shuffled T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                 std::source_location at = std::source_location::current()) {
  return emulation::shuffle(emulation::Sync::shuffleUp, mask, value, static_cast<int>(delta), width, at);
}
template <emulation::Shuffled T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                   std::source_location at = std::source_location::current()) {
  return emulation::shuffle(emulation::Sync::shuffleDown, mask, value, static_cast<int>(delta), width, at);
}
template <emulation::Shuffled T>
T __shfl_xor_sync(unsigned mask, T value, int laneMask, int width = warpSize,
                  std::source_location at = std::source_location::current()) {
  return emulation::shuffle(emulation::Sync::shuffleXor, mask, value, laneMask, width, at);
}

// Fences. The atomics below order memory already, and sanitizers understand atomics but not fences.
inline void __threadfence() { __sync_synchronize(); }
inline void __threadfence_block() { __sync_synchronize(); }
inline void __threadfence_system() { __sync_synchronize(); }

// Atomics, for the types that a GPU has them for. They return the old value, but for a load.
namespace emulation {

template <class T, class F>
T exchangeWith(T* address, F&& next) {
  std::atomic_ref<T> cell(*address);
  T old = cell.load(std::memory_order_relaxed);
  while (!cell.compare_exchange_weak(old, next(old), std::memory_order_acq_rel, std::memory_order_relaxed)) {
  }
  return old;
}

template <class T, class... Types>
concept OneOf = (std::same_as<T, Types> || ...);
template <class T>
concept Word = OneOf<T, int, unsigned, unsigned long long>;
template <class T>
concept SignedWord = Word<T> || std::same_as<T, long long>;

}  // namespace emulation

constexpr int __NV_ATOMIC_RELAXED = __ATOMIC_RELAXED, __NV_THREAD_SCOPE_SYSTEM = 0;
template <emulation::Word T>
T __nv_atomic_load_n(T* address, int order, int /*scope*/) {
  return __atomic_load_n(address, order);
}
template <class T>
requires emulation::Word<T> || std::floating_point<T> T atomicAdd(T* address, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*address).fetch_add(value, std::memory_order_acq_rel);
}
template <emulation::OneOf<int, unsigned> T>
T atomicSub(T* address, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*address).fetch_sub(value, std::memory_order_acq_rel);
}
template <class T>
requires emulation::Word<T> || std::same_as<T, float> T atomicExch(T* address, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*address).exchange(value, std::memory_order_acq_rel);
}
template <emulation::Word T>
T atomicCAS(T* address, std::type_identity_t<T> compare, std::type_identity_t<T> value) {
  std::atomic_ref<T>(*address).compare_exchange_strong(compare, value, std::memory_order_acq_rel);
  return compare;
}
template <emulation::SignedWord T>
T atomicMax(T* address, std::type_identity_t<T> value) {
  return emulation::exchangeWith(address, [&](T old) { return old < value ? value : old; });
}
template <emulation::SignedWord T>
T atomicMin(T* address, std::type_identity_t<T> value) {
  return emulation::exchangeWith(address, [&](T old) { return value < old ? value : old; });
}
template <emulation::SignedWord T>
T atomicOr(T* address, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*address).fetch_or(value, std::memory_order_acq_rel);
}
template <emulation::SignedWord T>
T atomicAnd(T* address, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*address).fetch_and(value, std::memory_order_acq_rel);
}

// Bits
template <class T>
T __ldg(const T* address) {
  return *address;
}
inline int __popc(unsigned x) { return std::popcount(x); }
inline int __popcll(unsigned long long x) { return std::popcount(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __ffsll(long long x) { return __builtin_ffsll(x); }
inline int __clz(int x) { return std::countl_zero(static_cast<unsigned>(x)); }
inline int __clzll(long long x) { return std::countl_zero(static_cast<unsigned long long>(x)); }
inline int __mulhi(int x, int y) { return static_cast<int>((static_cast<int64_t>(x) * y) >> 32); }
inline unsigned __umulhi(unsigned x, unsigned y) { return static_cast<unsigned>((static_cast<uint64_t>(x) * y) >> 32); }
inline long long __mul64hi(long long x, long long y) { return static_cast<long long>((__int128(x) * y) >> 64); }
inline unsigned long long __umul64hi(unsigned long long x, unsigned long long y) {
  return static_cast<unsigned long long>(((unsigned __int128)(x)*y) >> 64);
}
inline int __float_as_int(float x) { return std::bit_cast<int>(x); }
inline unsigned __float_as_uint(float x) { return std::bit_cast<unsigned>(x); }
inline float __int_as_float(int x) { return std::bit_cast<float>(x); }
inline float __uint_as_float(unsigned x) { return std::bit_cast<float>(x); }
inline long long __double_as_longlong(double x) { return std::bit_cast<long long>(x); }
inline double __longlong_as_double(long long x) { return std::bit_cast<double>(x); }

// Maths that CUDA adds to C's
inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
inline double rsqrt(double x) { return 1.0 / std::sqrt(x); }
inline void sincospi(double x, double* sine, double* cosine) {
  // Reduced to a quarter turn before the multiplication by pi, so that multiples of 1/2 are exact.
  const double quarters = std::rint(2.0 * x), r = (x - quarters / 2) * M_PI;
  const double s = std::sin(r), c = std::cos(r);
  const int turn = static_cast<int>(std::fmod(quarters, 4.0)) & 3;
  *sine = turn == 0 ? s : turn == 1 ? c : turn == 2 ? -s : -c;
  *cosine = turn == 0 ? c : turn == 1 ? -s : turn == 2 ? -c : s;
}
// The hardware's approximation; the C library declares the name, and keeps the function to itself.
extern "C" inline void __sincosf(float x, float* sine, float* cosine) noexcept {
  *sine = std::sin(x);
  *cosine = std::cos(x);
}
inline void sincospif(float x, float* sine, float* cosine) {
  double s, c;
  sincospi(x, &s, &c);
  *sine = static_cast<float>(s);
  *cosine = static_cast<float>(c);
}
template <class T>
requires std::integral<T> || std::floating_point<T>
constexpr T min(T a, T b) {
  if constexpr (std::floating_point<T>) return std::fmin(a, b);
  return b < a ? b : a;
}
template <class T>
requires std::integral<T> || std::floating_point<T>
constexpr T max(T a, T b) {
  if constexpr (std::floating_point<T>) return std::fmax(a, b);
  return a < b ? b : a;
}
