// Random kernels with PyTorch's rules, so that a seed gives PyTorch's numbers. Elements are drawn in memory order.
// The order of 32-bit draws is part of the contract: float32 uniforms take one, float64 and large integers two. Halves
// are float32 numbers, rounded.
#include "kernels/random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/generator.h"
#include "kernels/cpu/loops.h"
#include "kernels/cpu/plan.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

constexpr int64_t kBlock = 1024;  // draws that wait in the first-level cache

template <class T>
T uniform01(Generator& g);
template <>
float uniform01(Generator& g) {
  return static_cast<float>(g.random() & 0xffffff) * 0x1p-24f;
}
template <>
double uniform01(Generator& g) {
  return static_cast<double>(g.random64() & ((uint64_t{1} << 53) - 1)) * 0x1p-53;
}

// f(T&) on every element in memory order, one thread.
template <class T, class F>
void inMemoryOrder(const Tensor& out, F&& f) {
  Plan<1> plan(out);
  plan.run(
      [&](int64_t n, auto& p, auto& s) {
        for (int64_t i = 0; i < n; i++) f(*reinterpret_cast<T*>(p[0] + i * s[0]));
      },
      /*serial=*/true);
}

// The next n numbers in [0, 1).
void uniforms01(float* d, int64_t n, Generator& g) {
  uint32_t words[kBlock];
  for (int64_t at = 0; at < n; at += kBlock) {
    const int64_t count = std::min(kBlock, n - at);
    g.random(words, count);
    loops().random.uniforms(count, words, d + at);
  }
}
void uniforms01(double* d, int64_t n, Generator& g) {
  for (int64_t i = 0; i < n; i++) d[i] = uniform01<double>(g);
}

// Box-Muller: every sixteen uniforms become sixteen normals, in place. float32 uses the approximations of PyTorch's
// vectorised path.
void normals(float* d, int64_t n, float mean, float std) { loops().random.normals(n, d, mean, std); }
void normals(double* d, int64_t n, double mean, double std) {
  for (int64_t at = 0; at + 15 < n; at += 16)
    for (double* u = d + at; u < d + at + 8; u++) {
      const double theta = 2.0 * std::numbers::pi * u[8], radius = std::sqrt(-2.0 * std::log(1 - u[0]));
      u[0] = std::fma(radius * std::cos(theta), std, mean);
      u[8] = std::fma(radius * std::sin(theta), std, mean);
    }
}

// Halves draw the last block where the others draw a number for each element first.
template <class T>
void normalFillHalves(T* d, int64_t n, float mean, float std, Generator& g) {
  for (int64_t i = 0; i < n; i += 16) {
    float block[16];
    uniforms01(block, 16, g);
    normals(block, 16, mean, std);
    std::copy_n(block, 16, d + std::min(i, n - 16));  // overwrites part of the last full block
  }
}

template <class T>
void normalFill(T* d, int64_t n, T mean, T std, Generator& g) {
  uniforms01(d, n, g);
  normals(d, n, mean, std);
  if (n % 16 == 0) return;
  T* tail = d + n - 16;  // overwrites part of the last full block
  uniforms01(tail, 16, g);
  normals(tail, 16, mean, std);
}

// One normal in double; the second of the pair waits in the generator.
double normal01(Generator& g) {
  if (g.nextNormal) {
    const double z = *g.nextNormal;
    g.nextNormal.reset();
    return z;
  }
  const double u1 = uniform01<double>(g), u2 = uniform01<double>(g);
  const double radius = std::sqrt(-2.0 * std::log1p(-u2)), theta = 2.0 * std::numbers::pi * u1;
  g.nextNormal = radius * std::sin(theta);
  return radius * std::cos(theta);
}

void uniform(const Tensor& out, double from, double to, Generator& g) {
  dispatchFloat("uniform_", out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = ComputeType<T>;
    const C low = static_cast<C>(from), range = static_cast<C>(to) - low;
    const T bottom = static_cast<T>(low), top = static_cast<T>(static_cast<C>(to));
    const auto placed = [&](C u) {
      const T v = static_cast<T>(std::fma(u, range, low));
      return v == top && bottom != top ? bottom : v;  // rounded up to the end, which is not in the range
    };
    if (out.isContiguous() && std::is_same_v<T, float> && from == 0 && to == 1)
      return uniforms01(reinterpret_cast<float*>(out.bytes()), out.numel(), g);
    inMemoryOrder<T>(out, [&](T& v) { v = placed(uniform01<C>(g)); });
  });
}

void normal(const Tensor& out, double mean, double std, Generator& g) {
  dispatchFloat("normal_", out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    if (out.numel() >= 16 && out.isContiguous()) {
      T* const d = out.data<T>();
      if constexpr (sizeof(T) == 2)
        return normalFillHalves(d, out.numel(), static_cast<float>(mean), static_cast<float>(std), g);
      else return normalFill(d, out.numel(), static_cast<T>(mean), static_cast<T>(std), g);
    }
    inMemoryOrder<T>(out, [&](T& v) { v = static_cast<T>(std::fma(normal01(g), std, mean)); });
  });
}

void bernoulli(const Tensor& out, double p, Generator& g) {
  dispatch(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    inMemoryOrder<T>(out, [&](T& v) { v = static_cast<T>(uniform01<double>(g) < p); });
  });
}

double drawnFrom(Distribution distribution, double a, double b, Generator& g) {
  switch (distribution) {
    case Distribution::exponential: return -1 / a * std::log1p(-uniform01<double>(g));
    case Distribution::geometric: return std::ceil(std::log(uniform01<double>(g)) / std::log1p(-a));
    case Distribution::cauchy: return std::fma(b, std::tan(std::numbers::pi * (uniform01<double>(g) - 0.5)), a);
    case Distribution::logNormal: return std::exp(std::fma(normal01(g), b, a));
  }
  __builtin_unreachable();
}

void drawn(const Tensor& out, Distribution distribution, double a, double b, Generator& g) {
  dispatch(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    inMemoryOrder<T>(out, [&](T& v) {
      const double value = drawnFrom(distribution, a, b, g);
      // Counts beyond a small integer wrap, as PyTorch's do.
      if constexpr (std::is_integral_v<T>) v = static_cast<T>(static_cast<int64_t>(std::min(value, 0x1p62)));
      else v = static_cast<T>(value);
    });
  });
}

void randint(const Tensor& out, int64_t low, uint64_t range, bool wide, Generator& g) {
  dispatch(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    inMemoryOrder<T>(out, [&](T& v) {
      const uint64_t draw = wide ? g.random64() : g.random();
      v = static_cast<T>(static_cast<int64_t>(draw % range) + low);
    });
  });
}

void randperm(const Tensor& out, Generator& g) {
  const int64_t n = out.numel();
  dispatch(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* const r = out.data<T>();
    for (int64_t i = 0; i < n; i++) r[i] = static_cast<T>(i);
    for (int64_t i = 0; i < n - 1; i++) std::swap(r[i], r[i + g.random() % (n - i)]);
  });
}

}  // namespace

const Fill table(cpuTable<RandomKernels>, {.uniform = uniform,
                                           .normal = normal,
                                           .bernoulli = bernoulli,
                                           .randint = randint,
                                           .randperm = randperm,
                                           .drawn = drawn});

}  // namespace dtrain::cpu
