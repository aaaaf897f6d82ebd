// See unary.h.
#include "kernels/unary.h"

#include "kernels/cpu/map.h"
#include "kernels/table.h"

namespace dtrain::cpu {
namespace {

void run(Unary op, const Tensor& x, DType common, const Tensor& out) {
  map(name(op), loops().unary.of[static_cast<int>(op)], x, common, out);
}

const Fill filled(cpuTable<UnaryKernels>, {.run = run});

}  // namespace
}  // namespace dtrain::cpu
