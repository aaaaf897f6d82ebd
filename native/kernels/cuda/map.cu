// The choice of an elementwise kernel by the layout of its operands; the kernels are in map.cuh.
#include "kernels/cuda/map.cuh"
#include "kernels/rounding.h"

namespace dtrain::cuda {

namespace {

Source sourceOf(const Operand& x, DType common, const Tensor& out, bool predicate) {
  Source source{};
  if (x.isTensor()) {
    source.data = x.tensor.bytes();
    source.dtype = x.tensor.dtype();
    source.rounds = isRounded(x.tensor, common, out, predicate);
    return source;
  }
  source.number = rounded(x.number, common, predicate);
  return source;
}

void repeat(const Operand& x, const Dims& shape, int64_t* strides) {
  if (x.isTensor()) dtrain::repeat(x.tensor, shape, strides);
  else std::fill_n(strides, kMaxDims, int64_t{0});
}

template <int N>
void run(const char* what, const MapRow<N>& row, const Operand* const (&operands)[N], double alpha, DType common,
         const Tensor& out) {
  const MapKernels<N>& kernels = row[static_cast<int>(computeOf(common))];
  dtrain::check(kernels.strided, Code::internal, what, ": there is no kernel for ", common);
  MapArguments<N> a{};
  a.n = out.numel();
  if (a.n == 0) return;
  Strides<N + 1> strides;
  dtrain::repeat(out, out.sizes(), strides[0]);
  for (int o = 0; o < N; o++) repeat(*operands[o], out.sizes(), strides[o + 1]);
  a.nest.build(out.sizes(), strides);
  a.out = out.bytes();
  a.alpha = alpha;
  a.common = common;
  a.outType = out.dtype();
  a.step = a.nest.stride(0);
  a.inner = a.nest.dims == 0 ? 1 : a.nest.sizes[a.nest.dims - 1];
  a.rows = a.n / a.inner;

  const int64_t size = itemSize(common), outSize = itemSize(out.dtype());
  const int64_t pack = 16 / std::max(size, outSize);
  const auto aligned = [&](const char* p, int64_t item) { return reinterpret_cast<uintptr_t>(p) % (item * pack) == 0; };
  const MapKernel<N> flatKernel = kernels.flat[static_cast<int>(common)];
  bool flat = flatKernel && out.dtype() == (kernels.predicate ? DType::boolean : common) && a.nest.dims <= 1 &&
              (a.n == 1 || a.step == outSize) && aligned(a.out, outSize);
  for (int o = 0; o < N; o++) {
    Source& x = a.in[o];
    x = sourceOf(*operands[o], common, out, kernels.predicate);
    x.stride = a.nest.stride(o + 1);
    flat = flat && (x.stride == 0 || (x.dtype == common && x.stride == size && aligned(x.data, size)));
  }
  const Device device = out.device();
  if (flat) {
    launch(what, device, flatKernel, blocksFor(device, (a.n + pack - 1) / pack, kBlock), kBlock, a);
  } else if (kernels.runs && a.inner >= 2 * kWarp) {
    a.nest.dims--;
    const int64_t runs = (a.inner + kRun - 1) / kRun;
    launch(what, device, kernels.runs, blocksFor(device, a.rows * runs, kBlock / kWarp), kBlock, a);
  } else {
    launch(what, device, kernels.strided, blocksFor(device, a.n, kBlock), kBlock, a);
  }
}

}  // namespace

void map(const char* what, const MapRow<1>& row, const Operand& x, DType common, const Tensor& out) {
  run<1>(what, row, {&x}, 1, common, out);
}

void map(const char* what, const MapRow<2>& row, const Operand& x, const Operand& y, double alpha, DType common,
         const Tensor& out) {
  run<2>(what, row, {&x, &y}, alpha, common, out);
}

void map(const char* what, const MapRow<3>& row, const Operand& x, const Operand& y, const Operand& z, DType common,
         const Tensor& out) {
  run<3>(what, row, {&x, &y, &z}, 1, common, out);
}

}  // namespace dtrain::cuda
