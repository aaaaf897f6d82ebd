// Elementwise arithmetic with broadcasting. In place, and into a given tensor (addOut), nothing may need a gradient
// while gradients are recorded.
#include "ops/arithmetic.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("arithmetic");

DT_OP(add, x, y, alpha);
DT_OP(sub, x, y, alpha);
DT_OP(mul, x, y);
DT_OP(div, x, y, roundingMode);
DT_OP(remainder, x, y);
DT_OP(fmod, x, y);
DT_OP(pow, x, y);
DT_OP(square, x);
DT_OP(maximum, x, y);
DT_OP(minimum, x, y);
DT_OP(addOut, x, y, alpha, out);
DT_OP(subOut, x, y, alpha, out);
DT_OP(mulOut, x, y, out);
DT_OP(divOut, x, y, roundingMode, out);
DT_OP(add_, x, y, alpha);
DT_OP(sub_, x, y, alpha);
DT_OP(mul_, x, y);
DT_OP(div_, x, y, roundingMode);
DT_OP(remainder_, x, y);
DT_OP(fmod_, x, y);
DT_OP(pow_, x, y);
DT_OP(square_, x);

}  // namespace
}  // namespace dtrain::binding
