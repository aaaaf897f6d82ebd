// Loops of the formulas of kernels/math/select.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {
#include "kernels/math/select.h"
}
extern const SelectLoops selectLoops;
const SelectLoops selectLoops = {{DT_SELECT(DT_TERNARY_ROW)}};
}  // namespace dtrain::DT_ISA
