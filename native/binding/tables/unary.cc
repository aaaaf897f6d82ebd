// Elementwise functions of one tensor.
#include "ops/unary.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("unary");

DT_OP(neg, x);
DT_OP(exp, x);
DT_OP(log, x);

}  // namespace
}  // namespace dtrain::binding
