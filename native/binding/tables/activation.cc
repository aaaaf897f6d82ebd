// Activations of neural networks.
#include "ops/activation.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("activation");

DT_OP(relu, x);

}  // namespace
}  // namespace dtrain::binding
