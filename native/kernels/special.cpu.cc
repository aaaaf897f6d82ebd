// See special.h.
#include "kernels/special.h"

#include "kernels/cpu/map.h"
#include "kernels/table.h"

namespace dtrain::cpu {
namespace {

void run(Special op, const Tensor& x, DType common, const Tensor& out) {
  map(name(op), loops().special.of[static_cast<int>(op)], x, common, out);
}

void ofTwo(SpecialOfTwo op, const Operand& x, const Operand& y, DType common, const Tensor& out) {
  map(name(op), loops().special.ofTwo[static_cast<int>(op)], x, y, 1, common, out);
}

const Fill filled(cpuTable<SpecialKernels>, {.run = run, .ofTwo = ofTwo});

}  // namespace
}  // namespace dtrain::cpu
