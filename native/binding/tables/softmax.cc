// Softmax and its kin.
#include "ops/softmax.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("softmax");

DT_OP(softmax, x, dim, dtype);
DT_OP(logSoftmax, x, dim, dtype);

}  // namespace
}  // namespace dtrain::binding
