// Loops of the formulas of kernels/math/unary.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {
#include "kernels/math/unary.h"
}
extern const UnaryLoops unaryLoops;
const UnaryLoops unaryLoops = {{DT_UNARY(DT_UNARY_ROW)}};
}  // namespace dtrain::DT_ISA
