// Cholesky factors and triangular systems of matrices that are not large, without a library.
//   L[i, j] = (A[i, j] - sum_k<j L[i, k] L[j, k]) / L[j, j],   L[j, j] = sqrt(A[j, j] - sum_k<j L[j, k]^2)
//   x[i] = (b[i] - sum_k A[i, k] x[k]) / A[i, i], over the k that are solved
// All sums run along rows, which lie in memory as they are needed: the lanes of a warp take neighbouring elements.
#include "kernels/device.cuh"
#include "kernels/linalg.h"

namespace dtrain::cuda {
namespace {

template <class F>
void dispatch(const Tensor& x, F&& f) {
  if (x.dtype() == DType::float32) f(float());
  else f(double());
}

// A block per matrix, column by column, of which a warp has rows w, w + 8, … Bytes moved: n^3 / 3 elements, in the
// cache while a matrix fits.
template <class T>
__global__ void choleskyKernel(int64_t batch, int64_t n, T* __restrict__ a, int32_t* __restrict__ order) {
  constexpr int kWarps = kBlock / kWarp;
  __shared__ T pivot;
  const int64_t warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
  for (int64_t b = blockIdx.x; b < batch; b += gridDim.x) {
    T* const matrix = a + b * n * n;
    int64_t j = 0;
    for (; j < n; j++) {
      for (int64_t i = j + warp; i < n; i += kWarps) {
        T sum = 0;
        for (int64_t k = lane; k < j; k += kWarp) sum += matrix[i * n + k] * matrix[j * n + k];
        const T rest = matrix[i * n + j] - combineGroup<kWarp>(sum, Plus());
        if (lane == 0 && i > j) matrix[i * n + j] = rest;
        if (lane == 0 && i == j) pivot = rest;
      }
      __syncthreads();
      if (!(pivot > T(0))) break;
      const T root = sqrt(pivot);
      for (int64_t i = j + threadIdx.x; i < n; i += kBlock)
        matrix[i * n + j] = i == j ? root : matrix[i * n + j] / root;
      __syncthreads();
    }
    if (threadIdx.x == 0) order[b] = static_cast<int32_t>(j < n ? j + 1 : 0);
    __syncthreads();  // the pivot is free for the next matrix
  }
}

// A warp per row of b, element by element. Bytes moved: n^2 / 2 elements of A for each row, most of them from the
// cache.
template <class T>
__global__ void solveTriangularKernel(int64_t batch, int64_t rows, int64_t n, const T* __restrict__ a, bool upper,
                                      bool unit, T* b) {
  const int64_t lane = threadIdx.x % kWarp;
  for (int64_t r = thread() / kWarp; r < batch * rows; r += threads() / kWarp) {
    const T* const matrix = a + r / rows * n * n;
    T* const x = b + r * n;
    for (int64_t step = 0; step < n; step++) {
      const int64_t i = upper ? n - 1 - step : step, first = upper ? i + 1 : 0, last = upper ? n : i;
      T sum = 0;
      for (int64_t k = first + lane; k < last; k += kWarp) sum += matrix[i * n + k] * x[k];
      const T rest = x[i] - combineGroup<kWarp>(sum, Plus());
      __syncwarp();  // all lanes have read it
      if (lane == 0) x[i] = unit ? rest : rest / matrix[i * n + i];
      __syncwarp();
    }
  }
}

void cholesky(const Tensor& a, const Tensor& order) {
  const int64_t batch = a.size(0), n = a.size(1);
  if (batch == 0) return;
  dispatch(a, [&](auto zero) {
    using T = decltype(zero);
    launch("cholesky", a.device(), choleskyKernel<T>, blocksFor(a.device(), batch, 1), kBlock, batch, n, a.data<T>(),
           order.data<int32_t>());
  });
}

void solveTriangular(const Tensor& a, bool upper, bool unit, const Tensor& b) {
  const int64_t batch = b.size(0), rows = b.size(1), n = b.size(2);
  if (b.numel() == 0) return;
  dispatch(b, [&](auto zero) {
    using T = decltype(zero);
    launch("solveTriangular", b.device(), solveTriangularKernel<T>, blocksFor(b.device(), batch * rows, kBlock / kWarp),
           kBlock, batch, rows, n, a.data<T>(), upper, unit, b.data<T>());
  });
}

const Fill table(cudaTable<LinalgKernels>, {.cholesky = cholesky, .solveTriangular = solveTriangular});

}  // namespace
}  // namespace dtrain::cuda
