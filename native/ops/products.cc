// See products.h. A vector is a matrix with one column, and the sum over a batch is one product with a longer inner
// dimension, so each is one GEMM.
#include "ops/products.h"

#include <cmath>

#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/creation.h"
#include "ops/matmul.h"
#include "ops/record.h"
#include "ops/select.h"
#include "ops/view.h"

namespace dtrain {

namespace {

void checkDims(const char* op, const Tensor& x, int64_t dx, const Tensor& y, int64_t dy) {
  check(x.dim() == dx && y.dim() == dy, Code::shape, op, ": expected ", dx, " and ", dy, " dimensions, got ", x.sizes(),
        " x ", y.sizes());
}

void checkInput(const char* op, const Tensor& input, const Dims& sizes, DType dtype) {
  check(expandable(input.sizes(), sizes), Code::shape, op, ": input ", input.sizes(), " does not broadcast to ", sizes);
  check(input.dtype() == dtype, Code::dtype, op, ": dtypes differ: ", input.dtype(), " and ", dtype,
        "; convert one with .to()");
}

Tensor scaled(const Tensor& x, double by) { return by == 1 ? x : mul(x, by); }

// Factors of integers are integers.
Tensor sum(const Tensor& input, const Tensor& product, double beta, double alpha) {
  if (!isFloat(input.dtype()) && !isFloat(product.dtype())) beta = std::trunc(beta), alpha = std::trunc(alpha);
  if (beta == 0) {
    const Tensor out = scaled(product, alpha);
    // The gradient of what is left out is 0.
    return requiresGrad(input) ? add(out, where(full({}, 1, DType::boolean, input.device()), 0, input)) : out;
  }
  return add(scaled(input, beta), product, alpha);
}

template <class Op>
void inPlace(const char* name, Op op, const Tensor& input, const Tensor& x, const Tensor& y, double beta,
             double alpha) {
  become(name, input, [&](const Tensor& before) {
    const Tensor out = op(before, x, y, beta, alpha);
    check(out.sizes() == input.sizes(), Code::shape, name, ": the result ", out.sizes(), " does not fit into ",
          input.sizes());
    return out;
  });
}

}  // namespace

Tensor addmv(const Tensor& input, const Tensor& matrix, const Tensor& vector, double beta, double alpha) {
  checkDims("addmv", matrix, 2, vector, 1);
  const Dims sizes{matrix.size(0)};
  checkInput("addmv", input, sizes, matrix.dtype());
  const Tensor column = unsqueeze(expand(input, sizes), 1);
  return squeeze(addmm(column, matrix, unsqueeze(vector, 1), beta, alpha), Dims{1});
}

Tensor addr(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha) {
  checkDims("addr", x, 1, y, 1);
  requireSameDevice("addr", x, y);
  requireSameDevice("addr", input, x);
  const Dims sizes{x.size(0), y.size(0)};
  check(expandable(input.sizes(), sizes), Code::shape, "addr: input ", input.sizes(), " does not broadcast to ", sizes);
  if (isHalf(x.dtype()) && y.dtype() == x.dtype() && input.dtype() == x.dtype())  // rounded once, after the sum
    return cast(addr(widened(input), widened(x), widened(y), beta, alpha), x.dtype());
  const Tensor outer = mul(unsqueeze(x, 1), y);
  if (outer.dtype() == DType::boolean && input.dtype() == DType::boolean) {  // sums are "or", as products are "and"
    const Tensor product = alpha == 0 ? full(sizes, 0, DType::boolean, outer.device()) : outer;
    return beta == 0 ? product : logicalOr(expand(input, sizes), product);
  }
  return sum(input, outer, beta, alpha);
}

Tensor addbmm(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha) {
  checkDims("addbmm", x, 3, y, 3);
  const int64_t batch = x.size(0), rows = x.size(1), inner = x.size(2), columns = y.size(2);
  check(y.size(0) == batch && y.size(1) == inner, Code::shape, "addbmm: sizes do not fit: ", x.sizes(), " x ",
        y.sizes());
  checkInput("addbmm", input, {rows, columns}, x.dtype());
  const Tensor wide = reshape(transpose(x, 0, 1), {rows, batch * inner});
  return addmm(input, wide, reshape(y, {batch * inner, columns}), beta, alpha);
}

void addmm_(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha) {
  inPlace("addmm_", addmm, input, x, y, beta, alpha);
}
void addmv_(const Tensor& input, const Tensor& matrix, const Tensor& vector, double beta, double alpha) {
  inPlace("addmv_", addmv, input, matrix, vector, beta, alpha);
}
void addr_(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha) {
  inPlace("addr_", addr, input, x, y, beta, alpha);
}
void addbmm_(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha) {
  inPlace("addbmm_", addbmm, input, x, y, beta, alpha);
}
void baddbmm_(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha) {
  inPlace("baddbmm_", baddbmm, input, x, y, beta, alpha);
}

}  // namespace dtrain
