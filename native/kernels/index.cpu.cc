// Selecting and scattering along one dimension of contiguous tensors seen as [outer, n, inner].
#include "kernels/index.h"

#include <algorithm>
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
  const auto* places = index.data<int64_t>();
  const auto select = [&](auto&& move) {
    parallelFor(s.outer * k, out.numel(), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end;) {  // of one outer slice after the other
        const int64_t o = i / k, stop = std::min(end, (o + 1) * k);
        for (int64_t j = i - o * k; i < stop; i++, j++) move(i, o * s.n + places[j]);
      }
    });
  };
  const auto asNumbers = [&](auto zero) {  // which costs less than a call of memcpy for each
    using T = decltype(zero);
    T* const to = out.data<T>();
    const T* const from = x.data<T>();
    select([=](int64_t i, int64_t at) { to[i] = from[at]; });
  };
  switch (row) {
    case 1: return asNumbers(uint8_t());
    case 2: return asNumbers(uint16_t());
    case 4: return asNumbers(uint32_t());
    case 8: return asNumbers(uint64_t());
    default: select([&](int64_t i, int64_t at) { std::memcpy(out.bytes() + i * row, x.bytes() + at * row, row); });
  }
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

// f(position in x, position in index) for every element of index, the first of them -1 where the index is; outer slices
// are independent.
template <class F>
void forEachPlace(const Around& x, const Tensor& index, int dim, F&& f) {
  const Around s(index.sizes(), dim);
  const auto* places = index.data<int64_t>();
  parallelFor(s.outer, index.numel(), [&](int64_t begin, int64_t end) {
    for (int64_t o = begin, i = o * s.n * s.inner; o < end; o++) {
      const int64_t start = o * x.n * x.inner;
      if (s.inner == 1) {
        for (int64_t j = 0; j < s.n; j++, i++) f(places[i] < 0 ? -1 : start + places[i], i);
        continue;
      }
      for (int64_t j = 0; j < s.n; j++)
        for (int64_t k = 0; k < s.inner; k++, i++) f(places[i] < 0 ? -1 : start + places[i] * x.inner + k, i);
    }
  });
}
template <class F>
void forEachIndexed(const Around& x, const Tensor& index, int dim, F&& f) {
  forEachPlace(x, index, dim, [&](int64_t at, int64_t i) {
    if (at >= 0) f(at, i);
  });
}

void gather(const char*, const Tensor& x, int dim, const Tensor& index, const Tensor& out) {
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* const from = x.data<T>();
    T* const to = out.data<T>();
    forEachPlace(Around(x.sizes(), dim), index, dim, [=](int64_t at, int64_t i) { to[i] = at < 0 ? T() : from[at]; });
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
