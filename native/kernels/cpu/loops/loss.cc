// Loops of the formulas of kernels/math/loss.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {
#include "kernels/math/loss.h"
}
#define DT_SLOPE_ROW(name, F, dtypes, use) DT_BINARY_ROW(name, F##Slope, dtypes, use)
extern const LossLoops lossLoops;
const LossLoops lossLoops = {{DT_PAIR_LOSS(DT_BINARY_ROW)}, {DT_PAIR_LOSS(DT_SLOPE_ROW)}};
}  // namespace dtrain::DT_ISA
