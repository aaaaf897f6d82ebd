// Selecting and scattering along one dimension of contiguous tensors seen as [outer, n, inner].
#include "kernels/index.h"

#include <cstring>

#include "kernels/around.h"
#include "kernels/copy.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

void indexSelect(const char* op, const Tensor& x, int dim, const Tensor& index, const Tensor& out) {
  const Around s(x.sizes(), dim);
  const int64_t k = index.numel(), row = s.inner * itemSize(x.dtype());
  for (int64_t i = 0; i < k; i++) {
    const int64_t at = index.data<int64_t>()[i];
    check(at >= 0 && at < s.n, Code::index, op, ": index ", at, " is out of range for dim ", dim, " of size ", s.n);
  }
  if (out.numel() == 0) return;
  parallelFor(s.outer * k, out.numel(), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      std::memcpy(out.bytes() + i * row, x.bytes() + (i / k * s.n + index.data<int64_t>()[i % k]) * row, row);
  });
}

void indexAdd(const char* op, const Tensor& dy, int dim, const Tensor& index, const Tensor& dx) {
  const Around s(dx.sizes(), dim);
  const int64_t k = index.numel();
  dispatchFloat(op, dy.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using Sum = ComputeType<T>;
    for (int64_t i = 0; i < s.outer * k; i++) {
      Sum* to = dx.data<Sum>() + (i / k * s.n + index.data<int64_t>()[i % k]) * s.inner;
      for (int64_t j = 0; j < s.inner; j++) to[j] += dy.data<T>()[i * s.inner + j];
    }
  });
}

void indexCopy(const char*, const Tensor& y, int dim, const Tensor& index, const Tensor& x) {
  const Around s(x.sizes(), dim);
  const int64_t k = index.numel(), row = s.inner * itemSize(x.dtype());
  for (int64_t i = 0; i < s.outer * k; i++)
    std::memcpy(x.bytes() + (i / k * s.n + index.data<int64_t>()[i % k]) * row, y.bytes() + i * row, row);
}

void place(const char* op, const Tensor& index, int dim, int64_t n, const Tensor& flat) {
  for (int64_t i = 0; i < index.numel(); i++) {
    const int64_t at = index.data<int64_t>()[i];
    check(at >= -n && at < n, Code::index, op, ": index ", at, " is out of range for dim ", dim, " of size ", n);
    flat.data<int64_t>()[i] = flat.data<int64_t>()[i] * n + (at < 0 ? at + n : at);
  }
}

// f(position in x, position in index) for every element of index; outer slices are independent.
template <class F>
void forEachIndexed(const Around& x, const Tensor& index, int dim, F&& f) {
  const Around s(index.sizes(), dim);
  parallelFor(s.outer, index.numel(), [&](int64_t begin, int64_t end) {
    for (int64_t o = begin; o < end; o++)
      for (int64_t i = o * s.n * s.inner; i < (o + 1) * s.n * s.inner; i++)
        if (const int64_t chosen = index.data<int64_t>()[i]; chosen >= 0)  // -1: none
          f((o * x.n + chosen) * x.inner + i % s.inner, i);
  });
}

void gather(const char*, const Tensor& x, int dim, const Tensor& index, const Tensor& out) {
  kernels<CopyKernels>(out).fill(out, 0);
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    forEachIndexed(Around(x.sizes(), dim), index, dim,
                   [&](int64_t at, int64_t i) { out.data<T>()[i] = x.data<T>()[at]; });
  });
}

void scatterAdd(const char* op, const Tensor& dy, int dim, const Tensor& index, const Tensor& dx) {
  dispatchFloat(op, dy.dtype(), [&](auto zero) {
    using T = decltype(zero);
    forEachIndexed(Around(dx.sizes(), dim), index, dim,
                   [&](int64_t at, int64_t i) { dx.data<ComputeType<T>>()[at] += dy.data<T>()[i]; });
  });
}

void scatter(const char*, const Tensor& y, int dim, const Tensor& index, const Tensor& x) {
  dispatch(y.dtype(), [&](auto zero) {
    using T = decltype(zero);
    forEachIndexed(Around(x.sizes(), dim), index, dim,
                   [&](int64_t at, int64_t i) { x.data<T>()[at] = y.data<T>()[i]; });
  });
}

}  // namespace

const Fill table(cpuTable<IndexKernels>, {.indexSelect = indexSelect,
                                          .indexAdd = indexAdd,
                                          .indexCopy = indexCopy,
                                          .place = place,
                                          .gather = gather,
                                          .scatterAdd = scatterAdd,
                                          .scatter = scatter});

}  // namespace dtrain::cpu
