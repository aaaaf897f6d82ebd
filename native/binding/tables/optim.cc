// Optimizers, one call for each step; `fresh` says that the momentum buffers hold nothing yet.
#include "ops/optim.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("optim");

DT_OP_END(sgd, params, buffers, fresh, lr, momentum, dampening, weightDecay, nesterov, maximize);

}  // namespace
}  // namespace dtrain::binding
