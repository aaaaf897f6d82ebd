// See compare.h; the kernels are those of cuda/map.cuh.
#include "kernels/compare.h"
#include "kernels/cuda/map.cuh"

namespace dtrain::cuda {
namespace {

#include "kernels/math/compare.h"

constexpr MapRow<2> rows[] = {DT_COMPARE(DT_MAP_BINARY)};

void run(Compare op, const Operand& x, const Operand& y, DType common, const Tensor& out) {
  map(name(op), rows[static_cast<int>(op)], x, y, 1, common, out);
}

const Fill filled(cudaTable<CompareKernels>, {.run = run});

}  // namespace
}  // namespace dtrain::cuda
