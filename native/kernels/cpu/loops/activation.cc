// Loops of the formulas of kernels/math/activation.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {
#include "kernels/math/activation.h"
}
extern const ActivationLoops activationLoops;
const ActivationLoops activationLoops = {{DT_ACTIVATION(DT_UNARY_ROW)},
                                         {DT_ACTIVATION_GRAD(DT_BINARY_ROW)},
                                         {DT_ACTIVATION_OF_TWO(DT_BINARY_ROW)},
                                         {DT_ACTIVATION_OF_THREE(DT_TERNARY_ROW)}};
}  // namespace dtrain::DT_ISA
