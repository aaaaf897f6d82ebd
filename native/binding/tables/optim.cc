// Optimizers: one call for each step of a group.
#include "ops/optim.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("optim");

DT_OP(haveGradients, params);
DT_OP_END(optimStep, kind, params, states, scalars);
DT_OP_END(adafactorStep, params, states, scalars);
DT_OP_END(muonStep, params, states, scalars);

}  // namespace
}  // namespace dtrain::binding
