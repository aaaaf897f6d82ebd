// See compare.h.
#include "kernels/compare.h"

#include "kernels/cpu/map.h"
#include "kernels/table.h"

namespace dtrain::cpu {
namespace {

void run(Compare op, const Operand& x, const Operand& y, DType common, const Tensor& out) {
  map(name(op), loops().compare.of[static_cast<int>(op)], x, y, 1, common, out, true);
}

const Fill filled(cpuTable<CompareKernels>, {.run = run});

}  // namespace
}  // namespace dtrain::cpu
