// See creation.h.
#include "kernels/creation.h"
#include "kernels/cuda/element.cuh"

namespace dtrain::cuda {
namespace {

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

}  // namespace

const Fill creationKernels(cudaTable<CreationKernels>, {.arange = arange});

}  // namespace dtrain::cuda
