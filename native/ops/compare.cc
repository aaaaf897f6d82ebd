// See compare.h. They have no gradient.
#include "ops/compare.h"

#include "kernels/compare.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/copy.h"

namespace dtrain {

namespace {
Tensor compare(Compare op, const Operand& x, const Operand& y) {
  const Dims sizes = broadcast(name(op), x, y);
  const Device device = commonDevice(name(op), x, y);
  const Tensor out = empty(sizes, DType::boolean, device);
  kernels<CompareKernels>(out).run(op, onDevice(x, device), onDevice(y, device), resultType(x, y), out);
  return out;
}
}  // namespace

Tensor eq(const Operand& x, const Operand& y) { return compare(Compare::eq, x, y); }
Tensor ne(const Operand& x, const Operand& y) { return compare(Compare::ne, x, y); }
Tensor lt(const Operand& x, const Operand& y) { return compare(Compare::lt, x, y); }
Tensor le(const Operand& x, const Operand& y) { return compare(Compare::le, x, y); }
Tensor gt(const Operand& x, const Operand& y) { return compare(Compare::gt, x, y); }
Tensor ge(const Operand& x, const Operand& y) { return compare(Compare::ge, x, y); }

Tensor logicalAnd(const Tensor& x, const Tensor& y) { return mul(cast(x, DType::boolean), cast(y, DType::boolean)); }
Tensor logicalOr(const Tensor& x, const Tensor& y) { return add(cast(x, DType::boolean), cast(y, DType::boolean)); }
Tensor logicalXor(const Tensor& x, const Tensor& y) { return ne(cast(x, DType::boolean), cast(y, DType::boolean)); }
Tensor logicalNot(const Tensor& x) { return eq(x, 0); }

}  // namespace dtrain
