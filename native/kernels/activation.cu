// See activation.h; the kernels are those of cuda/map.cuh.
#include "kernels/activation.h"
#include "kernels/cuda/functions.cuh"
#include "kernels/cuda/map.cuh"

namespace dtrain::cuda {
namespace {

#include "kernels/math/activation.h"

constexpr MapRow<1> rows[] = {DT_ACTIVATION(DT_MAP_UNARY)};
constexpr MapRow<2> gradRows[] = {DT_ACTIVATION_GRAD(DT_MAP_BINARY)};
constexpr MapRow<2> rowsOfTwo[] = {DT_ACTIVATION_OF_TWO(DT_MAP_BINARY)};
constexpr MapRow<3> rowsOfThree[] = {DT_ACTIVATION_OF_THREE(DT_MAP_TERNARY)};

void run(Activation op, const Tensor& x, DType common, const Tensor& out) {
  map(name(op), rows[static_cast<int>(op)], x, common, out);
}

void grad(ActivationGrad op, const Tensor& dy, const Tensor& y, DType common, const Tensor& dx) {
  map(name(op), gradRows[static_cast<int>(op)], dy, y, 1, common, dx);
}

void ofTwo(ActivationOfTwo op, const Tensor& x, const Operand& y, DType common, const Tensor& out) {
  map(name(op), rowsOfTwo[static_cast<int>(op)], x, y, 1, common, out);
}

void ofThree(ActivationOfThree op, const Tensor& x, double y, double z, DType common, const Tensor& out) {
  map(name(op), rowsOfThree[static_cast<int>(op)], x, y, z, common, out);
}

const Fill filled(cudaTable<ActivationKernels>, {.run = run, .grad = grad, .ofTwo = ofTwo, .ofThree = ofThree});

}  // namespace
}  // namespace dtrain::cuda
