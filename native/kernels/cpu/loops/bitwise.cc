// Loops of the formulas of kernels/math/bitwise.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {
#include "kernels/math/bitwise.h"
}
extern const BitwiseLoops bitwiseLoops;
const BitwiseLoops bitwiseLoops = {{DT_BITWISE(DT_BINARY_ROW)}};
}  // namespace dtrain::DT_ISA
