// Bits and divisors of integers, and the neighbours of floats.
#include "ops/bitwise.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("bitwise");

DT_OP(bitwiseAnd, x, y);
DT_OP(bitwiseOr, x, y);
DT_OP(bitwiseXor, x, y);
DT_OP(bitwiseLeftShift, x, y);
DT_OP(bitwiseRightShift, x, y);
DT_OP(gcd, x, y);
DT_OP(lcm, x, y);
DT_OP(nextafter, x, y);
DT_OP(bitwiseNot, x);
DT_OP(bitwiseAnd_, x, y);
DT_OP(bitwiseOr_, x, y);
DT_OP(bitwiseXor_, x, y);
DT_OP(bitwiseLeftShift_, x, y);
DT_OP(bitwiseRightShift_, x, y);
DT_OP(gcd_, x, y);
DT_OP(lcm_, x, y);
DT_OP(nextafter_, x, y);
DT_OP(bitwiseNot_, x);

}  // namespace
}  // namespace dtrain::binding
