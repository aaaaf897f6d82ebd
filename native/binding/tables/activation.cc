// Activations.
#include "binding/table.h"
#include "ops/elementwise.h"

namespace dtrain::binding {

namespace {

Group group("activation");

DT_OP(relu, x);

}  // namespace
}  // namespace dtrain::binding
