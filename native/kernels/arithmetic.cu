// See arithmetic.h; the kernels are those of cuda/map.cuh.
#include "kernels/arithmetic.h"
#include "kernels/cuda/functions.cuh"
#include "kernels/cuda/map.cuh"

namespace dtrain::cuda {
namespace {

#include "kernels/math/arithmetic.h"

constexpr MapRow<2> rows[] = {DT_ARITHMETIC(DT_MAP_BINARY)};

void run(Arithmetic op, const Operand& x, const Operand& y, double alpha, DType common, const Tensor& out) {
  map(name(op), rows[static_cast<int>(op)], x, y, alpha, common, out);
}

const Fill filled(cudaTable<ArithmeticKernels>, {.run = run});

}  // namespace
}  // namespace dtrain::cuda
