// Elementwise functions of one tensor; with an underscore in place.
#include "ops/unary.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("unary");

DT_OP(neg, x);
DT_OP(exp, x);
DT_OP(log, x);
DT_OP(abs, x);
DT_OP(sign, x);
DT_OP(floor, x);
DT_OP(ceil, x);
DT_OP(trunc, x);
DT_OP(reciprocal, x);
DT_OP(sqrt, x);
DT_OP(rsqrt, x);
DT_OP(sigmoid, x);
DT_OP(tanh, x);
DT_OP(sin, x);
DT_OP(cos, x);
DT_OP(log1p, x);
DT_OP(expm1, x);
DT_OP(log2, x);
DT_OP(log10, x);
DT_OP(exp2, x);
DT_OP(erf, x);
DT_OP(erfc, x);
DT_OP(tan, x);
DT_OP(asin, x);
DT_OP(acos, x);
DT_OP(atan, x);
DT_OP(sinh, x);
DT_OP(cosh, x);
DT_OP(asinh, x);
DT_OP(acosh, x);
DT_OP(atanh, x);
DT_OP(frac, x);
DT_OP(deg2rad, x);
DT_OP(rad2deg, x);
DT_OP(logit, x, eps);
DT_OP(frexp, x);
DT_OP(erfcx, x);
DT_OP(ndtr, x);
DT_OP(logNdtr, x);
DT_OP(round, x, decimals);
DT_OP(isnan, x);
DT_OP(isinf, x);
DT_OP(isfinite, x);
DT_OP(isposinf, x);
DT_OP(isneginf, x);
DT_OP(signbit, x);

DT_OP(neg_, x);
DT_OP(exp_, x);
DT_OP(log_, x);
DT_OP(abs_, x);
DT_OP(sign_, x);
DT_OP(floor_, x);
DT_OP(ceil_, x);
DT_OP(trunc_, x);
DT_OP(reciprocal_, x);
DT_OP(sqrt_, x);
DT_OP(rsqrt_, x);
DT_OP(sigmoid_, x);
DT_OP(tanh_, x);
DT_OP(sin_, x);
DT_OP(cos_, x);
DT_OP(log1p_, x);
DT_OP(expm1_, x);
DT_OP(log2_, x);
DT_OP(log10_, x);
DT_OP(exp2_, x);
DT_OP(erf_, x);
DT_OP(erfc_, x);
DT_OP(tan_, x);
DT_OP(asin_, x);
DT_OP(acos_, x);
DT_OP(atan_, x);
DT_OP(sinh_, x);
DT_OP(cosh_, x);
DT_OP(asinh_, x);
DT_OP(acosh_, x);
DT_OP(atanh_, x);
DT_OP(frac_, x);
DT_OP(deg2rad_, x);
DT_OP(rad2deg_, x);
DT_OP(logit_, x, eps);
DT_OP(round_, x, decimals);

}  // namespace
}  // namespace dtrain::binding
