// See arithmetic.h.
#include "kernels/arithmetic.h"

#include "kernels/cpu/map.h"
#include "kernels/table.h"

namespace dtrain::cpu {
namespace {

void run(Arithmetic op, const Operand& x, const Operand& y, double alpha, DType common, const Tensor& out) {
  map(name(op), loops().arithmetic.of[static_cast<int>(op)], x, y, alpha, common, out);
}

const Fill filled(cpuTable<ArithmeticKernels>, {.run = run});

}  // namespace
}  // namespace dtrain::cpu
