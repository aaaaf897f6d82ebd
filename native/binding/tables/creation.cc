// Tensors from nothing.
#include "ops/creation.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("creation");

DT_OP(empty, shape, dtype, device);
DT_OP(full, shape, value, dtype, device);
DT_OP(arange, start, end, step, dtype, device);
DT_OP(linspace, start, end, steps, dtype, device);
DT_OP(logspace, start, end, steps, base, dtype, device);

}  // namespace
}  // namespace dtrain::binding
