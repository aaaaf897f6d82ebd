// See activation.h.
#include "kernels/activation.h"

#include "kernels/cpu/map.h"
#include "kernels/table.h"

namespace dtrain::cpu {
namespace {

void run(Activation op, const Tensor& x, DType common, const Tensor& out) {
  map(name(op), loops().activation.of[static_cast<int>(op)], x, common, out);
}

void grad(ActivationGrad op, const Tensor& dy, const Tensor& y, DType common, const Tensor& dx) {
  map(name(op), loops().activation.grad[static_cast<int>(op)], dy, y, 1, common, dx);
}

void ofTwo(ActivationOfTwo op, const Tensor& x, const Operand& y, DType common, const Tensor& out) {
  map(name(op), loops().activation.ofTwo[static_cast<int>(op)], x, y, 1, common, out);
}

void ofThree(ActivationOfThree op, const Tensor& x, double y, double z, DType common, const Tensor& out) {
  map(name(op), loops().activation.ofThree[static_cast<int>(op)], x, y, z, common, out);
}

const Fill filled(cpuTable<ActivationKernels>, {.run = run, .grad = grad, .ofTwo = ofTwo, .ofThree = ofThree});

}  // namespace
}  // namespace dtrain::cpu
