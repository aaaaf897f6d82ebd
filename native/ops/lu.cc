// Factors of matrices by elimination, and what follows from them: solutions, inverses, determinants; LDL factors of
// symmetric matrices too. Formulas are made of ops, so that second derivatives follow.
#include "kernels/lapack.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/linalg.h"
#include "ops/matmul.h"
#include "ops/matrices.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/scatter.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

struct Factors {
  Tensor lu, pivots, info;
};

// Without recording.
Factors factored(const Tensor& a) {
  const NoGrad guard;
  const int64_t k = std::min(rowsOf(a), columnsOf(a)), count = product(batchOf(a));
  const Tensor x = ownColumnMajor(a, batchOf(a)), info = zeroInfo(a);
  const Tensor pivots = empty({count, k}, DType::int32, a.device());
  if (x.numel() > 0) kernels<LapackKernels>(x).lu(x, pivots, view(info, {count}));
  return {rowMajor(x, batchOf(a)), view(pivots, joined(batchOf(a), k)), info};
}

std::string singularInverse(int32_t info) {
  return str("The diagonal element ", info,
             " is zero, the inversion could not be completed because the input matrix is singular.");
}
std::string singularSystem(int32_t) { return "The solver failed because the input matrix is singular."; }
std::string zeroPivot(int32_t info) {
  return str("U[", info, ",", info, "] is zero and using it on luSolve would result in a division by zero. If you ",
             "still want to perform the factorization, consider calling linalg.lu(a) or linalg.luFactorEx(a)");
}

void checkPivots(const char* op, const Tensor& factors, const Tensor& pivots) {
  check(pivots.dtype() == DType::int32, Code::dtype, op, ": pivots must be int32, as they come with the factors, got ",
        pivots.dtype());
  const Dims sizes = joined(batchOf(factors), std::min(rowsOf(factors), columnsOf(factors)));
  check(pivots.sizes() == sizes, Code::shape, op, ": expected pivots of shape ", sizes, ", got ", pivots.sizes());
}

// Those of a batch, [count, n].
Tensor pivotsOf(const Tensor& pivots, const Dims& batch) {
  const int64_t n = pivots.size(pivots.dim() - 1);
  return view(contiguous(expand(pivots, joined(batch, n))), {product(batch), n});
}

// P with A = P L U: the identity with its rows swapped as the pivots say. They are looked at by the host.
Tensor permutation(const Tensor& lu, const Tensor& pivots) {
  const NoGrad guard;
  const int64_t m = rowsOf(lu), k = pivots.size(pivots.dim() - 1), count = product(batchOf(lu));
  const Tensor here = to(contiguous(pivots), Device());
  const Tensor order = empty({count, m}, DType::int64);
  for (int64_t i = 0; i < count; i++) {
    int64_t* const rows = order.data<int64_t>() + i * m;
    for (int64_t j = 0; j < m; j++) rows[j] = j;
    for (int64_t j = 0; j < k; j++) {
      const int64_t other = here.data<int32_t>()[i * k + j] - 1;
      check(other >= 0 && other < m, Code::argument, "luUnpack: pivots must be from 1 to ", m, ", got ", other + 1);
      std::swap(rows[j], rows[other]);
    }
  }
  const Tensor zeros = full({count, m, m}, 0, lu.dtype(), lu.device());
  const Tensor p = scatter(zeros, 1, view(to(order, lu.device()), {count, 1, m}), 1.0);
  return view(p, joined(batchOf(lu), m, m));
}

// With N = L^-1 P^T dA U^-1 of the leading square: dL = L tril(N, -1) and dU = triu(N) U there; turned round, with what
// is right of it (U2) or below it (L2).
Tensor luGrad(const Tensor& dlu, const Tensor& lu, const Tensor& pivots) {
  const int64_t m = rowsOf(lu), n = columnsOf(lu), k = std::min(m, n);
  const Tensor square = slice(slice(lu, -2, 0, k, 1), -1, 0, k, 1),
               l = add(tril(square, -1), identityLike(square, k, k));
  const Tensor u = triu(square, 0), here = slice(slice(dlu, -2, 0, k, 1), -1, 0, k, 1);
  Tensor lower = matmul(turned(l), tril(here, -1)), upper = matmul(triu(here, 0), turned(u));
  const Tensor right = slice(dlu, -1, k, n, 1), below = slice(dlu, -2, k, m, 1);
  if (n > k) lower = sub(lower, matmul(right, turned(slice(lu, -1, k, n, 1))));
  if (m > k) upper = sub(upper, matmul(turned(slice(lu, -2, k, m, 1)), below));
  const Tensor both = add(tril(lower, -1), triu(upper, 0));
  const auto byU = [&](const Tensor& x) { return solveTriangular(turned(u), x, false, false, false); };
  const auto byL = [&](const Tensor& x) { return solveTriangular(turned(l), x, true, true, true); };
  Tensor da = byL(byU(both));
  if (n > k) da = cat({da, byL(right)}, -1);
  if (m > k) da = cat({da, byU(below)}, -2);
  return matmul(permutation(lu, pivots), da);
}

void checkPivot(const char* op, bool pivot) {
  check(pivot, Code::unsupported, op, ": LU without pivoting is not implemented");
}

Factors recorded(const char* op, const Tensor& a, bool pivot) {
  checkMatrices(op, a);
  checkPivot(op, pivot);
  Factors f = factored(a);
  f.lu = fromOutput(
      "LinalgLuFactorExBackward0", f.lu, a,
      [pivots = Saved(f.pivots)](const Tensor& dlu, const Tensor& lu) { return luGrad(dlu, lu, pivots.get()); });
  return f;
}

// X of factors that are no variables.
Tensor substituted(const Tensor& lu, const Tensor& pivots, const Tensor& b, const Dims& batch, bool left,
                   bool adjoint) {
  if (!left) return turned(substituted(lu, pivots, turned(b), batch, true, !adjoint));
  const NoGrad guard;
  const Tensor x = ownColumnMajor(b, batch);
  if (x.numel() == 0) return rowMajor(x, batch);
  kernels<LapackKernels>(x).luSolve(columnMajor(lu, batch), pivotsOf(pivots, batch), adjoint, x);
  return rowMajor(x, batch);
}

Dims checkSystem(const char* op, const Tensor& a, const Tensor& b, bool left) {
  checkSquare(op, a);
  checkMatrices(op, b);
  checkSameKind(op, a, b);
  Dims batch;
  check(columnsOf(a) == (left ? rowsOf(b) : columnsOf(b)) && broadcastSizes(batchOf(a), batchOf(b), &batch),
        Code::shape, op, ": sizes do not fit ", left ? "A x" : "x A", " = b: A ", a.sizes(), ", b ", b.sizes());
  return batch;
}

// dB = A^-T dX, dA = -dB X^T
std::pair<Tensor, Tensor> solved(const char* op, const Tensor& a, const Tensor& b, bool left) {
  if (isVector(a, b)) {
    check(left, Code::shape, op, ": a vector b needs left, got A ", a.sizes(), ", b ", b.sizes());
    const auto [x, info] = solved(op, a, unsqueeze(b, -1), true);
    return {squeeze(x, Dims{-1}), info};
  }
  const Dims batch = checkSystem(op, a, b, left);
  const Factors f = factored(a);
  const Tensor x = substituted(f.lu, f.pivots, b, batch, left, false);
  if (recording(a, b))
    record("LinalgSolveExBackward0", x, {a, b},
           [=, lu = f.lu, pivots = f.pivots, ga = requiresGrad(a), gb = requiresGrad(b), sizes = b.sizes(),
            a = Saved(a), x = requiresGrad(a) ? Saved::output(x) : Saved()](const Tensor& dx) {
             const Tensor matrices = a.get();
             const Tensor db = gradEnabled() ? solved(op, turned(matrices), dx, left).first
                                             : substituted(lu, pivots, dx, batch, left, true);
             const auto toA = [&] {
               const Tensor da = neg(left ? matmul(db, turned(x.get())) : matmul(turned(x.get()), db));
               return sumTo(da, matrices.sizes(), matrices.dtype());
             };
             return Grads{ga ? toA() : Tensor(), gb ? sumTo(db, sizes, db.dtype()) : Tensor()};
           });
  return {x, f.info};
}

// d(A^-1) = -A^-1 dA A^-1
std::pair<Tensor, Tensor> inverse(const char* op, const Tensor& a) {
  checkSquare(op, a);
  const Factors f = factored(a);
  const Tensor x = substituted(f.lu, f.pivots, identityLike(a, rowsOf(a), rowsOf(a)), batchOf(a), true, false);
  return {fromOutput("LinalgInvExBackward0", x, a,
                     [](const Tensor& dx, const Tensor& x) { return neg(matmul(turned(x), matmul(dx, turned(x)))); }),
          f.info};
}

Tensor each(const Tensor& x) { return unsqueeze(unsqueeze(x, -1), -1); }  // a number for each matrix

// The sign of the permutation.
Tensor parity(const Tensor& pivots, DType dtype) {
  const int64_t n = pivots.size(pivots.dim() - 1);
  const Tensor swaps = sum(ne(pivots, arange(1, static_cast<double>(n) + 1, 1, DType::int32, pivots.device())),
                           Dims{-1}, false, std::nullopt);
  return cast(sub(1, mul(remainder(swaps, 2), 2)), dtype);
}

// d det(A) = det(A) A^-T; where there is no inverse, by the singular values: det(U V) U diag(the product of the others)
// V^T. Matrices that the other formula is for are replaced by some that it takes.
Tensor detGrad(const Tensor& dy, const Tensor& y, const Tensor& a) {
  const double eps = a.dtype() == DType::float32 ? 0x1p-23 : 0x1p-52;
  const int64_t n = columnsOf(a);
  const Tensor singular = lt(abs(detach(y)), 100 * eps), eye = identityLike(a, n, n);
  const Tensor regular = mul(each(mul(dy, y)), turned(inverse("linalg.det", where(each(singular), eye, a)).first));
  const Tensor some = to(any(singular, std::nullopt, false), Device());
  if (n == 0 || !some.data<bool>()[0]) return regular;
  const Tensor other = diagEmbed(arange(1, static_cast<double>(n) + 1, 1, a.dtype(), a.device()), 0, 0, 1);
  const auto parts = svd(where(each(singular), a, other), false);
  const Tensor sign = mul(det(parts[0]), det(parts[2]));
  const Tensor ones = where(ne(eye, 0), 1.0, unsqueeze(parts[1], -2));
  const Tensor others = mul(unsqueeze(mul(sign, dy), -1), prod(ones, -1, false, std::nullopt));
  return where(each(singular), matmul(mul(parts[0], unsqueeze(others, -2)), parts[2]), regular);
}

}  // namespace

std::pair<Tensor, Tensor> luFactor(const Tensor& a, bool pivot) {
  const Factors f = recorded("linalg.luFactor", a, pivot);
  checkInfo("linalg.luFactor", f.info, zeroPivot);
  return {f.lu, f.pivots};
}

std::vector<Tensor> luFactorEx(const Tensor& a, bool pivot, bool checkErrors) {
  const Factors f = recorded("linalg.luFactorEx", a, pivot);
  if (checkErrors) checkInfo("linalg.luFactorEx", f.info, zeroPivot);
  return {f.lu, f.pivots, f.info};
}

std::vector<Tensor> lu(const Tensor& a, bool pivot) {
  const Factors f = recorded("linalg.lu", a, pivot);
  return luUnpack(f.lu, f.pivots, true, true);
}

std::vector<Tensor> luUnpack(const Tensor& lu, const Tensor& pivots, bool unpackData, bool unpackPivots) {
  checkMatrices("luUnpack", lu);
  checkPivots("luUnpack", lu, pivots);
  const int64_t m = rowsOf(lu), n = columnsOf(lu), k = std::min(m, n);
  const Tensor none = empty({0}, lu.dtype(), lu.device());
  const Tensor p = unpackPivots ? permutation(lu, pivots) : none;
  if (!unpackData) return {p, none, empty({0}, lu.dtype(), lu.device())};
  const Tensor l = add(tril(slice(lu, -1, 0, k, 1), -1), identityLike(lu, m, k));
  return {p, l, triu(slice(lu, -2, 0, k, 1), 0)};
}

Tensor luSolve(const Tensor& lu, const Tensor& pivots, const Tensor& b, bool left, bool adjoint) {
  const char* const op = "linalg.luSolve";
  const Dims batch = checkSystem(op, lu, b, left);
  checkPivots(op, lu, pivots);
  if (recording(lu)) {  // A = P L U, of which L and U are variables
    if (!left) return turned(luSolve(lu, pivots, turned(b), true, !adjoint));
    const Tensor p = permutation(lu, pivots);
    if (!adjoint)
      return solveTriangular(lu, solveTriangular(lu, matmul(turned(p), b), false, true, true), true, true, false);
    const Tensor upper = turned(lu);
    return matmul(p, solveTriangular(upper, solveTriangular(upper, b, false, true, false), true, true, true));
  }
  const Tensor x = substituted(lu, pivots, b, batch, left, adjoint);
  if (recording(b))
    record("LinalgLuSolveBackward0", x, b,
           [=, lu = Saved(lu), pivots = Saved(pivots), sizes = b.sizes()](const Tensor& dx) {
             return sumTo(luSolve(lu.get(), pivots.get(), dx, left, !adjoint), sizes, dx.dtype());
           });
  return x;
}

Tensor solve(const Tensor& a, const Tensor& b, bool left) {
  const auto [x, info] = solved("linalg.solve", a, b, left);
  checkInfo("linalg.solve", info, singularSystem);
  return x;
}

std::pair<Tensor, Tensor> solveEx(const Tensor& a, const Tensor& b, bool left, bool checkErrors) {
  const auto pair = solved("linalg.solveEx", a, b, left);
  if (checkErrors) checkInfo("linalg.solveEx", pair.second, singularSystem);
  return pair;
}

Tensor inv(const Tensor& a) {
  const auto [x, info] = inverse("linalg.inv", a);
  checkInfo("linalg.inv", info, singularInverse);
  return x;
}

std::pair<Tensor, Tensor> invEx(const Tensor& a, bool checkErrors) {
  const auto pair = inverse("linalg.invEx", a);
  if (checkErrors) checkInfo("linalg.invEx", pair.second, singularInverse);
  return pair;
}

Tensor det(const Tensor& a) {
  checkSquare("linalg.det", a);
  const Factors f = factored(a);
  Tensor y;
  {
    const NoGrad guard;
    y = mul(prod(diagonal(f.lu, 0, -2, -1), -1, false, std::nullopt), parity(f.pivots, a.dtype()));
  }
  if (recording(a))
    record("LinalgDetBackward0", y, a,
           [a = Saved(a), y = Saved::output(y)](const Tensor& dy) { return detGrad(dy, y.get(), a.get()); });
  return y;
}

// d log |det(A)| = A^-T
std::pair<Tensor, Tensor> slogdet(const Tensor& a) {
  checkSquare("linalg.slogdet", a);
  const Factors f = factored(a);
  Tensor signs, y;
  {
    const NoGrad guard;
    const Tensor pivots = diagonal(f.lu, 0, -2, -1);
    signs = mul(prod(sign(pivots), -1, false, std::nullopt), parity(f.pivots, a.dtype()));
    y = sum(log(abs(pivots)), Dims{-1}, false, std::nullopt);
  }
  if (recording(a))
    recordMany("LinalgSlogdetBackward0", {signs, y}, {a}, [a = Saved(a)](const Grads& dy) {
      if (dy.size() < 2 || !dy[1].defined()) return Grads{full(a.get().sizes(), 0, dy[0].dtype(), dy[0].device())};
      return Grads{mul(each(dy[1]), turned(inverse("linalg.slogdet", a.get()).first))};
    });
  return {signs, y};
}

Tensor logdet(const Tensor& a) {
  const auto [sign, y] = slogdet(a);
  return where(eq(sign, -1), NAN, y);
}

namespace {

std::vector<Tensor> ldlFactored(const char* op, const Tensor& a, bool checkErrors) {
  checkSquare(op, a);
  const int64_t n = rowsOf(a), count = product(batchOf(a));
  Tensor x, info = zeroInfo(a), pivots = empty({count, n}, DType::int32, a.device());
  {
    const NoGrad guard;
    x = ownColumnMajor(tril(a, 0), batchOf(a));
    if (x.numel() > 0) kernels<LapackKernels>(x).ldl(x, pivots, view(info, {count}));
    x = rowMajor(x, batchOf(a));
  }
  if (checkErrors)
    checkInfo(op, info, [](int32_t i) {
      return str("D[", i, ",", i, "] is zero and using it on ldlSolve would result in a division by zero.");
    });
  recordUnknown(op, {x}, {a});
  return {x, view(pivots, joined(batchOf(a), n)), info};
}

}  // namespace

std::pair<Tensor, Tensor> ldlFactor(const Tensor& a) {
  const auto parts = ldlFactored("linalg.ldlFactor", a, true);
  return {parts[0], parts[1]};
}

std::vector<Tensor> ldlFactorEx(const Tensor& a, bool checkErrors) {
  return ldlFactored("linalg.ldlFactorEx", a, checkErrors);
}

Tensor ldlSolve(const Tensor& ldl, const Tensor& pivots, const Tensor& b) {
  const char* const op = "linalg.ldlSolve";
  const Dims batch = checkSystem(op, ldl, b, true);
  checkPivots(op, ldl, pivots);
  Tensor x;
  {
    const NoGrad guard;
    x = ownColumnMajor(b, batch);
    if (x.numel() > 0) kernels<LapackKernels>(x).ldlSolve(columnMajor(ldl, batch), pivotsOf(pivots, batch), x);
    x = rowMajor(x, batch);
  }
  recordUnknown(op, {x}, {ldl, b});
  return x;
}

}  // namespace dtrain
