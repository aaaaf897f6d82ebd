// Elements brought to places of contiguous tensors seen as [outer, n, inner], in their order: the places are sorted,
// and a thread walks through all that has come to one place. Bytes moved: the sort (sort.cu) of an int64 for each
// index, y, and of x what is changed. Where all go to one place, one thread does all the work.
//
// An index outside [0, n) is reported (Note [Device failures] in core/runtime.h) and nothing is written for it; -1 is
// no place.
#include "kernels/around.h"
#include "kernels/cuda/element.cuh"
#include "kernels/scatter.h"
#include "kernels/sort.h"

namespace dtrain::cuda {

namespace {

#include "kernels/math/scatter.h"

// places[o, j(, i)] = which row, or element, of x it is; a row if k elements share an index
__global__ void rowKernel(int64_t count, int64_t k, int64_t inner, int64_t n, int64_t each, const int64_t* index,
                          Report report, int64_t* places) {
  for (int64_t t = thread(); t < count; t += threads()) {
    const int64_t row = each ? t / inner : t, at = index[each ? t : t % k], o = row / k;
    const bool inside = at >= 0 && at < n;
    if (!inside && at != -1) report(at);
    places[t] = !inside ? -1 : each ? (o * n + at) * inner + t % inner : o * n + at;
  }
}

// x[place, i] combined with y[order[s], i], y[order[s + 1], i], … that have come to the place; order is that of places
template <class C>
__global__ void combineKernel(Combine how, int64_t count, int64_t inner, const int64_t* places, const int64_t* order,
                              DType type, int64_t item, const char* y, char* x) {
  for (int64_t t = thread(); t < count * inner; t += threads()) {
    const int64_t s = t / inner, i = t % inner, place = places[order[s]];
    if (place < 0 || (s > 0 && places[order[s - 1]] == place)) continue;
    char* const there = x + (place * inner + i) * item;
    C value = loadElement<C>(there, type);
    for (int64_t j = s; j < count && places[order[j]] == place; j++)
      value = roundedTo(type, combined(how, value, loadElement<C>(y + (order[j] * inner + i) * item, type)));
    storeElement(there, type, value);
  }
}

void scatter(const char* op, Combine how, const Tensor& y, int dim, const Tensor& index, const Tensor& x) {
  if (y.numel() == 0) return;
  const Around from(y.sizes(), dim);
  const Device device = x.device();
  const bool each = index.dim() == y.dim();
  const int64_t n = x.size(dim), inner = each ? 1 : from.inner, count = y.numel() / inner;
  const Tensor places = empty({count}, DType::int64, device), order = empty({count}, DType::int64, device);
  launch(op, device, rowKernel, blocksFor(device, count, kBlock), kBlock, count, from.n, from.inner, n, int64_t{each},
         index.data<int64_t>(), Report{fault(device), op, Fault::index, dim, n}, places.data<int64_t>());
  kernels<SortKernels>(x).order(places, 0, false, 0, count, Ties::inOrder, order);
  dispatchCompute(computeOf(x.dtype()), [&](auto zero) {
    launch(op, device, combineKernel<decltype(zero)>, blocksFor(device, y.numel(), kBlock), kBlock, how, count, inner,
           places.data<int64_t>(), order.data<int64_t>(), x.dtype(), itemSize(x.dtype()), y.bytes(), x.bytes());
  });
}

}  // namespace

const Fill table(cudaTable<ScatterKernels>, {.scatter = scatter});

}  // namespace dtrain::cuda
