// Normalization. A group of threads has a set: thread l its elements l, l + group, …, with three passes over them: the
// mean, the sum of squared distances from it, and the result. The gradient of x needs two. Sums are double.
//
// Gradients of weights and biases add up over all sets. Where neighbours have one weight (inner > 1) a block has a
// weight; else a block has 32 weights, one per lane, and a part of the rows, and a second kernel adds up the parts.
// Bytes moved: x three times and y once, of which the cache serves two while a set fits; for the gradients dy and x
// three times, and dx once. No atomics: the same bits on every run.
#include "kernels/device.cuh"
#include "kernels/norm.h"

namespace dtrain::cuda {

namespace {

// Where the i-th element of set s is, and its weight.
__device__ int64_t placeOf(const NormSizes& z, int64_t s, int64_t i) {
  const int64_t run = z.channels * z.inner;
  return z.runs == 1 ? s * run + i : (i / run * z.outer * z.groups + s) * run + i % run;
}
__device__ int64_t weightOf(const NormSizes& z, int64_t s, int64_t i) {
  const int64_t run = z.channels * z.inner;
  return s % z.groups * z.channels + (z.runs == 1 ? i : i % run) / z.inner;
}

template <class T, int kGroup>
__global__ void normalizeKernel(NormSizes z, const T* __restrict__ x, const T* __restrict__ weight,
                                const T* __restrict__ bias, double eps, T* mean, T* variance, T* __restrict__ y) {
  const int64_t sets = z.outer * z.groups, count = z.runs * z.channels * z.inner, lane = threadIdx.x % kGroup;
  for (int64_t s = thread() / kGroup; s < sets; s += threads() / kGroup) {
    double sum = 0;
    for (int64_t i = lane; i < count; i += kGroup) sum += x[placeOf(z, s, i)];
    const double middle = combineGroup<kGroup>(sum, Plus()) / static_cast<double>(count);
    double squares = 0;
    for (int64_t i = lane; i < count; i += kGroup) {
      const double distance = x[placeOf(z, s, i)] - middle;
      squares += distance * distance;
    }
    const double var = combineGroup<kGroup>(squares, Plus()) / static_cast<double>(count);
    const T scale = static_cast<T>(1 / sqrt(var + eps)), m = static_cast<T>(middle);
    for (int64_t i = lane; i < count; i += kGroup) {
      const int64_t at = placeOf(z, s, i), c = weightOf(z, s, i);
      y[at] = (x[at] - m) * scale * (weight ? weight[c] : T(1)) + (bias ? bias[c] : T(0));
    }
    if (lane == 0) {
      mean[s] = m;
      variance[s] = static_cast<T>(var);
    }
  }
}

template <class T, int kGroup>
__global__ void gradKernel(NormSizes z, const T* __restrict__ dy, const T* __restrict__ x, const T* __restrict__ mean,
                           const T* __restrict__ variance, const T* __restrict__ weight, double eps,
                           T* __restrict__ dx) {
  const int64_t sets = z.outer * z.groups, count = z.runs * z.channels * z.inner, lane = threadIdx.x % kGroup;
  for (int64_t s = thread() / kGroup; s < sets; s += threads() / kGroup) {
    const T m = mean[s], scale = static_cast<T>(1 / sqrt(variance[s] + eps));
    double slopes = 0, products = 0;
    for (int64_t i = lane; i < count; i += kGroup) {
      const int64_t at = placeOf(z, s, i);
      const T slope = dy[at] * (weight ? weight[weightOf(z, s, i)] : T(1));
      slopes += slope;
      products += slope * ((x[at] - m) * scale);
    }
    const T a = static_cast<T>(combineGroup<kGroup>(slopes, Plus()) / static_cast<double>(count));
    const T b = static_cast<T>(combineGroup<kGroup>(products, Plus()) / static_cast<double>(count));
    for (int64_t i = lane; i < count; i += kGroup) {
      const int64_t at = placeOf(z, s, i);
      const T slope = dy[at] * (weight ? weight[weightOf(z, s, i)] : T(1));
      dx[at] = scale * (slope - a - (x[at] - m) * scale * b);
    }
  }
}

// A block for each weight, whose elements are runs of `inner` neighbours.
template <class T>
__global__ void weightKernel(NormSizes z, const T* __restrict__ dy, const T* __restrict__ x, const T* __restrict__ mean,
                             const T* __restrict__ variance, double eps, T* dw, T* db) {
  const int64_t weights = z.groups * z.channels, count = z.runs * z.outer * z.inner;
  for (int64_t w = blockIdx.x; w < weights; w += gridDim.x) {
    double products = 0, slopes = 0;
    for (int64_t i = threadIdx.x; i < count; i += kBlock) {
      const int64_t row = i / z.inner, at = (row * weights + w) * z.inner + i % z.inner;
      const int64_t s = row % z.outer * z.groups + w / z.channels;
      products += dy[at] * ((x[at] - mean[s]) * static_cast<T>(1 / sqrt(variance[s] + eps)));
      slopes += dy[at];
    }
    products = combineGroup<kBlock>(products, Plus());
    slopes = combineGroup<kBlock>(slopes, Plus());
    if (threadIdx.x > 0) continue;
    if (dw) dw[w] = static_cast<T>(products);
    if (db) db[w] = static_cast<T>(slopes);
  }
}

// Rows of neighbouring weights: blockIdx.x has 32 of them, blockIdx.y a part of the rows. parts [gridDim.y, 2, weights]
template <class T>
__global__ void partsKernel(NormSizes z, const T* __restrict__ dy, const T* __restrict__ x, const T* __restrict__ mean,
                            const T* __restrict__ variance, double eps, double* parts) {
  __shared__ double held[2][kBlock];
  const int64_t weights = z.groups * z.channels, rows = z.runs * z.outer;
  const int64_t w = static_cast<int64_t>(blockIdx.x) * kWarp + threadIdx.x % kWarp, rowsAtOnce = kBlock / kWarp;
  double products = 0, slopes = 0;
  for (int64_t row = blockIdx.y * rowsAtOnce + threadIdx.x / kWarp; row < rows && w < weights;
       row += gridDim.y * rowsAtOnce) {
    const int64_t at = row * weights + w, s = row % z.outer * z.groups + w / z.channels;
    products += dy[at] * ((x[at] - mean[s]) * static_cast<T>(1 / sqrt(variance[s] + eps)));
    slopes += dy[at];
  }
  held[0][threadIdx.x] = products;
  held[1][threadIdx.x] = slopes;
  __syncthreads();
  if (threadIdx.x >= 2 * kWarp || w >= weights) return;
  const int64_t which = threadIdx.x / kWarp;
  double sum = 0;
  for (int64_t i = 0; i < rowsAtOnce; i++) sum += held[which][i * kWarp + threadIdx.x % kWarp];
  parts[(blockIdx.y * 2 + which) * weights + w] = sum;
}

template <class T>
__global__ void addParts(int64_t weights, int64_t count, const double* parts, T* dw, T* db) {
  for (int64_t i = thread(); i < 2 * weights; i += threads()) {
    double sum = 0;
    for (int64_t p = 0; p < count; p++) sum += parts[p * 2 * weights + i];
    if (T* const out = i < weights ? dw : db) out[i % weights] = static_cast<T>(sum);
  }
}

template <class T>
T* pointer(const Tensor& x) {
  return x.defined() ? x.data<T>() : nullptr;
}

// f(zero of the dtype, constant size of a group, number of blocks)
template <class F>
void forSets(const NormSizes& sizes, const Tensor& x, const F& f) {
  dispatchFull("normalize", x.dtype(), [&](auto zero) {
    withGroup(sizes.count(), [&](auto group) { f(zero, group, blocksFor(x.device(), sizes.sets(), kBlock / group)); });
  });
}

void normalize(const NormSizes& sizes, const Tensor& x, const Tensor& weight, const Tensor& bias, double eps,
               const Tensor& mean, const Tensor& variance, const Tensor& y) {
  forSets(sizes, x, [&](auto zero, auto group, unsigned blocks) {
    using T = decltype(zero);
    launch("normalize", x.device(), normalizeKernel<T, group>, blocks, kBlock, sizes, x.data<T>(), pointer<T>(weight),
           pointer<T>(bias), eps, mean.data<T>(), variance.data<T>(), y.data<T>());
  });
}

void normalizeGrad(const NormSizes& sizes, const Tensor& dy, const Tensor& x, const Tensor& mean,
                   const Tensor& variance, const Tensor& weight, double eps, const Tensor& dx, const Tensor& dw,
                   const Tensor& db) {
  const Device device = x.device();
  forSets(sizes, x, [&](auto zero, auto group, unsigned blocks) {
    using T = decltype(zero);
    if (dx.defined())
      launch("normalizeGrad", device, gradKernel<T, group>, blocks, kBlock, sizes, dy.data<T>(), x.data<T>(),
             mean.data<T>(), variance.data<T>(), pointer<T>(weight), eps, dx.data<T>());
    if (!dw.defined() && !db.defined()) return;
    const int64_t weights = sizes.weights();
    if (sizes.inner > 1)
      return launch("normalizeGrad", device, weightKernel<T>, blocksFor(device, weights, 1), kBlock, sizes,
                    dy.data<T>(), x.data<T>(), mean.data<T>(), variance.data<T>(), eps, pointer<T>(dw), pointer<T>(db));
    const int64_t rows = sizes.runs * sizes.outer, count = std::min<int64_t>(64, (rows + 63) / 64);
    const Tensor parts = empty({count, 2, weights}, DType::float64, device);
    launch("normalizeGrad", device, partsKernel<T>,
           dim3(static_cast<unsigned>((weights + kWarp - 1) / kWarp), static_cast<unsigned>(count)), kBlock, sizes,
           dy.data<T>(), x.data<T>(), mean.data<T>(), variance.data<T>(), eps, parts.data<double>());
    launch("normalizeGrad", device, addParts<T>, blocksFor(device, 2 * weights, kBlock), kBlock, weights, count,
           parts.data<double>(), pointer<T>(dw), pointer<T>(db));
  });
}

}  // namespace

const Fill table(cudaTable<NormKernels>, {.normalize = normalize, .normalizeGrad = normalizeGrad});

}  // namespace dtrain::cuda
