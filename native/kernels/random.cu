// Random kernels by Philox4x32-10, with the numbers of PyTorch's CUDA generator for the same seed and offset, as its
// sources (ATen/native/cuda/DistributionTemplates.h) and curand's headers define them:
//   - blocks of 256 threads, as many as n needs but no more than the device can hold at a time, so that the numbers of
//   a
//     large tensor depend on the model of GPU, as PyTorch's do;
//   - thread t draws four words per turn, philoxDraw(seed, t, offset / 4 + turn), which make 4 values (of 32 bits) or 2
//     (of 64); they go to elements t, t + threads, … of the turn, elements being counted in memory order;
//   - a launch moves the generator's offset by 4 per turn.
// Beyond 2 GiB PyTorch splits a tensor, so there the numbers differ. randperm's are our own.
// Bytes moved: out once.
#include "core/generator.h"
#include "kernels/cuda/element.cuh"
#include "kernels/random.h"

namespace dtrain::cuda {

namespace {

#include "kernels/philox.h"

__device__ uint64_t wide(uint32_t high, uint32_t low) { return static_cast<uint64_t>(high) << 32 | low; }

// (0, 1], as curand_uniform4 and curand_uniform2_double; the 53 bits are curand's choice.
__device__ float uniform01(uint32_t word) { return fmaf(static_cast<float>(word), 0x1p-32f, 0x1p-33f); }
__device__ double uniform01(uint32_t x, uint32_t y) {
  return fma(static_cast<double>(x ^ static_cast<uint64_t>(y) << 21), 0x1p-53, 0x1p-54);
}

// A distribution turns four words into kValues numbers, which the kernel stores as a dtype. Value, their type, is float
// (for halves too), double or int64.
template <class T>
struct Uniform {
  using Value = T;
  T from, to;  // numbers that the dtype has
  // PyTorch turns (from, to] into [from, to) by mapping `to` to `from`.
  __device__ T place(T u, DType dtype) const {
    const T value = std::is_same_v<T, float> ? fmaf(u, to - from, from) : fma(u, to - from, from);
    return roundedTo(dtype, value) == to ? from : value;
  }
  static constexpr int kValues = 16 / sizeof(T);
  __device__ void operator()(const PhiloxWords& w, DType dtype, T* out) const {
    if constexpr (kValues == 4) {
      for (int i = 0; i < 4; i++) out[i] = place(uniform01(w.at[i]), dtype);
    } else {
      out[0] = place(uniform01(w.at[0], w.at[1]), dtype);
      out[1] = place(uniform01(w.at[2], w.at[3]), dtype);
    }
  }
};

// Box-Muller, sine first. The float version takes the hardware's sine, as curand does.
template <class T>
struct Normal {
  using Value = T;
  T mean, std;
  static constexpr int kValues = 16 / sizeof(T);
  __device__ void operator()(const PhiloxWords& w, DType, T* out) const {
    if constexpr (kValues == 4) {
      constexpr float kTurn = 2.3283064e-10f * 6.2831855f;  // 2 pi / 2^32
      for (int i = 0; i < 4; i += 2) {
        const float radius = sqrtf(-2.0f * logf(uniform01(w.at[i])));
        float sine, cosine;
        __sincosf(fmaf(static_cast<float>(w.at[i + 1]), kTurn, kTurn / 2), &sine, &cosine);
        out[i] = fmaf(sine * radius, std, mean);
        out[i + 1] = fmaf(cosine * radius, std, mean);
      }
    } else {
      const double radius = sqrt(-2.0 * log(uniform01(w.at[0], w.at[1])));
      double sine, cosine;
      sincospi(2 * uniform01(w.at[2], w.at[3]), &sine, &cosine);
      out[0] = fma(sine * radius, std, mean);
      out[1] = fma(cosine * radius, std, mean);
    }
  }
};

// 1 where a uniform number is below p.
template <class T>
struct Bernoulli {
  using Value = T;
  double p;
  static constexpr int kValues = 16 / sizeof(T);
  __device__ void operator()(const PhiloxWords& w, DType, T* out) const {
    if constexpr (kValues == 4) {
      for (int i = 0; i < 4; i++) out[i] = uniform01(w.at[i]) < p;
    } else {
      out[0] = uniform01(w.at[0], w.at[1]) < p;
      out[1] = uniform01(w.at[2], w.at[3]) < p;
    }
  }
};

// The others, of a uniform number in (0, 1] or of a normal one. The ends where a logarithm or a tangent would be 0 or
// infinite are PyTorch's.
template <class T>
struct Drawn {
  using Value = T;
  T a, b;
  dtrain::Distribution distribution;
  static constexpr T kEpsilon = sizeof(T) == 4 ? T(0x1p-23) : T(0x1p-52);
  __device__ T place(T u) const {
    switch (distribution) {
      case dtrain::Distribution::exponential: return -(u >= 1 - kEpsilon / 2 ? -kEpsilon / 2 : log(u)) / a;
      case dtrain::Distribution::geometric: return ceil(log(u) / log1p(-a));
      case dtrain::Distribution::cauchy: {
        const T inside = u > 1 - kEpsilon ? 1 - kEpsilon : u < kEpsilon ? kEpsilon : u;
        return a + b * tan(T(3.14159265358979323846) * (inside - T(0.5)));
      }
      default: return exp(u);
    }
  }
  static constexpr int kValues = 16 / sizeof(T);
  __device__ void operator()(const PhiloxWords& w, DType dtype, T* out) const {
    if (distribution == dtrain::Distribution::logNormal) {
      Normal<T>{a, b}(w, dtype, out);
    } else if constexpr (kValues == 4) {
      for (int i = 0; i < 4; i++) out[i] = uniform01(w.at[i]);
    } else {
      out[0] = uniform01(w.at[0], w.at[1]);
      out[1] = uniform01(w.at[2], w.at[3]);
    }
    for (int i = 0; i < kValues; i++) out[i] = place(out[i]);
  }
};

// low + draw % range; kWide takes 64 bits per draw, for ranges of 2^28 and more.
template <bool kWide>
struct Integers {
  using Value = int64_t;
  int64_t low;
  uint64_t range;
  static constexpr int kValues = kWide ? 2 : 4;
  __device__ int64_t place(uint64_t draw) const {
    return static_cast<int64_t>(draw % range + static_cast<uint64_t>(low));
  }
  __device__ void operator()(const PhiloxWords& w, DType, int64_t* out) const {
    if constexpr (kWide) {
      out[0] = place(wide(w.at[0], w.at[1]));
      out[1] = place(wide(w.at[2], w.at[3]));
    } else {
      for (int i = 0; i < 4; i++) out[i] = place(w.at[i]);
    }
  }
};

// In turn k thread t draws for the elements t + (kValues k + i) threads, i < kValues.
template <class Distribution>
__global__ void drawKernel(Distribution distribution, uint64_t seed, uint64_t offset, Nest<1> nest, int64_t n,
                           DType dtype, char* out) {
  uint64_t draw = offset / 4;
  for (int64_t first = thread(); first < n; first += Distribution::kValues * threads(), draw++) {
    typename Distribution::Value values[Distribution::kValues];
    distribution(philoxDraw(seed, static_cast<uint64_t>(thread()), draw), dtype, values);
    for (int i = 0; i < Distribution::kValues; i++)
      if (const int64_t at = first + i * threads(); at < n)
        storeElement(out + offsetsOf(nest, at).at[0], dtype, values[i]);
  }
}

template <class Distribution>
void draw(const char* what, const Tensor& out, Generator& g, const Distribution& distribution) {
  const int64_t n = out.numel();
  if (n == 0) return;
  const Device device = out.device();
  const int64_t blocks = std::min(residentBlocks(device, kBlock), (n + kBlock - 1) / kBlock);
  const int64_t turns = (n - 1) / (kBlock * blocks * Distribution::kValues) + 1;
  Strides<1> strides;
  repeat(out, out.sizes(), strides[0]);
  Nest<1> nest{};
  nest.build(out.sizes(), strides);
  const uint64_t offset = g.takeOffset(static_cast<uint64_t>(4 * turns));
  launch(what, device, drawKernel<Distribution>, static_cast<unsigned>(blocks), kBlock, distribution, g.initialSeed(),
         offset, nest, n, out.dtype(), out.bytes());
}

// key[i] = random bits above, i below; those from n on sort behind all others.
__global__ void keysKernel(uint64_t seed, uint64_t offset, int64_t n, int bits, int64_t padded, uint64_t* keys) {
  for (int64_t i = thread(); i < padded; i += threads()) {
    const PhiloxWords w = philoxDraw(seed, static_cast<uint64_t>(i), offset / 4);
    keys[i] = i < n ? wide(w.at[0], w.at[1]) << bits | static_cast<uint64_t>(i) : UINT64_MAX;
  }
}

constexpr int kTile = 8 * kBlock;  // keys that a block sorts in its shared memory

// Whether a pair of keys, of which the left one is the i-th, has to be exchanged: ascending in every other run.
__device__ bool wrong(uint64_t left, uint64_t right, int64_t i, int64_t run) {
  return (left > right) == ((i & run) == 0);
}

// The steps of a bitonic sort from runs of `first` keys to those of `last` in which keys at most half a tile apart are
// compared. A block has a tile of the keys.
__global__ void sortTilesKernel(int64_t tiles, int64_t tile, int64_t first, int64_t last, uint64_t* keys) {
  __shared__ uint64_t of[kTile];
  for (int64_t b = blockIdx.x; b < tiles; b += gridDim.x) {
    for (int64_t i = threadIdx.x; i < tile; i += kBlock) of[i] = keys[b * tile + i];
    __syncthreads();
    for (int64_t run = first; run <= last; run *= 2)
      for (int64_t apart = min(run, tile) / 2; apart > 0; apart /= 2) {
        for (int64_t i = threadIdx.x; i < tile / 2; i += kBlock) {
          const int64_t left = 2 * i - (i & (apart - 1)), right = left + apart;
          const uint64_t a = of[left], z = of[right];
          if (!wrong(a, z, b * tile + left, run)) continue;
          of[left] = z;
          of[right] = a;
        }
        __syncthreads();
      }
    for (int64_t i = threadIdx.x; i < tile; i += kBlock) keys[b * tile + i] = of[i];
    __syncthreads();
  }
}

// One step of it: keys `apart` from each other (a power of two) are put in order. Thread i has the i-th pair.
__global__ void sortStepKernel(int64_t pairs, int64_t run, int64_t apart, uint64_t* keys) {
  for (int64_t i = thread(); i < pairs; i += threads()) {
    const int64_t left = 2 * i - (i & (apart - 1)), right = left + apart;
    const uint64_t a = keys[left], b = keys[right];
    if (!wrong(a, b, left, run)) continue;
    keys[left] = b;
    keys[right] = a;
  }
}

__global__ void indicesKernel(int64_t n, int bits, const uint64_t* keys, DType dtype, int64_t item, char* out) {
  for (int64_t i = thread(); i < n; i += threads())
    storeElement(out + i * item, dtype, static_cast<int64_t>(keys[i] & ((uint64_t{1} << bits) - 1)));
}

void uniform(const Tensor& out, double from, double to, Generator& g) {
  dispatchFloat("uniform_", out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    draw("uniform_", out, g, Uniform<ComputeType<T>>{static_cast<T>(from), static_cast<T>(to)});
  });
}

void normal(const Tensor& out, double mean, double std, Generator& g) {
  dispatchFloat("normal_", out.dtype(), [&](auto zero) {
    using T = ComputeType<decltype(zero)>;
    draw("normal_", out, g, Normal<T>{static_cast<T>(mean), static_cast<T>(std)});
  });
}

void bernoulli(const Tensor& out, double p, Generator& g) {
  if (out.dtype() == DType::float64) draw("bernoulli_", out, g, Bernoulli<double>{p});
  else draw("bernoulli_", out, g, Bernoulli<float>{p});
}

void drawn(const Tensor& out, dtrain::Distribution distribution, double a, double b, Generator& g) {
  if (out.dtype() == DType::float64) draw("draw", out, g, Drawn<double>{a, b, distribution});
  else draw("draw", out, g, Drawn<float>{static_cast<float>(a), static_cast<float>(b), distribution});
}

void randint(const Tensor& out, int64_t low, uint64_t range, bool wide, Generator& g) {
  if (wide) draw("randint", out, g, Integers<true>{low, range});
  else draw("randint", out, g, Integers<false>{low, range});
}

// The numbers 0 to n - 1 in the order of random keys: a bitonic sort, of which a block does in shared memory what stays
// within a tile, so that 60,000 numbers take 23 launches. A key keeps 64 - log2(n)
// random bits; equal ones, rare even in long permutations, stay in order.
void randperm(const Tensor& out, Generator& g) {
  const int64_t n = out.numel();
  if (n == 0) return;
  const Device device = out.device();
  int bits = 0;
  while (int64_t{1} << bits < n) bits++;
  const int64_t padded = int64_t{1} << bits;
  const Tensor sorted = empty({padded}, DType::int64, device);
  auto* const keys = sorted.data<uint64_t>();
  const unsigned blocks = blocksFor(device, padded, kBlock);
  launch("randperm", device, keysKernel, blocks, kBlock, g.initialSeed(), g.takeOffset(4), n, bits, padded, keys);
  const int64_t tile = std::min<int64_t>(padded, kTile);
  const auto withinTiles = [&](int64_t first, int64_t last) {
    const unsigned tiles = blocksFor(device, padded / tile, 1);
    launch("randperm", device, sortTilesKernel, tiles, kBlock, padded / tile, tile, first, last, keys);
  };
  if (padded > 1) withinTiles(2, tile);
  for (int64_t run = 2 * tile; run <= padded; run *= 2) {
    for (int64_t apart = run / 2; apart >= tile; apart /= 2)
      launch("randperm", device, sortStepKernel, blocks, kBlock, padded / 2, run, apart, keys);
    withinTiles(run, run);
  }
  launch("randperm", device, indicesKernel, blocks, kBlock, n, bits, keys, out.dtype(), itemSize(out.dtype()),
         out.bytes());
}

}  // namespace

const Fill table(cudaTable<RandomKernels>, {.uniform = uniform,
                                            .normal = normal,
                                            .bernoulli = bernoulli,
                                            .randint = randint,
                                            .randperm = randperm,
                                            .drawn = drawn});

}  // namespace dtrain::cuda
