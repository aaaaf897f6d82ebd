// See select.h.
#include "kernels/select.h"

#include "kernels/cpu/map.h"
#include "kernels/table.h"

namespace dtrain::cpu {
namespace {

void run(Select op, const Operand& x, const Operand& y, const Operand& z, DType common, const Tensor& out) {
  map(name(op), loops().select.of[static_cast<int>(op)], x, y, z, common, out);
}

const Fill filled(cpuTable<SelectKernels>, {.run = run});

}  // namespace
}  // namespace dtrain::cpu
