// See creation.h.
#include "kernels/creation.h"

#include "kernels/table.h"

namespace dtrain::cpu {
namespace {

void arange(const Tensor& out, double start, double step) {
  const int64_t item = itemSize(out.dtype());
  for (int64_t i = 0; i < out.numel(); i++)
    storeNumber(start + step * static_cast<double>(i), out.dtype(), out.bytes() + i * item);
}

}  // namespace

const Fill creationKernels(cpuTable<CreationKernels>, {.arange = arange});

}  // namespace dtrain::cpu
