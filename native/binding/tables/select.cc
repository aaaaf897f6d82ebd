// Choosing between tensors, element by element.
#include "ops/select.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("select");

DT_OP(where, condition, x, y);
DT_OP(maskedFill, x, mask, value);
DT_OP(maskedFill_, x, mask, value);
DT_OP(nanToNum, x, nan, posinf, neginf);
DT_OP(nanToNum_, x, nan, posinf, neginf);
DT_OP(heaviside, x, values);
DT_OP(heaviside_, x, values);
DT_OP(tril, x, diagonal);
DT_OP(triu, x, diagonal);
DT_OP(tril_, x, diagonal);
DT_OP(triu_, x, diagonal);
DT_OP(clamp, x, low, high);
DT_OP(clamp_, x, low, high);
DT_OP(hardtanh, x, low, high);
DT_OP(hardtanh_, x, low, high);

}  // namespace
}  // namespace dtrain::binding
