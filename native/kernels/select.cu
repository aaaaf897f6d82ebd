// See select.h; the kernels are those of cuda/map.cuh.
#include "kernels/cuda/map.cuh"
#include "kernels/select.h"

namespace dtrain::cuda {
namespace {

#include "kernels/math/select.h"

constexpr MapRow<3> rows[] = {DT_SELECT(DT_MAP_TERNARY)};

void run(Select op, const Operand& x, const Operand& y, const Operand& z, DType common, const Tensor& out) {
  map(name(op), rows[static_cast<int>(op)], x, y, z, common, out);
}

const Fill filled(cudaTable<SelectKernels>, {.run = run});

}  // namespace
}  // namespace dtrain::cuda
