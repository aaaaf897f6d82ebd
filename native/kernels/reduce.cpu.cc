// Reductions over any set of dimensions. Two shapes of inner loop: when the fastest dimension is reduced, a row folds
// into one accumulator; when it is kept, rows are folded element by element into a block of accumulators, so that
// memory is read in order either way. Bytes moved: x once, out once. Floats accumulate in double, but for extremes.
#include "kernels/reduce.h"

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "kernels/cpu/loops.h"
#include "kernels/cpu/map.h"
#include "kernels/cpu/plan.h"
#include "kernels/cpu/source.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

#define DT_HD
#include "kernels/math/reduce.h"

constexpr int64_t kColumns = 512;  // accumulators of one column block, 4 KiB

template <int N>
int64_t count(const Nest<N>& nest, int64_t dims) {
  return std::accumulate(nest.sizes, nest.sizes + dims, int64_t{1}, std::multiplies<>());
}

// Byte offsets of the combinations of the first `dims` dimensions, from the i-th on.
template <int N>
class Offsets {
 public:
  Offsets(const Nest<N>& nest, int64_t dims, int64_t i) : nest_(nest), last_(dims - 1) {
    for (int64_t d = last_; d >= 0; d--) {
      index_[d] = i == 0 ? 0 : i % nest.sizes[d];  // a size may be 0
      i = i == 0 ? 0 : i / nest.sizes[d];
      for (int o = 0; o < N; o++) at_[o] += index_[d] * nest.strides[o][d];
    }
  }
  int64_t operator[](int operand) const { return at_[operand]; }
  void next() {
    for (int64_t d = last_; d >= 0; d--) {
      for (int o = 0; o < N; o++) at_[o] += nest_.strides[o][d];
      if (++index_[d] < nest_.sizes[d]) return;
      for (int o = 0; o < N; o++) at_[o] -= index_[d] * nest_.strides[o][d];
      index_[d] = 0;
    }
  }

 private:
  const Nest<N>& nest_;
  const int64_t last_;
  int64_t index_[kMaxDims];
  int64_t at_[N] = {};
};

using Fold = ReduceLoops::Fold;
using ColumnFold = ReduceLoops::ColumnFold;

// The folds take elements, in the type that they are computed in, into accumulators; finish(A) is what is stored.
// foldBools, if there is one, takes rows of x as they are.
template <class A, class Finish>
void reduceAs(Fold foldRow, ColumnFold foldColumns, A start, const Finish& finish, const Tensor& x, const Tensor& out,
              Fold foldBools = nullptr) {
  using R = decltype(finish(start));
  const auto [kept, reduced, columns] = ReductionNest(x, out);
  Source source;
  source.set(x, x.dtype(), false);
  const char* const from = x.bytes();
  char* const to = out.bytes();
  // f(position, n, elements, their stride) for blocks of a row whose elements have to be converted.
  const auto inBlocks = [&](int64_t n, const char* row, int64_t stride, auto&& f) {
    Block block;
    for (int64_t at = 0; at < n; at += kBlock) {
      const int64_t count = std::min(kBlock, n - at);
      int64_t step = stride;
      const char* const elements = source(count, row + at * stride, step, block);
      f(at, count, elements, step);
    }
  };
  const UnaryLoop store = loops().convert.store[indexOf(computeOf(dtypeOf<R>()))][indexOf(out.dtype())];

  if (!columns) {
    const int64_t rowDims = std::max<int64_t>(reduced.dims - 1, 0);
    const int64_t rowSize = reduced.dims ? reduced.sizes[rowDims] : 1, rowStride = reduced.stride(0);
    const int64_t rows = x.numel() == 0 ? 0 : count(reduced, rowDims);  // of which there may be very many
    const bool asItIs = out.dtype() == dtypeOf<R>();
    parallelFor(count(kept, kept.dims), x.numel(), [&](int64_t begin, int64_t end) {
      Offsets<2> at(kept, kept.dims, begin);
      for (int64_t i = begin; i < end; i++, at.next()) {
        A acc = start;
        Offsets<1> row(reduced, rowDims, 0);
        for (int64_t r = 0; r < rows; r++, row.next()) {
          const char* const p = from + at[0] + row[0];
          if (foldBools) foldBools(rowSize, p, rowStride, &acc);
          else if (source.direct()) foldRow(rowSize, p, rowStride, &acc);
          else
            inBlocks(rowSize, p, rowStride,
                     [&](int64_t, int64_t n, const char* p, int64_t stride) { foldRow(n, p, stride, &acc); });
        }
        const R result = finish(acc);
        if (asItIs) *reinterpret_cast<R*>(to + at[1]) = result;
        else store(1, reinterpret_cast<const char*>(&result), sizeof result, to + at[1], 0);
      }
    });
    return;
  }

  const int64_t last = kept.dims - 1;
  const int64_t width = kept.sizes[last], blocks = (width + kColumns - 1) / kColumns;
  const int64_t outer = std::max<int64_t>(reduced.dims - 1, 0), sets = count(reduced, outer);
  const int64_t rows = reduced.dims ? reduced.sizes[outer] : 1, step = reduced.stride(0);
  parallelFor(count(kept, last) * blocks, x.numel(), [&](int64_t begin, int64_t end) {
    A acc[kColumns];
    for (int64_t i = begin; i < end; i++) {
      const Offsets<2> at(kept, last, i / blocks);
      const int64_t first = i % blocks * kColumns, n = std::min(kColumns, width - first);
      const char* column = from + at[0] + first * kept.stride(0);
      std::fill_n(acc, n, start);
      Offsets<1> set(reduced, outer, 0);
      for (int64_t k = 0; k < sets; k++, set.next()) {
        const char* const p = column + set[0];
        if (source.direct()) {
          foldColumns(rows, step, n, p, kept.stride(0), acc);
          continue;
        }
        for (int64_t r = 0; r < rows; r++)
          inBlocks(n, p + r * step, kept.stride(0), [&](int64_t j, int64_t m, const char* elements, int64_t stride) {
            foldColumns(1, 0, m, elements, stride, acc + j);
          });
      }
      R result[kColumns];
      std::transform(acc, acc + n, result, finish);
      store(n, reinterpret_cast<const char*>(result), sizeof(R), to + at[1] + first * kept.stride(1), kept.stride(1));
    }
  });
}

// The value that every other one replaces.
template <class T>
T startOf(bool largest) {
  using Limits = std::numeric_limits<T>;
  if (Limits::has_infinity) return largest ? -Limits::infinity() : Limits::infinity();
  return largest ? Limits::lowest() : Limits::max();
}

void reduce(Reduce op, const Tensor& x, const Tensor& out) {
  if (out.numel() == 0) return;
  const Compute compute = computeOf(x.dtype());
  const Fold row = loops().reduce.row[static_cast<int>(op)][indexOf(compute)];
  const ColumnFold column = loops().reduce.columns[static_cast<int>(op)][indexOf(compute)];
  const auto itself = [](auto acc) { return acc; };
  dispatchCompute(compute, [&](auto zero) {
    using T = decltype(zero);
    if (op == Reduce::max || op == Reduce::min)
      return reduceAs(row, column, startOf<T>(op == Reduce::max), itself, x, out);
    using A = std::conditional_t<std::is_same_v<T, int64_t>, int64_t, double>;
    const bool bools = op == Reduce::sum && x.dtype() == DType::boolean;
    reduceAs(row, column, A(op == Reduce::prod), itself, x, out, bools ? loops().reduce.trueRow : nullptr);
  });
}

void norm(Norm norm, double p, const Tensor& x, const Tensor& out) {
  if (out.numel() == 0) return;
  const int of = static_cast<int>(norm), type = indexOf(computeOf(x.dtype()));
  reduceAs(
      loops().reduce.normRow[of][type], loops().reduce.normColumns[of][type], Powers{startOf(norm), p},
      [norm](Powers acc) { return rootOf(norm, acc); }, x, out);
}

void variance(const Tensor& x, double correction, bool root, const Tensor& out) {
  if (out.numel() == 0) return;
  const int type = indexOf(computeOf(x.dtype()));
  reduceAs(
      loops().reduce.varianceRow[type], loops().reduce.varianceColumns[type], Moments{},
      [=](Moments acc) { return varianceOf(acc, correction, root); }, x, out);
}

// Whether v is beyond the top so far; NaN is beyond all, and nothing is beyond NaN.
template <bool largest, class T>
bool isBeyond(T v, T top) {
  return (largest ? v > top : v < top) || (v != v && top == top);
}

// The place of the first extreme of a line.
template <bool largest, class T>
int64_t placeIn(const T* p, int64_t n, int64_t step) {
  if constexpr (isCompute(dtypeOf<T>())) {
    if (step == 1) {  // what it is comes from the vector loop, then only where it stands is asked
      T top = p[0];
      const Reduce op = largest ? Reduce::max : Reduce::min;
      loops().reduce.row[static_cast<int>(op)][indexOf(computeOf(dtypeOf<T>()))](n, reinterpret_cast<const char*>(p),
                                                                                 sizeof(T), &top);
      int64_t at = 0;
      while (top == top ? p[at] != top : p[at] == p[at]) at++;
      return at;
    }
  }
  int64_t at = 0;
  for (int64_t j = 1; j < n; j++)
    if (isBeyond<largest>(p[j * step], p[at * step])) at = j;
  return at;
}

template <bool largest>
void locateIn(const Tensor& x, int dim, const Tensor& values, const Tensor& indices) {
  const int64_t n = x.size(dim), step = x.stride(dim);
  Dims others = x.sizes();  // all dims but `dim`
  others.erase(dim);
  Strides<1> strides{};
  for (int i = 0, d = 0; i < x.dim(); i++)
    if (i != dim) strides[0][d++] = x.stride(i);
  const auto start = [&](int64_t i) {  // of a line
    int64_t at = 0;
    for (int d = others.size() - 1; d >= 0; d--) {
      at += i % others[d] * strides[0][d];
      i /= others[d];
    }
    return at;
  };
  const int last = others.size() - 1;
  const bool columns = last >= 0 && strides[0][last] == 1 && others[last] > 1 && step != 1 && n <= INT32_MAX;
  const int64_t width = columns ? others[last] : 1, blocks = (width + kColumns - 1) / kColumns;
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* best = values.data<T>();
    int64_t* where = indices.data<int64_t>();
    if (!columns)
      return parallelFor(values.numel(), x.numel(), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) {
          const T* p = x.data<T>() + start(i);
          where[i] = placeIn<largest>(p, n, step);
          best[i] = p[where[i] * step];
        }
      });
    // Neighbouring lines go on together, so memory is read in order.
    parallelFor(values.numel() / width * blocks, x.numel(), [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; b++) {
        const int64_t first = b / blocks * width + b % blocks * kColumns;
        const int64_t count = std::min(kColumns, width - b % blocks * kColumns);
        const T* p = x.data<T>() + start(first);
        T top[kColumns];
        int32_t at[kColumns] = {};
        std::copy_n(p, count, top);
        for (int64_t j = 1; j < n; j++)
          for (int64_t i = 0; i < count; i++) {
            const T v = p[j * step + i];
            const bool beyond = isBeyond<largest>(v, top[i]);
            top[i] = beyond ? v : top[i];
            at[i] = beyond ? static_cast<int32_t>(j) : at[i];
          }
        std::copy_n(top, count, best + first);
        std::copy_n(at, count, where + first);
      }
    });
  });
}

void locate(Reduce op, const Tensor& x, int dim, const Tensor& values, const Tensor& indices) {
  op == Reduce::max ? locateIn<true>(x, dim, values, indices) : locateIn<false>(x, dim, values, indices);
}

}  // namespace

const Fill table(cpuTable<ReduceKernels>, {.reduce = reduce, .locate = locate, .norm = norm, .variance = variance});

}  // namespace dtrain::cpu
