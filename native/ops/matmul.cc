// Matrix products: every form becomes a 2-d GEMM or a batch of them. A gradient is computed in the memory layout of the
// operand it belongs to, so that a weight used as W^T gets a contiguous gradient and nothing is copied afterwards.
#include "ops/matmul.h"

#include "kernels/copy.h"
#include "kernels/matmul.h"
#include "kernels/matrix.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/matrices.h"
#include "ops/record.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// A matrix, or a batch of them, as a BLAS can read it.
Tensor ready(const Tensor& x) { return MatrixLayout(x.dim() == 2 ? x : matrixOf(x, 0)).usable ? x : contiguous(x); }

void checkMatrices(const char* op, const Tensor& x, const Tensor& y) {
  check(x.dtype() == y.dtype(), Code::dtype, op, ": dtypes differ: ", x.dtype(), " and ", y.dtype(),
        "; convert one with .to()");
  check(x.dtype() != DType::boolean, Code::dtype, op, ": not defined for bool tensors");
  requireSameDevice(op, x, y);
  const int64_t k = x.sizes().back(), inner = y.dim() == 1 ? y.size(0) : y.size(y.dim() - 2);
  check(k == inner, Code::shape, op, ": inner dimensions differ: ", x.sizes(), " x ", y.sizes(), " (", k, " != ", inner,
        ")");
}

bool columnMajor(const Tensor& x) { return x.stride(0) == 1 && x.stride(1) != 1; }

// What PyTorch says of a factor; of its strides only if it has a gradient.
void noteFactor(const std::string& name, const Saved& x, const Dims& sizes, bool asColumns, bool wanted) {
  note(name.c_str(), x);
  note((name + "_sym_sizes").c_str(), sizes);
  note((name + "_sym_strides").c_str(), !wanted ? Dims() : asColumns ? Dims{1, sizes[0]} : Dims{sizes[1], 1});
}

Tensor mm(const Tensor& x, const Tensor& y);

// x y, or as the transpose of y^T x^T, which leaves the result column major.
Tensor mmLike(const Tensor& x, const Tensor& y, bool asColumns) { return asColumns ? t(mm(t(y), t(x))) : mm(x, y); }

// d(x y) = dy y^T, x^T dy
Tensor mm(const Tensor& x, const Tensor& y) {
  Tensor out = empty({x.size(0), y.size(1)}, x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<MatmulKernels>(x).gemm(ready(x), ready(y), {}, out, 1, 0);
  }
  if (recording(x, y)) {
    const bool gx = requiresGrad(x), gy = requiresGrad(y);
    record("MmBackward0", out, {x, y},
           [gx, gy, xCols = columnMajor(x), yCols = columnMajor(y), sx = gy ? Saved(x) : Saved(),
            sy = gx ? Saved(y) : Saved(), inner = x.size(1)](const Tensor& d) {
             if (savedLog) {
               noteFactor("self", sx, {d.size(0), inner}, xCols, gx);
               noteFactor("mat2", sy, {inner, d.size(1)}, yCols, gy);
             }
             return Grads{gx ? mmLike(d, t(sy.get()), xCols) : Tensor(), gy ? mmLike(t(sx.get()), d, yCols) : Tensor()};
           });
  }
  return out;
}

// All sizes but the last.
Dims leading(const Tensor& x) {
  Dims sizes = x.sizes();
  sizes.erase(sizes.size() - 1);
  return sizes;
}

// [B, m, k] x [B, k, n]
Tensor batched(const Tensor& x, const Tensor& y) {
  Tensor out = empty({x.size(0), x.size(1), y.size(2)}, x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<MatmulKernels>(x).bmm(ready(x), ready(y), out, 1, 0);
  }
  if (recording(x, y)) {
    const bool gx = requiresGrad(x), gy = requiresGrad(y);
    record("BmmBackward0", out, {x, y},
           [gx, gy, sx = gy ? Saved(x) : Saved(), sy = gx ? Saved(y) : Saved()](const Tensor& d) {
             note("self", sx);
             note("mat2", sy);
             return Grads{gx ? batched(d, transpose(sy.get(), 1, 2)) : Tensor(),
                          gy ? batched(transpose(sx.get(), 1, 2), d) : Tensor()};
           });
  }
  return out;
}

void checkBatches(const char* op, const Tensor& x, const Tensor& y) {
  check(x.dim() == 3 && y.dim() == 3 && x.size(0) == y.size(0), Code::shape, op,
        ": expected two batches of as many matrices, got ", x.sizes(), " x ", y.sizes());
  checkMatrices(op, x, y);
}

void checkAdded(const char* op, const Tensor& input, const Tensor& x, const Dims& sizes) {
  check(input.dtype() == x.dtype(), Code::dtype, op, ": dtypes differ: ", input.dtype(), " and ", x.dtype(),
        "; convert one with .to()");
  requireSameDevice(op, input, x);
  check(expandable(input.sizes(), sizes), Code::shape, op, ": input ", input.sizes(), " does not broadcast to ", sizes);
}

Tensor scaled(const Tensor& x, double by) { return by == 1 ? x : mul(x, by); }

}  // namespace

Tensor bmm(const Tensor& x, const Tensor& y) {
  checkBatches("bmm", x, y);
  return batched(x, y);
}

Tensor matmul(const Tensor& x, const Tensor& y) {
  check(x.dim() > 0 && y.dim() > 0, Code::shape, "matmul: expected at least 1 dimension on both sides, got ", x.sizes(),
        " x ", y.sizes());
  checkMatrices("matmul", x, y);
  if (x.dim() == 1 && y.dim() == 1) return reshape(mm(unsqueeze(x, 0), unsqueeze(y, 1)), {});
  if (x.dim() == 1) return squeeze(matmul(unsqueeze(x, 0), y), Dims{-2});
  if (y.dim() == 1) return squeeze(matmul(x, unsqueeze(y, 1)), Dims{-1});
  if (x.dim() == 2 && y.dim() == 2) return mm(x, y);
  const int64_t m = x.size(x.dim() - 2), k = x.sizes().back(), n = y.sizes().back();
  if (y.dim() == 2) {  // one big GEMM
    Dims sizes = x.sizes();
    sizes[x.dim() - 1] = n;
    return reshape(mm(reshape(x, {product(leading(x)), k}), y), sizes);
  }
  Dims batch;
  check(broadcastSizes(batchOf(x), batchOf(y), &batch), Code::shape,
        "matmul: batch dimensions do not broadcast: ", x.sizes(), " x ", y.sizes());
  const Tensor xs = reshape(expand(x, joined(batch, m, k)), {product(batch), m, k});
  const Tensor ys = reshape(expand(y, joined(batch, k, n)), {product(batch), k, n});
  return reshape(batched(xs, ys), joined(batch, m, n));
}

// d(beta input + alpha x y) = beta dy summed to input's shape, alpha dy y^T, alpha x^T dy
Tensor addmm(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha) {
  check(x.dim() == 2 && y.dim() == 2, Code::shape, "addmm: expected two matrices, got ", x.sizes(), " x ", y.sizes());
  checkMatrices("addmm", x, y);
  checkAdded("addmm", input, x, {x.size(0), y.size(1)});
  Tensor out = empty({x.size(0), y.size(1)}, x.dtype(), x.device());
  {
    const NoGrad guard;
    const bool asBias = beta == 1 && input.sizes() == Dims{y.size(1)};  // one kernel where a device can
    if (beta != 0 && !asBias) kernels<CopyKernels>(x).copy(expand(input, out.sizes()), out);
    kernels<MatmulKernels>(x).gemm(ready(x), ready(y), asBias ? contiguous(input) : Tensor(), out, alpha,
                                   asBias ? 0 : beta);
  }
  if (recording(input, x, y)) {
    const bool gi = requiresGrad(input), gx = requiresGrad(x), gy = requiresGrad(y);
    record("AddmmBackward0", out, {input, x, y},
           [=, xCols = columnMajor(x), yCols = columnMajor(y), sizes = input.sizes(), sx = gy ? Saved(x) : Saved(),
            sy = gx ? Saved(y) : Saved(), inner = x.size(1)](const Tensor& d) {
             note("alpha", alpha);
             note("beta", beta);
             if (savedLog) {
               noteFactor("mat1", sx, {d.size(0), inner}, xCols, gx);
               noteFactor("mat2", sy, {inner, d.size(1)}, yCols, gy);
             }
             return Grads{gi ? scaled(sumTo(d, sizes, d.dtype()), beta) : Tensor(),
                          gx ? scaled(mmLike(d, t(sy.get()), xCols), alpha) : Tensor(),
                          gy ? scaled(mmLike(t(sx.get()), d, yCols), alpha) : Tensor()};
           });
  }
  return out;
}

// The same of each matrix.
Tensor baddbmm(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha) {
  checkBatches("baddbmm", x, y);
  const Dims sizes{x.size(0), x.size(1), y.size(2)};
  checkAdded("baddbmm", input, x, sizes);
  Tensor out = empty(sizes, x.dtype(), x.device());
  {
    const NoGrad guard;
    if (beta != 0) kernels<CopyKernels>(x).copy(expand(input, sizes), out);
    kernels<MatmulKernels>(x).bmm(ready(x), ready(y), out, alpha, beta);
  }
  if (recording(input, x, y)) {
    const bool gi = requiresGrad(input), gx = requiresGrad(x), gy = requiresGrad(y);
    record("BaddbmmBackward0", out, {input, x, y},
           [=, sizes = input.sizes(), sx = gy ? Saved(x) : Saved(), sy = gx ? Saved(y) : Saved()](const Tensor& d) {
             note("alpha", alpha);
             note("batch1", sx);
             note("batch2", sy);
             note("beta", beta);
             return Grads{gi ? scaled(sumTo(d, sizes, d.dtype()), beta) : Tensor(),
                          gx ? scaled(batched(d, transpose(sy.get(), 1, 2)), alpha) : Tensor(),
                          gy ? scaled(batched(transpose(sx.get(), 1, 2), d), alpha) : Tensor()};
           });
  }
  return out;
}

Tensor linear(const Tensor& x, const Tensor& weight, const MaybeTensor& bias) {
  check(weight.dim() == 2 && x.dim() > 0, Code::shape,
        "linear: expected input [..., inFeatures] and weight [outFeatures, inFeatures], got ", x.sizes(), " and ",
        weight.sizes());
  check(x.sizes().back() == weight.size(1), Code::shape, "linear: input ", x.sizes(), " has ", x.sizes().back(),
        " features, weight ", weight.sizes(), " expects ", weight.size(1));
  check(x.dtype() == weight.dtype() && (!bias.defined() || bias.dtype() == x.dtype()), Code::dtype,
        "linear: dtypes differ: input ", x.dtype(), ", weight ", weight.dtype(),
        bias.defined() ? str(", bias ", bias.dtype()) : "", "; convert with .to()");
  check(x.dtype() != DType::boolean, Code::dtype, "linear: not defined for bool tensors");
  requireSameDevice("linear", x, weight);
  requireSameDevice("linear", x, bias);
  check(!bias.defined() || bias.sizes() == Dims{weight.size(0)}, Code::shape, "linear: expected bias [", weight.size(0),
        "], got ", bias.defined() ? bias.sizes() : Dims{});
  if (!bias.defined()) return matmul(x, t(weight));
  if (x.dim() == 2) return addmm(bias, x, t(weight), 1, 1);
  Dims sizes = x.sizes();
  sizes[x.dim() - 1] = weight.size(0);
  const Tensor rows = reshape(x, {product(leading(x)), weight.size(1)});
  return reshape(addmm(bias, rows, t(weight), 1, 1), sizes);
}

}  // namespace dtrain
