// Sums of a tensor and a product; with an underscore in place.
#include "ops/products.h"

#include "binding/table.h"
#include "ops/matmul.h"

namespace dtrain::binding {

namespace {

Group group("products");

DT_OP(addmm_, input, x, y, beta, alpha);
DT_OP(addmv, input, matrix, vector, beta, alpha);
DT_OP(addmv_, input, matrix, vector, beta, alpha);
DT_OP(addr, input, x, y, beta, alpha);
DT_OP(addr_, input, x, y, beta, alpha);
DT_OP(addbmm, input, x, y, beta, alpha);
DT_OP(addbmm_, input, x, y, beta, alpha);
DT_OP(baddbmm, input, x, y, beta, alpha);
DT_OP(baddbmm_, input, x, y, beta, alpha);

}  // namespace
}  // namespace dtrain::binding
