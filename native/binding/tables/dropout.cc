// Elements or channels left out by chance.
#include "ops/dropout.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("dropout");

DT_OP(dropout, x, p, training);
DT_OP(featureDropout, x, p, training);
DT_OP(dropout_, x, p, training);
DT_OP(featureDropout_, x, p, training);
DT_OP(alphaDropout, x, p, training);
DT_OP(featureAlphaDropout, x, p, training);
DT_OP(alphaDropout_, x, p, training);
DT_OP(featureAlphaDropout_, x, p, training);

}  // namespace
}  // namespace dtrain::binding
