// See linalg.h. Batches become one dimension for the kernels. The formulas are those of I. Murray, Differentiation of
// the Cholesky decomposition, 2016, in ops, so that second derivatives follow.
#include "ops/linalg.h"

#include "kernels/linalg.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/matmul.h"
#include "ops/record.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// The matrices with rows and columns swapped.
Tensor turned(const Tensor& x) { return transpose(x, -2, -1); }

Dims batchOf(const Tensor& x) {
  Dims sizes = x.sizes();
  sizes.erase(sizes.size() - 1);
  sizes.erase(sizes.size() - 1);
  return sizes;
}

Dims joined(Dims batch, int64_t rows, int64_t columns) {
  batch.push(rows);
  batch.push(columns);
  return batch;
}

void checkMatrices(const char* op, const Tensor& x) {
  check(x.dtype() == DType::float32 || x.dtype() == DType::float64, Code::dtype, op, ": not implemented for ",
        x.dtype(), "; convert with .float() or .double()");
  check(x.dim() >= 2, Code::shape, op, ": expected at least 2 dimensions, got shape ", x.sizes());
  check(std::max(x.size(x.dim() - 2), x.size(x.dim() - 1)) <= INT32_MAX, Code::unsupported, op,
        ": a dimension above 2147483647 is not supported: ", x.sizes());
}

void checkSquare(const char* op, const Tensor& x) {
  checkMatrices(op, x);
  check(x.size(x.dim() - 2) == x.size(x.dim() - 1), Code::shape, op, ": expected square matrices, got shape ",
        x.sizes());
}

// d L = L phi(L^-1 dA L^-T), where phi takes the lower triangle and half the diagonal; transposed, and symmetric, since
// both triangles of A are one variable.
Tensor choleskyGrad(const Tensor& dl, const Tensor& l) {
  const Tensor lower = tril(matmul(turned(l), dl), 0);
  const Tensor symmetric = mul(add(lower, turned(tril(lower, -1))), 0.5);
  return solveTriangular(l, solveTriangular(turned(l), symmetric, true, true, false), false, false, false);
}

// The lower factor, from the lower triangle, and which minors are not positive.
std::pair<Tensor, Tensor> factored(const Tensor& a) {
  const int64_t n = a.size(a.dim() - 1);
  Tensor l, order = empty(batchOf(a), DType::int32, a.device());
  {
    const NoGrad guard;
    l = tril(a, 0);
    kernels<LinalgKernels>(a).cholesky(view(l, {product(batchOf(a)), n, n}), order);
  }
  return {fromOutput("LinalgCholeskyExBackward0", l, a, choleskyGrad), order};
}

void checkPositive(const char* op, const Tensor& order) {
  const Tensor here = to(order, Device());
  for (int64_t i = 0; i < here.numel(); i++) {
    const int32_t minor = here.data<int32_t>()[i];
    if (minor == 0) continue;
    const std::string which = order.dim() == 0 ? "" : str("(Batch element ", i, "): ");
    fail(Code::linalg, op, ": ", which, "The factorization could not be completed because the input is not ",
         "positive-definite (the leading minor of order ", minor, " is not positive-definite).");
  }
}

std::pair<Tensor, Tensor> cholesky(const char* op, const Tensor& a, bool upper, bool checkErrors) {
  checkSquare(op, a);
  auto [l, order] = factored(upper ? turned(a) : a);
  if (checkErrors) checkPositive(op, order);
  return {upper ? turned(l) : l, order};
}

// As solve, without recording.
Tensor solved(const Tensor& a, const Tensor& b, bool upper, bool left, bool unit, const Dims& batch) {
  if (left) return turned(solved(turned(a), turned(b), !upper, false, unit, batch));  // A X = B as X^T A^T = B^T
  const int64_t rows = b.size(b.dim() - 2), n = b.size(b.dim() - 1), count = product(batch);
  const Tensor x = clone(expand(b, joined(batch, rows, n)));
  // Its rows are solutions of the transposed system.
  const Tensor matrices = contiguous(expand(turned(a), joined(batch, n, n)));
  kernels<LinalgKernels>(x).solveTriangular(view(matrices, {count, n, n}), !upper, unit, view(x, {count, rows, n}));
  return x;
}

// d(A^-1 B) = A^-T dX; to A -A^-T dX X^T, in its triangle
Tensor solve(const char* op, const Tensor& a, const Tensor& b, bool upper, bool left, bool unit) {
  checkSquare(op, a);
  checkMatrices(op, b);
  check(a.dtype() == b.dtype(), Code::dtype, op, ": dtypes differ: ", a.dtype(), " and ", b.dtype(),
        "; convert one with .to()");
  requireSameDevice(op, a, b);
  Dims batch;
  const bool fits = a.size(a.dim() - 1) == b.size(b.dim() - (left ? 2 : 1));
  check(fits && broadcastSizes(batchOf(a), batchOf(b), &batch), Code::shape, op, ": sizes do not fit ",
        left ? "A x" : "x A", " = b: A ", a.sizes(), ", b ", b.sizes());
  Tensor x;
  {
    const NoGrad guard;
    x = solved(a, b, upper, left, unit, batch);
  }
  if (recording(a, b))
    record("LinalgSolveTriangularBackward0", x, {a, b},
           [=, ga = requiresGrad(a), gb = requiresGrad(b), sizes = b.sizes(), a = Saved(a),
            x = requiresGrad(a) ? Saved::output(x) : Saved()](const Tensor& dx) {
             const Tensor matrices = a.get(), db = solve(op, turned(matrices), dx, !upper, left, unit);
             const auto toA = [&] {
               const Tensor da = neg(left ? matmul(db, turned(x.get())) : matmul(turned(x.get()), db));
               const int64_t first = unit ? 1 : 0;
               return sumTo(upper ? triu(da, first) : tril(da, -first), matrices.sizes(), matrices.dtype());
             };
             return Grads{ga ? toA() : Tensor(), gb ? sumTo(db, sizes, db.dtype()) : Tensor()};
           });
  return x;
}

}  // namespace

Tensor cholesky(const Tensor& a, bool upper) { return cholesky("linalg.cholesky", a, upper, true).first; }

std::pair<Tensor, Tensor> choleskyEx(const Tensor& a, bool upper, bool checkErrors) {
  return cholesky("linalg.choleskyEx", a, upper, checkErrors);
}

Tensor solveTriangular(const Tensor& a, const Tensor& b, bool upper, bool left, bool unitriangular) {
  return solve("linalg.solveTriangular", a, b, upper, left, unitriangular);
}

Tensor choleskySolve(const Tensor& b, const Tensor& l, bool upper) {
  const char* const op = "choleskySolve";
  checkSquare(op, l);
  const Tensor lower = upper ? turned(l) : l;
  return solve(op, turned(lower), solve(op, lower, b, false, true, false), true, true, false);
}

}  // namespace dtrain
