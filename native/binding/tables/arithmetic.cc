// Elementwise arithmetic with broadcasting. In place, the tensor must not need a gradient while gradients are recorded.
#include "ops/arithmetic.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("arithmetic");

DT_OP(add, x, y, alpha);
DT_OP(sub, x, y, alpha);
DT_OP(mul, x, y);
DT_OP(div, x, y, roundingMode);
DT_OP(add_, x, y, alpha);
DT_OP(sub_, x, y, alpha);
DT_OP(mul_, x, y);
DT_OP(div_, x, y, roundingMode);

}  // namespace
}  // namespace dtrain::binding
