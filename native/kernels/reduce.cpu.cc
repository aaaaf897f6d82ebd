// Reductions over any set of dimensions. Two shapes of inner loop: when the fastest dimension is reduced, a row folds
// into one accumulator; when it is kept, rows are folded element by element into a block of accumulators, so that
// memory is read in order either way. Bytes moved: x once, out once. Sums of floats accumulate in double.
#include "kernels/reduce.h"

#include <array>
#include <functional>
#include <limits>
#include <numeric>

#include "kernels/copy.h"
#include "kernels/cpu/loops.h"
#include "kernels/cpu/map.h"
#include "kernels/cpu/plan.h"
#include "kernels/cpu/source.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

constexpr int64_t kColumns = 512;  // accumulators of one column block, 4 KiB

template <int N>
int64_t count(const Nest<N>& nest, int64_t dims) {
  return std::accumulate(nest.sizes, nest.sizes + dims, int64_t{1}, std::multiplies<>());
}

// Byte offsets of the i-th combination of the first `dims` dimensions.
template <int N>
std::array<int64_t, N> offsets(const Nest<N>& nest, int64_t dims, int64_t i) {
  std::array<int64_t, N> at{};
  for (int64_t d = dims - 1; d >= 0; d--) {
    for (int o = 0; o < N; o++) at[o] += i % nest.sizes[d] * nest.strides[o][d];
    i /= nest.sizes[d];
  }
  return at;
}

// A accumulates elements that are computed in T.
template <class T, class A>
void reduceAs(Reduce op, A start, const Tensor& x, const Tensor& out) {
  const auto [kept, reduced, columns] = ReductionNest(x, out);
  const Compute compute = computeOf(x.dtype());
  Source source;
  source.set(x, x.dtype(), false);
  const char* const from = x.bytes();
  char* const to = out.bytes();
  // f(n, elements, their stride) for blocks of a row.
  const auto inBlocks = [&](int64_t n, const char* row, int64_t stride, auto&& f) {
    if (source.direct()) return f(int64_t{0}, n, row, stride);
    Block block;
    for (int64_t at = 0; at < n; at += kBlock) {
      const int64_t count = std::min(kBlock, n - at);
      int64_t step = stride;
      const char* const elements = source(count, row + at * stride, step, block);
      f(at, count, elements, step);
    }
  };
  // Accumulators, in the type of results that are computed with, become elements of out.
  const UnaryLoop store = loops().convert.store[indexOf(computeOf(dtypeOf<A>()))][indexOf(out.dtype())];

  if (!columns) {
    const auto fold = loops().reduce.row[static_cast<int>(op)][indexOf(compute)];
    const int64_t rowDims = std::max<int64_t>(reduced.dims - 1, 0);
    const int64_t rowSize = reduced.dims ? reduced.sizes[rowDims] : 1, rowStride = reduced.stride(0);
    const int64_t rows = count(reduced, rowDims);
    parallelFor(count(kept, kept.dims), x.numel(), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const auto [at, outAt] = offsets(kept, kept.dims, i);
        A acc = start;
        for (int64_t r = 0; r < rows; r++)
          inBlocks(rowSize, from + at + offsets(reduced, rowDims, r)[0], rowStride,
                   [&](int64_t, int64_t n, const char* p, int64_t stride) { fold(n, p, stride, &acc); });
        store(1, reinterpret_cast<const char*>(&acc), sizeof acc, to + outAt, 0);
      }
    });
    return;
  }

  const auto fold = loops().reduce.columns[static_cast<int>(op)][indexOf(compute)];
  const int64_t last = kept.dims - 1;
  const int64_t width = kept.sizes[last], blocks = (width + kColumns - 1) / kColumns;
  const int64_t rows = count(reduced, reduced.dims);
  parallelFor(count(kept, last) * blocks, x.numel(), [&](int64_t begin, int64_t end) {
    A acc[kColumns];
    for (int64_t i = begin; i < end; i++) {
      const auto [at, outAt] = offsets(kept, last, i / blocks);
      const int64_t first = i % blocks * kColumns, n = std::min(kColumns, width - first);
      const char* column = from + at + first * kept.stride(0);
      std::fill_n(acc, n, start);
      for (int64_t r = 0; r < rows; r++)
        inBlocks(n, column + offsets(reduced, reduced.dims, r)[0], kept.stride(0),
                 [&](int64_t j, int64_t m, const char* p, int64_t stride) { fold(m, p, stride, acc + j); });
      store(n, reinterpret_cast<const char*>(acc), sizeof(A), to + outAt + first * kept.stride(1), kept.stride(1));
    }
  });
}

template <class T>
T lowest() {
  return std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest();
}

void reduce(Reduce op, const Tensor& x, const Tensor& out) {
  if (out.numel() == 0) return;
  if (x.numel() == 0) return fill(out, 0);  // only sums get here
  dispatchCompute(computeOf(x.dtype()), [&](auto zero) {
    using T = decltype(zero);
    if (op == Reduce::max) return reduceAs<T, T>(op, lowest<T>(), x, out);
    using A = std::conditional_t<std::is_same_v<T, int64_t>, int64_t, double>;
    reduceAs<T, A>(op, A(0), x, out);
  });
}

void maxDim(const Tensor& x, int dim, const Tensor& values, const Tensor& indices) {
  const int64_t n = x.size(dim);
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const int64_t step = x.stride(dim);
    T* best = values.data<T>();
    int64_t* where = indices.data<int64_t>();
    parallelFor(values.numel(), x.numel(), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        int64_t at = 0;
        for (int64_t rest = i, d = x.dim() - 1; d >= 0; d--) {  // x's dims but `dim`
          if (d == dim) continue;
          at += rest % x.size(static_cast<int>(d)) * x.stride(static_cast<int>(d));
          rest /= x.size(static_cast<int>(d));
        }
        const T* p = x.data<T>() + at;
        T top = p[0];
        int64_t arg = 0;
        for (int64_t j = 1; j < n && top == top; j++) {  // NaN ends the search
          const T v = p[j * step];
          if (v > top || v != v) {
            top = v;
            arg = j;
          }
        }
        best[i] = top;
        where[i] = arg;
      }
    });
  });
}

}  // namespace

const Fill table(cpuTable<ReduceKernels>, {.reduce = reduce, .maxDim = maxDim});

}  // namespace dtrain::cpu
