// out[o, i, j] = sum over t of weight[t] x[o, index[t], j], t from start[i] to start[i + 1]. Thread r has output r, so
// neighbours read neighbours, or the same few elements. Bytes moved: x once for each tap, most of it from the cache,
// and out once.
#include "kernels/device.cuh"
#include "kernels/resample.h"

namespace dtrain::cuda {
namespace {

template <class T>
__global__ void resampleKernel(int64_t count, int64_t n, int64_t m, int64_t inner, const T* __restrict__ x,
                               const int64_t* __restrict__ start, const int64_t* __restrict__ index,
                               const T* __restrict__ weight, T* __restrict__ out) {
  for (int64_t r = thread(); r < count; r += threads()) {
    const int64_t j = r % inner, i = r / inner % m, o = r / inner / m;
    T sum = 0;
    for (int64_t t = start[i]; t < start[i + 1]; t++) sum += weight[t] * x[(o * n + index[t]) * inner + j];
    out[r] = sum;
  }
}

void resample(const Tensor& x, const Tensor& start, const Tensor& index, const Tensor& weight, const Tensor& out) {
  if (out.numel() == 0) return;
  const auto as = [&](auto zero) {
    using T = decltype(zero);
    launch("resample", out.device(), resampleKernel<T>, blocksFor(out.device(), out.numel(), kBlock), kBlock,
           out.numel(), x.size(1), out.size(1), x.size(2), x.data<T>(), start.data<int64_t>(), index.data<int64_t>(),
           weight.data<T>(), out.data<T>());
  };
  if (x.dtype() == DType::float32) as(float());
  else as(double());
}

}  // namespace

const Fill resampleKernels(cudaTable<ResampleKernels>, {.resample = resample});

}  // namespace dtrain::cuda
