// Loops of the formulas of kernels/math/compare.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {
#include "kernels/math/compare.h"
}
extern const CompareLoops compareLoops;
const CompareLoops compareLoops = {{DT_COMPARE(DT_BINARY_ROW)}};
}  // namespace dtrain::DT_ISA
