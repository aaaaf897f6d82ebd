// Copies, casts and filling. In place, the tensor must not need a gradient while gradients are recorded.
#include "ops/copy.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("copy");

DT_OP(clone, x, keepsLayout);
DT_OP(contiguous, x);
DT_OP(cast, x, dtype);
DT_OP(to, x, device, nonBlocking);
DT_OP(pinMemory, x);
DT_OP(isPinned, x);
DT_OP(copy_, x, source, nonBlocking);
DT_OP(fill_, x, value);
DT_OP(zero_, x);

}  // namespace
}  // namespace dtrain::binding
