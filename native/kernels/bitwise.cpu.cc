// See bitwise.h.
#include "kernels/bitwise.h"

#include "kernels/cpu/map.h"
#include "kernels/table.h"

namespace dtrain::cpu {
namespace {

void run(Bitwise op, const Operand& x, const Operand& y, DType common, const Tensor& out) {
  map(name(op), loops().bitwise.of[static_cast<int>(op)], x, y, 1, common, out);
}

const Fill filled(cpuTable<BitwiseKernels>, {.run = run});

}  // namespace
}  // namespace dtrain::cpu
