// Loops of the formulas of kernels/math/arithmetic.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {
#include "kernels/math/arithmetic.h"
}
extern const ArithmeticLoops arithmeticLoops;
const ArithmeticLoops arithmeticLoops = {{DT_ARITHMETIC(DT_BINARY_ROW)}};
}  // namespace dtrain::DT_ISA
