// softmax and log-softmax. A gradient is one fused kernel; when second derivatives are wanted it is written out in ops
// instead.
#include "ops/softmax.h"

#include "kernels/softmax.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/unary.h"

namespace dtrain {

namespace {

using Forward = decltype(SoftmaxKernels::softmax);

// y of x, not recorded; `dim` counted from the start.
Tensor computed(Forward kernel, const Tensor& x, int dim) {
  Tensor y = empty(x.sizes(), x.dtype(), x.device());
  const NoGrad guard;
  kernel(contiguous(x), dim, y);
  return y;
}

// dx = y (dy - sum dy y)
Tensor softmaxGrad(const Tensor& dy, const Tensor& y, int dim) {
  if (recording(dy, y)) return mul(y, sub(dy, sum(mul(dy, y), Dims{dim}, true, std::nullopt)));
  Tensor dx = empty(y.sizes(), y.dtype(), y.device());
  kernels<SoftmaxKernels>(y).softmaxGrad(contiguous(dy), y, dim, dx);
  return dx;
}

// dx = dy - exp(y) sum dy
Tensor logSoftmaxGrad(const Tensor& dy, const Tensor& y, int dim) {
  if (recording(dy, y)) return sub(dy, mul(exp(y), sum(dy, Dims{dim}, true, std::nullopt)));
  Tensor dx = empty(y.sizes(), y.dtype(), y.device());
  kernels<SoftmaxKernels>(y).logSoftmaxGrad(contiguous(dy), y, dim, dx);
  return dx;
}

}  // namespace

Tensor softmax(const Tensor& x, int64_t dim, std::optional<DType> dtype) {
  if (dtype && *dtype != x.dtype()) return softmax(cast(x, *dtype), dim, dtype);
  requireFloat("softmax", x);
  const int d = wrapDim("softmax", dim, x.dim());
  return fromOutput("SoftmaxBackward0", computed(kernels<SoftmaxKernels>(x).softmax, x, d), x, [d](auto dy, auto y) {
    note("dim", d);
    return softmaxGrad(dy, y, d);
  });
}

Tensor logSoftmax(const Tensor& x, int64_t dim, std::optional<DType> dtype) {
  if (dtype && *dtype != x.dtype()) return logSoftmax(cast(x, *dtype), dim, dtype);
  requireFloat("logSoftmax", x);
  const int d = wrapDim("logSoftmax", dim, x.dim());
  return fromOutput("LogSoftmaxBackward0", computed(kernels<SoftmaxKernels>(x).logSoftmax, x, d), x,
                    [d](auto dy, auto y) {
                      note("dim", d);
                      return logSoftmaxGrad(dy, y, d);
                    });
}

}  // namespace dtrain
