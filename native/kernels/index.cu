// Selecting and scattering along one dimension of contiguous tensors seen as [outer, n, inner]: thread i has element i
// of the smaller tensor (out, or dy), so that its reads or writes are adjacent there. Bytes moved: that tensor, the
// index, and as much of the other as is chosen.
//
// An index outside [0, n) is reported (Note [Device failures] in core/runtime.h), reads 0 and writes nothing.
// The transposes add with atomics, since several elements may meet in one place. A sum of three or more of them may
// differ in the last bits from run to run.
#include "kernels/device.cuh"

namespace dtrain::cuda {

namespace {

struct Picture {
  Picture(const Tensor& x, int dim, const Tensor& smaller) : count(smaller.numel()) {
    const Around s(x.sizes(), dim);
    n = s.n;
    inner = s.inner;
    chosen = smaller.size(dim);
  }
  int64_t count;             // elements of the smaller tensor, [outer, chosen, inner]
  int64_t n, chosen, inner;  // x is [outer, n, inner]

  // Element of x for element i of the smaller tensor, whose index is `at`.
  __device__ int64_t place(int64_t i, int64_t at) const { return (i / inner / chosen * n + at) * inner + i % inner; }
};

// One index for each of [k]: f(i, place in x), or f(i, -1) where the index is out of range.
template <class F>
__device__ void forEachSelected(const Picture& p, const int64_t* index, const Report& report, F f) {
  for (int64_t i = thread(); i < p.count; i += threads()) {
    const int64_t at = index[i / p.inner % p.chosen];
    const bool inside = at >= 0 && at < p.n;
    if (!inside) report(at);
    f(i, inside ? p.place(i, at) : -1);
  }
}

// One index for each element; -1 stands for no element.
template <class F>
__device__ void forEachIndexed(const Picture& p, const int64_t* index, const Report& report, F f) {
  for (int64_t i = thread(); i < p.count; i += threads()) {
    const int64_t at = index[i];
    const bool inside = at >= 0 && at < p.n;
    if (!inside && at != -1) report(at);
    f(i, inside ? p.place(i, at) : -1);
  }
}

// out[o, j, i] = x[o, index[j], i]
template <class T>
__global__ void indexSelectKernel(Picture p, const int64_t* index, Report report, const T* x, T* out) {
  forEachSelected(p, index, report, [=](int64_t i, int64_t from) { out[i] = from >= 0 ? x[from] : T(0); });
}

// dx[o, index[j], i] += dy[o, j, i]
template <class T>
__global__ void indexAddKernel(Picture p, const int64_t* index, Report report, const T* dy, T* dx) {
  forEachSelected(p, index, report, [=](int64_t i, int64_t to) {
    if (to >= 0) atomicAdd(dx + to, dy[i]);
  });
}

// out[o, j, i] = x[o, index[o, j, i], i]
template <class T>
__global__ void gatherKernel(Picture p, const int64_t* index, Report report, const T* x, T* out) {
  forEachIndexed(p, index, report, [=](int64_t i, int64_t from) { out[i] = from >= 0 ? x[from] : T(0); });
}

// dx[o, index[o, j, i], i] += dy[o, j, i]
template <class T>
__global__ void scatterAddKernel(Picture p, const int64_t* index, Report report, const T* dy, T* dx) {
  forEachIndexed(p, index, report, [=](int64_t i, int64_t to) {
    if (to >= 0) atomicAdd(dx + to, dy[i]);
  });
}

// kernel(picture, index, report, from, to) for a large tensor and a smaller one, of which one is `from`.
template <class T>
void run(const char* op, void (*kernel)(Picture, const int64_t*, Report, const T*, T*), const Tensor& large, int dim,
         const Tensor& smaller, const Tensor& index, const Tensor& from, const Tensor& to) {
  const Picture picture(large, dim, smaller);
  const Device device = large.device();
  launch(op, device, kernel, blocksFor(device, picture.count, kBlock), kBlock, picture, index.data<int64_t>(),
         Report{fault(device), op, Fault::index, dim, picture.n}, from.data<T>(), to.data<T>());
}

}  // namespace

void indexSelect(const Tensor& x, int dim, const Tensor& index, const Tensor& out) {
  if (out.numel() == 0) return;
  dispatch("indexSelect", x.dtype(),
           [&](auto zero) { run<decltype(zero)>("indexSelect", indexSelectKernel, x, dim, out, index, x, out); });
}

void indexAdd(const Tensor& dy, int dim, const Tensor& index, const Tensor& dx) {
  if (dy.numel() == 0) return;
  dispatchFloat("indexSelect", dx.dtype(),
                [&](auto zero) { run<decltype(zero)>("indexSelect", indexAddKernel, dx, dim, dy, index, dy, dx); });
}

void gather(const Tensor& x, int dim, const Tensor& index, const Tensor& out) {
  if (out.numel() == 0) return;
  dispatch("gather", x.dtype(),
           [&](auto zero) { run<decltype(zero)>("gather", gatherKernel, x, dim, out, index, x, out); });
}

void scatterAdd(const Tensor& dy, int dim, const Tensor& index, const Tensor& dx) {
  if (dy.numel() == 0) return;
  dispatchFloat("scatterAdd", dx.dtype(),
                [&](auto zero) { run<decltype(zero)>("scatterAdd", scatterAddKernel, dx, dim, dy, index, dy, dx); });
}

}  // namespace dtrain::cuda
