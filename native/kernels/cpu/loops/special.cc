// Loops of the formulas of kernels/math/special.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {
#include "kernels/math/special.h"
}
extern const SpecialLoops specialLoops;
const SpecialLoops specialLoops = {{DT_SPECIAL(DT_UNARY_ROW)}, {DT_SPECIAL_OF_TWO(DT_BINARY_ROW)}};
}  // namespace dtrain::DT_ISA
