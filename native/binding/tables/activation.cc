// Activations of neural networks; with an underscore in place.
#include "ops/activation.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("activation");

DT_OP(relu, x);
DT_OP(leakyRelu, x, slope);
DT_OP(prelu, x, weight);
DT_OP(elu, x, alpha, scale);
DT_OP(selu, x);
DT_OP(gelu, x, approximate);
DT_OP(silu, x);
DT_OP(hardsigmoid, x);
DT_OP(hardswish, x);
DT_OP(mish, x);
DT_OP(hardshrink, x, limit);
DT_OP(softshrink, x, by);
DT_OP(threshold, x, limit, value);
DT_OP(softplus, x, beta, threshold);
DT_OP(logsigmoid, x);
DT_OP(relu_, x);
DT_OP(leakyRelu_, x, slope);
DT_OP(elu_, x, alpha, scale);
DT_OP(selu_, x);
DT_OP(silu_, x);
DT_OP(hardsigmoid_, x);
DT_OP(hardswish_, x);
DT_OP(mish_, x);
DT_OP(threshold_, x, limit, value);

}  // namespace
}  // namespace dtrain::binding
