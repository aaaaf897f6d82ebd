// log-softmax. The gradient is one fused kernel; when second derivatives are wanted it is written out in ops instead.
#include "ops/softmax.h"

#include "kernels/softmax.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/unary.h"

namespace dtrain {

namespace {
// dx = dy - exp(y) sum dy
Tensor logSoftmaxGrad(const Tensor& dy, const Tensor& y, int dim) {
  if (recording(dy, y)) return sub(dy, mul(exp(y), sum(dy, Dims{dim}, true, std::nullopt)));
  Tensor dx = empty(y.sizes(), y.dtype(), y.device());
  kernels<SoftmaxKernels>(y).logSoftmaxGrad(contiguous(dy), y, dim, dx);
  return dx;
}
}  // namespace

Tensor logSoftmax(const Tensor& x, int64_t dim, std::optional<DType> dtype) {
  if (dtype && *dtype != x.dtype()) return logSoftmax(cast(x, *dtype), dim, dtype);
  requireFloat("logSoftmax", x);
  const int d = wrapDim("logSoftmax", dim, x.dim());
  Tensor y = empty(x.sizes(), x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<SoftmaxKernels>(x).logSoftmax(contiguous(x), d, y);
  }
  if (recording(x))
    record("LogSoftmaxBackward0", y, x,
           [d, y = Saved::output(y)](const Tensor& dy) { return logSoftmaxGrad(dy, y.get(), d); });
  return y;
}

}  // namespace dtrain
