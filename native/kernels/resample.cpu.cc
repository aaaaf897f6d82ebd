// See resample.h. Along an inner dimension whole rows are added, which is a loop over neighbours; along the last one
// each output picks its elements.
#include "kernels/resample.h"

#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

template <class T>
struct Taps {
  const int64_t* start;
  const int64_t* index;
  const T* weight;
};

template <class T>
void alongRows(const Taps<T>& taps, const T* x, int64_t inner, int64_t i, T* out) {
  int64_t t = taps.start[i];
  const int64_t end = taps.start[i + 1];
  if (t == end) std::fill_n(out, inner, T(0));
  for (bool first = true; t < end; t++, first = false) {
    const T* const from = x + taps.index[t] * inner;
    const T w = taps.weight[t];
    if (first)
      for (int64_t j = 0; j < inner; j++) out[j] = w * from[j];
    else
      for (int64_t j = 0; j < inner; j++) out[j] += w * from[j];
  }
}

template <class T>
void alongLast(const Taps<T>& taps, const T* x, int64_t m, T* out) {
  for (int64_t i = 0; i < m; i++) {
    T sum = 0;
    for (int64_t t = taps.start[i]; t < taps.start[i + 1]; t++) sum += taps.weight[t] * x[taps.index[t]];
    out[i] = sum;
  }
}

template <class T>
void resampleAs(const Tensor& x, const Taps<T>& taps, const Tensor& out) {
  const int64_t n = x.size(1), m = out.size(1), inner = x.size(2), work = 2 * out.numel();
  const T* const from = x.data<T>();
  T* const to = out.data<T>();
  if (inner == 1) {
    parallelFor(x.size(0), work, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; o++) alongLast(taps, from + o * n, m, to + o * m);
    });
    return;
  }
  parallelFor(x.size(0) * m, work, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) alongRows(taps, from + r / m * n * inner, inner, r % m, to + r * inner);
  });
}

void resample(const Tensor& x, const Tensor& start, const Tensor& index, const Tensor& weight, const Tensor& out) {
  const auto as = [&](auto zero) {
    using T = decltype(zero);
    resampleAs<T>(x, {start.data<int64_t>(), index.data<int64_t>(), weight.data<T>()}, out);
  };
  if (x.dtype() == DType::float32) as(float());
  else as(double());
}

}  // namespace

const Fill resampleKernels(cpuTable<ResampleKernels>, {.resample = resample});

}  // namespace dtrain::cpu
