// Matrix products for what cuBLASLt refuses (matmul.cuda.cc): correct for every shape and stride, and not the fastest.
//
//   c[i, j] = alpha sum over p of a[i, p] b[p, j] + beta c[i, j]
//
// A block computes one tile of c after the other, a thread one element of it. The parts of a and b that the tile needs
// pass through shared memory, so each element of them is read once for kTile elements of c.
#include "kernels/device.cuh"
#include "kernels/matmul-tiled.h"

namespace dtrain::cuda {

namespace {

constexpr int kTile = 16;

// Elements from one matrix of a batch, row and column to the next.
struct Steps {
  int64_t batch, row, col;
  explicit Steps(const Tensor& x) : batch(x.stride(0)), row(x.stride(1)), col(x.stride(2)) {}
  __device__ int64_t at(int64_t i, int64_t r, int64_t c) const { return i * batch + r * row + c * col; }
};

template <class T>
__global__ void tiledProduct(const T* a, Steps as, const T* b, Steps bs, T* c, Steps cs, int64_t batch, int64_t m,
                             int64_t n, int64_t k, T alpha, T beta) {
  __shared__ T partA[kTile][kTile], partB[kTile][kTile];
  const int64_t down = (m + kTile - 1) / kTile, across = (n + kTile - 1) / kTile;
  const int row = static_cast<int>(threadIdx.y), col = static_cast<int>(threadIdx.x);
  for (int64_t tile = blockIdx.x; tile < batch * down * across; tile += gridDim.x) {
    const int64_t matrix = tile / across / down;
    const int64_t i = tile / across % down * kTile + row, j = tile % across * kTile + col;
    T sum = 0;
    for (int64_t p = 0; p < k; p += kTile) {
      partA[row][col] = i < m && p + col < k ? a[as.at(matrix, i, p + col)] : T(0);
      partB[row][col] = p + row < k && j < n ? b[bs.at(matrix, p + row, j)] : T(0);
      __syncthreads();
      for (int q = 0; q < kTile; q++) sum += partA[row][q] * partB[q][col];
      __syncthreads();
    }
    if (i >= m || j >= n) continue;
    T& out = c[cs.at(matrix, i, j)];
    out = alpha * sum + (beta == T(0) ? T(0) : beta * out);  // with beta 0 whatever it held is gone, even NaN
  }
}

}  // namespace

void bmmTiled(const Tensor& a, const Tensor& b, const Tensor& c, double alpha, double beta) {
  const int64_t batch = c.size(0), m = c.size(1), n = c.size(2), k = a.size(2);
  if (c.numel() == 0) return;
  const int64_t tiles = batch * ((m + kTile - 1) / kTile) * ((n + kTile - 1) / kTile);
  dispatchFull("matmul", c.dtype(), [&](auto zero) {
    using T = decltype(zero);
    launch("matmul", c.device(), tiledProduct<T>, blocksFor(c.device(), tiles, 1), dim3(kTile, kTile), a.data<T>(),
           Steps(a), b.data<T>(), Steps(b), c.data<T>(), Steps(c), batch, m, n, k, alpha, beta);
  });
}

}  // namespace dtrain::cuda
