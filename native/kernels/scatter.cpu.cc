// Elements brought to places of contiguous tensors seen as [outer, n, inner]. Threads share the outer slices, or the
// inner elements of a single one, so each place belongs to one of them, which meets its elements in order.
#include "kernels/scatter.h"

#include "kernels/around.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

#define DT_HD
#include "kernels/math/convert.h"
#include "kernels/math/scatter.h"

void scatter(const char*, Combine how, const Tensor& y, int dim, const Tensor& index, const Tensor& x) {
  const Around from(y.sizes(), dim), to(x.sizes(), dim);
  const bool each = index.dim() == y.dim(), byOuter = from.outer > 1;
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = ComputeType<T>;
    const int64_t* const places = index.data<int64_t>();
    const T* const ys = y.data<T>();
    T* const xs = x.data<T>();
    parallelFor(byOuter ? from.outer : from.inner, y.numel(), [&](int64_t begin, int64_t end) {
      for (int64_t o = byOuter ? begin : 0; o < (byOuter ? end : from.outer); o++)
        for (int64_t j = 0; j < from.n; j++)
          for (int64_t i = byOuter ? 0 : begin; i < (byOuter ? from.inner : end); i++) {
            const int64_t at = (o * from.n + j) * from.inner + i, place = places[each ? at : j];
            if (place < 0) continue;
            T& there = xs[(o * to.n + place) * to.inner + i];
            there = Convert<T>()(combined(how, static_cast<C>(there), static_cast<C>(ys[at])));
          }
    });
  });
}

}  // namespace

const Fill table(cpuTable<ScatterKernels>, {.scatter = scatter});

}  // namespace dtrain::cpu
