// See bitwise.h; the kernels are those of cuda/map.cuh.
#include "kernels/bitwise.h"
#include "kernels/cuda/map.cuh"

namespace dtrain::cuda {
namespace {

#include "kernels/math/bitwise.h"

constexpr MapRow<2> rows[] = {DT_BITWISE(DT_MAP_BINARY)};

void run(Bitwise op, const Operand& x, const Operand& y, DType common, const Tensor& out) {
  map(name(op), rows[static_cast<int>(op)], x, y, 1, common, out);
}

const Fill filled(cudaTable<BitwiseKernels>, {.run = run});

}  // namespace
}  // namespace dtrain::cuda
