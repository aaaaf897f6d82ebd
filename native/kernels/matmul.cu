// Matrix products for what cuBLASLt lacks (integers) or refuses (matmul.cuda.cc): correct for every shape and stride,
// and not the fastest. Elements are loaded by their dtype at run time (element.cuh), so there are three instances.
//
//   c[i, j] = alpha sum over p of a[i, p] b[p, j] + beta c[i, j]
//
// A block computes one tile of c after the other, a thread one element of it. The parts of a and b that the tile needs
// pass through shared memory, so each element of them is read once for kTile elements of c.
#include "kernels/cuda/element.cuh"
#include "kernels/matmul-tiled.h"

namespace dtrain::cuda {

namespace {

constexpr int kTile = 16;

// A batch of matrices; steps are in bytes. Without padding, so that a launch carries no stray bytes.
struct Matrices {
  char* data;
  int64_t batch, row, col;
  DType dtype;
  char none[7] = {};
  explicit Matrices(const Tensor& x)
      : data(x.bytes()), batch(x.stride(0) * itemSize(x.dtype())), row(x.stride(1) * itemSize(x.dtype())),
        col(x.stride(2) * itemSize(x.dtype())), dtype(x.dtype()) {}
  __device__ char* at(int64_t i, int64_t r, int64_t c) const { return data + i * batch + r * row + c * col; }
};

template <class C>
__global__ void tiledProduct(Matrices a, Matrices b, Matrices c, int64_t batch, int64_t m, int64_t n, int64_t k,
                             C alpha, C beta) {
  using W = Wrapping<C>;
  __shared__ W partA[kTile][kTile], partB[kTile][kTile];
  const int64_t down = (m + kTile - 1) / kTile, across = (n + kTile - 1) / kTile;
  const int row = static_cast<int>(threadIdx.y), col = static_cast<int>(threadIdx.x);
  for (int64_t tile = blockIdx.x; tile < batch * down * across; tile += gridDim.x) {
    const int64_t matrix = tile / across / down;
    const int64_t i = tile / across % down * kTile + row, j = tile % across * kTile + col;
    W sum = 0;
    for (int64_t p = 0; p < k; p += kTile) {
      const bool inA = i < m && p + col < k, inB = p + row < k && j < n;
      partA[row][col] = inA ? static_cast<W>(loadElement<C>(a.at(matrix, i, p + col), a.dtype)) : W(0);
      partB[row][col] = inB ? static_cast<W>(loadElement<C>(b.at(matrix, p + row, j), b.dtype)) : W(0);
      __syncthreads();
      for (int q = 0; q < kTile; q++) sum += partA[row][q] * partB[q][col];
      __syncthreads();
    }
    if (i >= m || j >= n) continue;
    char* const out = c.at(matrix, i, j);
    W kept = 0;  // with beta 0 whatever it held is gone, even NaN
    if (beta != C(0)) kept = static_cast<W>(beta) * static_cast<W>(loadElement<C>(out, c.dtype));
    storeElement<C>(out, c.dtype, static_cast<C>(static_cast<W>(alpha) * sum + kept));
  }
}

}  // namespace

void bmmTiled(const Tensor& a, const Tensor& b, const Tensor& c, double alpha, double beta) {
  const int64_t batch = c.size(0), m = c.size(1), n = c.size(2), k = a.size(2);
  if (c.numel() == 0) return;
  const int64_t tiles = batch * ((m + kTile - 1) / kTile) * ((n + kTile - 1) / kTile);
  dispatchCompute(computeOf(c.dtype()), [&](auto zero) {
    using C = decltype(zero);
    launch("matmul", c.device(), tiledProduct<C>, blocksFor(c.device(), tiles, 1), dim3(kTile, kTile), Matrices(a),
           Matrices(b), Matrices(c), batch, m, n, k, static_cast<C>(alpha), static_cast<C>(beta));
  });
}

}  // namespace dtrain::cuda
