// See activation.h.
#include "kernels/activation.h"

#include "kernels/cpu/map.h"
#include "kernels/table.h"

namespace dtrain::cpu {
namespace {

void run(Activation op, const Tensor& x, DType common, const Tensor& out) {
  map(of(loops().activation.of[static_cast<int>(op)], common), x, common, out);
}

void grad(ActivationGrad op, const Operand& dy, const Operand& y, DType common, const Tensor& dx) {
  map(of(loops().activation.grad[static_cast<int>(op)], common), dy, y, 1, common, dx);
}

const Fill filled(cpuTable<ActivationKernels>, {.run = run, .grad = grad});

}  // namespace
}  // namespace dtrain::cpu
