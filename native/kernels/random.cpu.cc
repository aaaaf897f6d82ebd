// Random kernels with PyTorch's rules, so that a seed gives PyTorch's numbers. Elements are drawn in memory order.
// The order of 32-bit draws is part of the contract: float32 uniforms take one, float64 and large integers two. Halves
// are float32 numbers, rounded.
#include "kernels/random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/generator.h"
#include "kernels/cephes.h"
#include "kernels/cpu/plan.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

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

// Box-Muller, two values from u1, u2 in [0, 1). float32 uses the approximations of PyTorch's vectorised path.
struct Polar {
  double radius, sine, cosine;
};
Polar polar(double u1, double u2) {
  const double theta = 2.0 * std::numbers::pi * u2;
  return {std::sqrt(-2.0 * std::log(u1)), std::sin(theta), std::cos(theta)};
}
struct PolarF {
  float radius, sine, cosine;
};
PolarF polar(float u1, float u2) {
  const auto [sine, cosine] = cephes::sincos(static_cast<float>(2.0 * std::numbers::pi) * u2);
  return {std::sqrt(-2.0f * cephes::log(u1)), sine, cosine};
}

// Sixteen uniforms become sixteen normals, in place.
template <class T>
void fill16(T* d, T mean, T std) {
  for (int j = 0; j < 8; j++) {
    const auto [radius, sine, cosine] = polar(T(1) - d[j], d[j + 8]);
    d[j] = std::fma(radius * cosine, std, mean);
    d[j + 8] = std::fma(radius * sine, std, mean);
  }
}

// Halves draw the last block where the others draw a number for each element first.
template <class T>
void normalFillHalves(T* d, int64_t n, float mean, float std, Generator& g) {
  for (int64_t i = 0; i < n; i += 16) {
    float block[16];
    for (float& u : block) u = uniform01<float>(g);
    fill16(block, mean, std);
    std::copy_n(block, 16, d + std::min(i, n - 16));  // overwrites part of the last full block
  }
}

template <class T>
void normalFill(T* d, int64_t n, T mean, T std, Generator& g) {
  for (int64_t i = 0; i < n; i++) d[i] = uniform01<T>(g);
  for (int64_t i = 0; i + 15 < n; i += 16) fill16(d + i, mean, std);
  if (n % 16 == 0) return;
  T* tail = d + n - 16;  // overwrites part of the last full block
  for (int j = 0; j < 16; j++) tail[j] = uniform01<T>(g);
  fill16(tail, mean, std);
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
    inMemoryOrder<T>(out, [&](T& v) {
      v = std::fma(uniform01<C>(g), range, low);
      if (v == top && bottom != top) v = bottom;  // it was rounded up to the end, which is not in the range
    });
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
