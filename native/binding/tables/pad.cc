// More elements around a tensor, or fewer.
#include "ops/pad.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("pad");

DT_OP(pad, x, numbers, mode, value);
DT_OP(constantPadNd, x, numbers, value);

}  // namespace
}  // namespace dtrain::binding
