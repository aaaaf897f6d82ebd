// Reductions over any set of dimensions. Two shapes of inner loop: when the fastest dimension is reduced, a row folds
// into one accumulator; when it is kept, rows are folded element by element into a block of accumulators, so that
// memory is read in order either way. Bytes moved: x once, out once. Sums of floats accumulate in double.
#include <limits>

#include "kernels/loops.h"
#include "kernels/plan.h"

namespace dtrain::cpu {

namespace {

constexpr int64_t kBlock = 512;  // accumulators of one column block, 4 KiB

struct Nest {
  int dims = 0;
  int64_t sizes[kMaxDims], strides[kMaxDims], outStrides[kMaxDims];

  void add(int64_t size, int64_t stride, int64_t outStride) {
    int at = dims++;  // decreasing stride, so that the innermost loop is the fastest
    for (; at > 0 && std::abs(strides[at - 1]) < std::abs(stride); at--) {
      sizes[at] = sizes[at - 1];
      strides[at] = strides[at - 1];
      outStrides[at] = outStrides[at - 1];
    }
    sizes[at] = size;
    strides[at] = stride;
    outStrides[at] = outStride;
    if (at > 0 && strides[at - 1] == stride * size && outStrides[at - 1] == outStride * size) mergeInto(at - 1);
    else if (at + 1 < dims && stride == strides[at + 1] * sizes[at + 1] &&
             outStride == outStrides[at + 1] * sizes[at + 1])
      mergeInto(at);
  }
  int64_t count(int n) const {
    int64_t total = 1;
    for (int i = 0; i < n; i++) total *= sizes[i];
    return total;
  }
  // Byte offsets of the i-th combination of the first n dimensions.
  int64_t offset(int64_t i, int n, int64_t* out = nullptr) const {
    int64_t at = 0;
    for (int d = n - 1; d >= 0; d--) {
      at += i % sizes[d] * strides[d];
      if (out) *out += i % sizes[d] * outStrides[d];
      i /= sizes[d];
    }
    return at;
  }

 private:
  void mergeInto(int at) {
    sizes[at] *= sizes[at + 1];
    strides[at] = strides[at + 1];
    outStrides[at] = outStrides[at + 1];
    for (int i = at + 1; i + 1 < dims; i++) {
      sizes[i] = sizes[i + 1];
      strides[i] = strides[i + 1];
      outStrides[i] = outStrides[i + 1];
    }
    dims--;
  }
};

// A accumulates T and is stored as R.
template <class T, class A, class R>
void reduceAs(Reduce op, A start, const Tensor& x, const Tensor& out) {
  Nest kept, reduced;
  for (int i = 0; i < x.dim(); i++) {
    if (x.size(i) == 1) continue;
    const int64_t stride = x.stride(i) * itemSize(x.dtype());
    if (out.size(i) == 1) reduced.add(x.size(i), stride, 0);
    else kept.add(x.size(i), stride, out.stride(i) * itemSize(out.dtype()));
  }
  const int type = static_cast<int>(x.dtype());
  const char* from = x.bytes();
  char* to = out.bytes();

  const bool columns = kept.dims > 0 && reduced.dims > 0 &&
                       std::abs(kept.strides[kept.dims - 1]) < std::abs(reduced.strides[reduced.dims - 1]);
  if (!columns) {
    const auto fold = loops().foldRow[static_cast<int>(op)][type];
    const int rowDims = std::max(reduced.dims - 1, 0);
    const int64_t rowSize = reduced.dims ? reduced.sizes[rowDims] : 1,
                  rowStride = reduced.dims ? reduced.strides[rowDims] : 0;
    const int64_t rows = reduced.count(rowDims);
    parallelFor(kept.count(kept.dims), x.numel(), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        int64_t outAt = 0;
        const int64_t at = kept.offset(i, kept.dims, &outAt);
        A acc = start;
        for (int64_t r = 0; r < rows; r++) fold(rowSize, from + at + reduced.offset(r, rowDims), rowStride, &acc);
        *reinterpret_cast<R*>(to + outAt) = static_cast<R>(acc);
      }
    });
    return;
  }

  const auto fold = loops().foldColumns[static_cast<int>(op)][type];
  const int last = kept.dims - 1;
  const int64_t width = kept.sizes[last], blocks = (width + kBlock - 1) / kBlock;
  const int64_t rows = reduced.count(reduced.dims);
  parallelFor(kept.count(last) * blocks, x.numel(), [&](int64_t begin, int64_t end) {
    A acc[kBlock];
    for (int64_t i = begin; i < end; i++) {
      int64_t outAt = 0;
      const int64_t first = i % blocks * kBlock, n = std::min(kBlock, width - first);
      const int64_t at = kept.offset(i / blocks, last, &outAt) + first * kept.strides[last];
      std::fill_n(acc, n, start);
      for (int64_t r = 0; r < rows; r++) fold(n, from + at + reduced.offset(r, reduced.dims), kept.strides[last], acc);
      for (int64_t j = 0; j < n; j++)
        *reinterpret_cast<R*>(to + outAt + (first + j) * kept.outStrides[last]) = static_cast<R>(acc[j]);
    }
  });
}

template <class T>
T lowest() {
  return std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest();
}

}  // namespace

void reduce(Reduce op, const Tensor& x, const Tensor& out) {
  if (out.numel() == 0) return;
  if (x.numel() == 0) return fill(out, 0);  // only sums get here
  dispatch("reduce", x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    if (op == Reduce::max) return reduceAs<T, T, T>(op, lowest<T>(), x, out);
    if constexpr (std::is_floating_point_v<T>) reduceAs<T, double, T>(op, 0.0, x, out);
    else reduceAs<T, int64_t, int64_t>(op, 0, x, out);
  });
}

void maxDim(const Tensor& x, int dim, const Tensor& values, const Tensor& indices) {
  const int64_t n = x.size(dim);
  dispatch("max", x.dtype(), [&](auto zero) {
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

}  // namespace dtrain::cpu
