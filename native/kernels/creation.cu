// See creation.h.
#include "kernels/creation.h"
#include "kernels/cuda/element.cuh"

namespace dtrain::cuda {
namespace {

#include "kernels/math/creation.h"

// out[i] = start + step i: thread i, contiguous. Bytes moved: out once.
__global__ void arangeKernel(int64_t n, double start, double step, DType dtype, int64_t item, char* out) {
  for (int64_t i = thread(); i < n; i += threads())
    storeElement(out + i * item, dtype, start + step * static_cast<double>(i));
}

void arange(const Tensor& out, double start, double step) {
  const int64_t n = out.numel();
  if (n == 0) return;
  launch("arange", out.device(), arangeKernel, blocksFor(out.device(), n, kBlock), kBlock, n, start, step, out.dtype(),
         itemSize(out.dtype()), out.bytes());
}

// out[i] = spacedAt(i), or base to that. As arangeKernel.
template <class T>
__global__ void linspaceKernel(int64_t n, T start, T end, double base, DType dtype, int64_t item, char* out) {
  const bool half = dtype == DType::float16 || dtype == DType::bfloat16;
  const Rounds rounds = !half ? Rounds::nothing : base == 0 ? Rounds::all : Rounds::range;
  const auto round = [dtype](T value) { return roundedTo(dtype, value); };
  const T step = stepOf(n, start, end, rounds, round);
  for (int64_t i = thread(); i < n; i += threads()) {
    const double value = spacedAt(i, n, start, end, step, rounds, round);
    storeElement(out + i * item, dtype, base == 0 ? value : pow(base, value));
  }
}

template <class T>
void linspaceIn(const Tensor& out, T start, T end, double base) {
  const int64_t n = out.numel();
  launch("linspace", out.device(), linspaceKernel<T>, blocksFor(out.device(), n, kBlock), kBlock, n, start, end, base,
         out.dtype(), itemSize(out.dtype()), out.bytes());
}

void linspace(const Tensor& out, double start, double end, double base) {
  if (out.numel() == 0) return;
  if (computeOf(out.dtype()) == Compute::float32)
    linspaceIn(out, static_cast<float>(start), static_cast<float>(end), base);
  else linspaceIn(out, start, end, base);
}

}  // namespace

const Fill creationKernels(cudaTable<CreationKernels>, {.arange = arange, .linspace = linspace});

}  // namespace dtrain::cuda
