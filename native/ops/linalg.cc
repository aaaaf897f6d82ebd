// See linalg.h. Batches become one dimension for the kernels. The formulas are those of I. Murray, Differentiation of
// the Cholesky decomposition, 2016, in ops, so that second derivatives follow.
#include "ops/linalg.h"

#include "kernels/linalg.h"
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/matmul.h"
#include "ops/matrices.h"
#include "ops/record.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

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
    l = contiguous(tril(a, 0));
    kernels<LinalgKernels>(a).cholesky(view(l, {product(batchOf(a)), n, n}), order);
  }
  return {fromOutput("LinalgCholeskyExBackward0", l, a, choleskyGrad), order};
}

void checkPositive(const char* op, const Tensor& order) {
  checkInfo(op, order, [](int32_t minor) {
    return str(
        "The factorization could not be completed because the input is not positive-definite (the leading minor ",
        "of order ", minor, " is not positive-definite).");
  });
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
  checkSameKind(op, a, b);
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

// d(A^-1 B) = A^-1 dX; A = L L^T, and all of L is one variable though a triangle is read, as PyTorch has it:
// dL = -(dB X^T + X dB^T) L
Tensor choleskySolve(const Tensor& b, const Tensor& l, bool upper) {
  const char* const op = "choleskySolve";
  Tensor x;
  {
    const NoGrad guard;
    checkSquare(op, l);
    const Tensor lower = upper ? turned(l) : l;
    x = solve(op, turned(lower), solve(op, lower, b, false, true, false), true, true, false);
  }
  if (recording(b, l))
    record("CholeskySolveBackward0", x, {b, l},
           [=, gb = requiresGrad(b), gl = requiresGrad(l), sizes = b.sizes(), l = Saved(l),
            x = requiresGrad(l) ? Saved::output(x) : Saved()](const Tensor& dx) {
             const Tensor factor = l.get(), db = choleskySolve(dx, factor, upper);
             const auto toL = [&] {
               const Tensor half = neg(matmul(db, turned(x.get()))), both = add(half, turned(half));
               return sumTo(upper ? matmul(factor, both) : matmul(both, factor), factor.sizes(), factor.dtype());
             };
             return Grads{gb ? sumTo(db, sizes, db.dtype()) : Tensor(), gl ? toL() : Tensor()};
           });
  return x;
}

Tensor choleskyInverse(const Tensor& l, bool upper) {
  const char* const op = "choleskyInverse";
  checkSquare(op, l);
  const Tensor zeros = eq(diagonal(detach(l), 0, -2, -1), 0), which = to(cast(zeros, DType::int32), Device());
  const int64_t n = columnsOf(l);
  for (int64_t i = 0; i < which.numel(); i++)
    check(which.data<int32_t>()[i] == 0, Code::linalg, op, ": ",
          l.dim() == 2 ? "" : str("(Batch element ", i / n, "): "), "The diagonal element ", i % n + 1,
          " is zero, the inversion could not be completed because the input matrix ", "is singular.");
  return choleskySolve(identityLike(l, n, n), l, upper);
}

}  // namespace dtrain
