// Elementwise functions of one tensor.
#include "binding/table.h"
#include "ops/elementwise.h"

namespace dtrain::binding {

namespace {

Group group("unary");

DT_OP(neg, x);
DT_OP(exp, x);
DT_OP(log, x);

}  // namespace
}  // namespace dtrain::binding
