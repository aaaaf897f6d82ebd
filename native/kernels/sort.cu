// Orders along a dimension of contiguous tensors seen as [outer, n, inner], line by line: keys [lines, n], a bitonic
// network over them, then the places of the ranks that are wanted. Every step of the network compares pairs of a line
// and puts the smaller key first; so a line of any length is one of the next power of two whose end is full of the
// largest key, which no step would move, and pairs that reach beyond the line are left out.
//
// A step of width w has pairs within blocks of w keys: element i with the one opposite (`flip`, which merges two sorted
// halves), or with the one w / 2 further on. Steps of up to kTile keys run in shared memory, several in one launch;
// wider ones are a launch each. Bytes moved: of n keys, about 16 n log2(n / kTile)^2 of short ones, twice that of long
// ones.
#include "kernels/around.h"
#include "kernels/cuda/element.cuh"
#include "kernels/sort.h"

namespace dtrain::cuda {

namespace {

#include "kernels/math/sort.h"

constexpr int kTile = 1024;  // keys

// The pair that has number p among those of a step of that width.
struct Pair {
  __device__ Pair(int64_t p, int64_t width, bool flip) {
    const int64_t half = width / 2, start = p / half * width;
    first = start + p % half;
    second = flip ? start + width - 1 - p % half : first + half;
  }
  int64_t first, second;
};

// keys[line, j] of element j of that line
template <class C, class Key>
__global__ void keyKernel(const char* x, int64_t item, DType type, int64_t lines, int64_t n, int64_t inner,
                          int64_t descending, Key* keys) {
  using Order = std::conditional_t<std::is_same_v<Key, ShortKey> && std::is_same_v<C, int64_t>, int32_t, C>;
  for (int64_t t = thread(); t < lines * n; t += threads()) {
    const int64_t line = t / n, j = t % n, at = (line / inner * n + j) * inner + line % inner;
    setKey(keys[t], orderOf(static_cast<Order>(loadElement<C>(x + at * item, type))), descending != 0, j);
  }
}

// A block has a tile of a line in shared memory: all steps of up to kTile keys if they are not sorted yet, or the last
// ones of a merge.
template <class Key>
__global__ void tileKernel(Key* keys, int64_t lines, int64_t n, int64_t merging) {
  __shared__ Key tile[kTile];
  const int64_t tiles = (n + kTile - 1) / kTile;
  for (int64_t b = blockIdx.x; b < lines * tiles; b += gridDim.x) {
    Key* const from = keys + b / tiles * n + b % tiles * kTile;
    const int64_t size = min(int64_t{kTile}, n - b % tiles * kTile);
    for (int64_t i = threadIdx.x; i < size; i += kBlock) tile[i] = from[i];
    __syncthreads();
    const auto step = [&](int64_t width, bool flip) {
      for (int64_t p = threadIdx.x; p < kTile / 2; p += kBlock) {
        const Pair pair(p, width, flip);
        if (pair.second >= size || !(tile[pair.second] < tile[pair.first])) continue;
        const Key larger = tile[pair.first];
        tile[pair.first] = tile[pair.second];
        tile[pair.second] = larger;
      }
      __syncthreads();
    };
    for (int64_t merged = merging ? kTile : 2; merged <= kTile; merged *= 2) {
      if (!merging) step(merged, true);
      for (int64_t width = merging ? merged : merged / 2; width >= 2; width /= 2) step(width, false);
    }
    for (int64_t i = threadIdx.x; i < size; i += kBlock) from[i] = tile[i];
    __syncthreads();  // the tile is free for the next one
  }
}

// One step over all lines; each has `pairs` pairs.
template <class Key>
__global__ void stepKernel(Key* keys, int64_t lines, int64_t n, int64_t pairs, int64_t width, int64_t flip) {
  for (int64_t t = thread(); t < lines * pairs; t += threads()) {
    Key* const line = keys + t / pairs * n;
    const Pair pair(t % pairs, width, flip != 0);
    if (pair.second >= n || !(line[pair.second] < line[pair.first])) continue;
    const Key larger = line[pair.first];
    line[pair.first] = line[pair.second];
    line[pair.second] = larger;
  }
}

// indices[o, r - from, i] = the place of rank r
template <class Key>
__global__ void placesKernel(const Key* keys, int64_t lines, int64_t n, int64_t inner, int64_t from, int64_t ranks,
                             int64_t* indices) {
  for (int64_t t = thread(); t < lines * ranks; t += threads()) {
    const int64_t line = t / ranks, r = t % ranks;
    indices[(line / inner * ranks + r) * inner + line % inner] = keys[line * n + from + r].index();
  }
}

template <class C, class Key>
void orderAs(const Tensor& x, int dim, bool descending, int64_t from, int64_t to, const Tensor& indices) {
  const Around s(x.sizes(), dim);
  const Device device = x.device();
  const int64_t lines = s.outer * s.inner, ranks = to - from;
  const Tensor memory = empty({lines * s.n * int64_t{sizeof(Key)}}, DType::uint8, device);
  Key* const keys = reinterpret_cast<Key*>(memory.bytes());
  launch("sort", device, keyKernel<C, Key>, blocksFor(device, lines * s.n, kBlock), kBlock, x.bytes(),
         itemSize(x.dtype()), x.dtype(), lines, s.n, s.inner, int64_t{descending}, keys);
  const auto tiles = [&](bool merging) {
    launch("sort", device, tileKernel<Key>, blocksFor(device, lines * ((s.n + kTile - 1) / kTile), 1), kBlock, keys,
           lines, s.n, int64_t{merging});
  };
  tiles(false);
  for (int64_t merged = 2 * kTile; merged < 2 * s.n; merged *= 2) {
    const auto step = [&](int64_t width, bool flip) {
      const int64_t pairs = (s.n + merged - 1) / merged * (merged / 2);
      launch("sort", device, stepKernel<Key>, blocksFor(device, lines * pairs, kBlock), kBlock, keys, lines, s.n, pairs,
             width, int64_t{flip});
    };
    step(merged, true);
    for (int64_t width = merged / 2; width > kTile; width /= 2) step(width, false);
    tiles(true);
  }
  launch("sort", device, placesKernel<Key>, blocksFor(device, lines * ranks, kBlock), kBlock, keys, lines, s.n, s.inner,
         from, ranks, indices.data<int64_t>());
}

void order(const Tensor& x, int dim, bool descending, int64_t from, int64_t to, Ties, const Tensor& indices) {
  if (indices.numel() == 0) return;
  dispatchCompute(computeOf(x.dtype()), [&](auto zero) {
    using C = decltype(zero);
    if constexpr (!std::is_same_v<C, double>) {
      if (itemSize(x.dtype()) < 8 && x.size(dim) < int64_t{1} << 32)
        return orderAs<C, ShortKey>(x, dim, descending, from, to, indices);
    }
    orderAs<C, LongKey>(x, dim, descending, from, to, indices);
  });
}

// out[i] = how many elements of row i / each of sorted [rows, n] stand before value i. Thread i has value i. Bytes
// moved: the values and out once, and log2(n) elements for each, of which the first ones are the same for all.
template <class C>
__global__ void searchKernel(int64_t count, int64_t each, int64_t n, const char* sorted, const char* values,
                             int64_t item, DType type, bool right, int64_t* out) {
  for (int64_t i = thread(); i < count; i += threads()) {
    const char* const row = sorted + i / each * n * item;
    const auto at = [=](int64_t j) { return loadElement<C>(row + j * item, type); };
    out[i] = countBefore(n, loadElement<C>(values + i * item, type), right, at);
  }
}

void search(const Tensor& sorted, const Tensor& values, bool right, const Tensor& out) {
  const int64_t count = values.numel();
  if (count == 0) return;
  dispatchCompute(computeOf(sorted.dtype()), [&](auto zero) {
    launch("searchsorted", out.device(), searchKernel<decltype(zero)>, blocksFor(out.device(), count, kBlock), kBlock,
           count, count / sorted.size(0), sorted.size(1), sorted.bytes(), values.bytes(), itemSize(sorted.dtype()),
           sorted.dtype(), right, out.data<int64_t>());
  });
}

}  // namespace

const Fill table(cudaTable<SortKernels>, {.order = order, .search = search});

}  // namespace dtrain::cuda
