// Choosing between tensors, element by element.
#include "ops/select.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("select");

DT_OP(where, condition, x, y);
DT_OP(maskedFill, x, mask, value);
DT_OP(maskedFill_, x, mask, value);
DT_OP(clamp, x, min, max);
DT_OP(clamp_, x, min, max);
DT_OP(hardtanh, x, min, max);
DT_OP(hardtanh_, x, min, max);

}  // namespace
}  // namespace dtrain::binding
