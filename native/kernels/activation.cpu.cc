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

const Fill filled(cpuTable<ActivationKernels>, {.run = run, .grad = grad});

}  // namespace
}  // namespace dtrain::cpu
