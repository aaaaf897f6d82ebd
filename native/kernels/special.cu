// See special.h; the kernels are those of cuda/map.cuh.
#include "kernels/cuda/functions.cuh"
#include "kernels/cuda/map.cuh"
#include "kernels/special.h"

namespace dtrain::cuda {
namespace {

#include "kernels/math/special.h"

constexpr MapRow<1> rows[] = {DT_SPECIAL(DT_MAP_UNARY)};
constexpr MapRow<2> rowsOfTwo[] = {DT_SPECIAL_OF_TWO(DT_MAP_BINARY)};

void run(Special op, const Tensor& x, DType common, const Tensor& out) {
  map(name(op), rows[static_cast<int>(op)], x, common, out);
}

void ofTwo(SpecialOfTwo op, const Operand& x, const Operand& y, DType common, const Tensor& out) {
  map(name(op), rowsOfTwo[static_cast<int>(op)], x, y, 1, common, out);
}

const Fill filled(cudaTable<SpecialKernels>, {.run = run, .ofTwo = ofTwo});

}  // namespace
}  // namespace dtrain::cuda
