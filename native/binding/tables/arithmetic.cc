// Elementwise arithmetic with broadcasting. Into a given tensor (addOut) nothing may need a gradient while gradients
// are recorded.
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
DT_OP(fmax, x, y);
DT_OP(fmin, x, y);
DT_OP(atan2, x, y);
DT_OP(hypot, x, y);
DT_OP(copysign, x, y);
DT_OP(ldexp, x, y);
DT_OP(floatPower, x, y);
DT_OP(logaddexp, x, y);
DT_OP(logaddexp2, x, y);
DT_OP(addcmul, x, a, b, value);
DT_OP(addcdiv, x, a, b, value);
DT_OP(lerp, x, end, weight);
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
DT_OP(atan2_, x, y);
DT_OP(hypot_, x, y);
DT_OP(copysign_, x, y);
DT_OP(ldexp_, x, y);
DT_OP(floatPower_, x, y);
DT_OP(addcmul_, x, a, b, value);
DT_OP(addcdiv_, x, a, b, value);
DT_OP(lerp_, x, end, weight);

}  // namespace
}  // namespace dtrain::binding
