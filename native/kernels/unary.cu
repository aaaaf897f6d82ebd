// See unary.h; the kernels are those of cuda/map.cuh.
#include "kernels/cuda/functions.cuh"
#include "kernels/cuda/map.cuh"
#include "kernels/unary.h"

namespace dtrain::cuda {
namespace {

#include "kernels/math/unary.h"

constexpr MapRow<1> rows[] = {DT_UNARY(DT_MAP_UNARY)};

void run(Unary op, const Tensor& x, DType common, const Tensor& out) {
  map(name(op), rows[static_cast<int>(op)], x, common, out);
}

const Fill filled(cudaTable<UnaryKernels>, {.run = run});

}  // namespace
}  // namespace dtrain::cuda
