// Matrix products.
#include "ops/matmul.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("matmul");

DT_OP(matmul, x, y);
DT_OP(bmm, x, y);
DT_OP(addmm, input, x, y, beta, alpha);
DT_OP(linear, x, weight, bias);

}  // namespace
}  // namespace dtrain::binding
