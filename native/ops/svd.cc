// Eigenvalues and singular values, and what follows from them: the pseudo-inverse, the rank, least squares. Gradients
// of vectors divide by differences of values, so they mean nothing where two are equal; those of values alone do not.
#include "kernels/lapack.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/linalg.h"
#include "ops/matmul.h"
#include "ops/matrices.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

std::string diverged(int32_t info, const char* values) {
  if (info < 0) return "The algorithm failed to converge because the input matrix contained non-finite values.";
  return str("The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated ",
             values, " (error code: ", info, ").");
}

// x_j - x_i of the last dimension, and 1 on the diagonal.
Tensor differences(const Tensor& x) {
  const Tensor d = sub(unsqueeze(x, -2), unsqueeze(x, -1));
  return add(d, identityLike(d, rowsOf(d), rowsOf(d)));
}

Tensor onDiagonal(const Tensor& x) { return diagEmbed(x, 0, -2, -1); }
Tensor offDiagonal(const Tensor& x) { return sub(x, onDiagonal(diagonal(x, 0, -2, -1))); }

// Without recording; the vectors are undefined if they are not wanted.
std::pair<Tensor, Tensor> eigen(const char* op, const Tensor& a, bool upper, bool vectors) {
  const NoGrad guard;
  const Dims batch = batchOf(a);
  const Tensor x = ownColumnMajor(a, batch), info = zeroInfo(a);
  const Tensor values = empty({x.size(0), x.size(1)}, a.dtype(), a.device());
  if (x.numel() > 0) kernels<LapackKernels>(x).eigh(x, upper, vectors, values, view(info, {x.size(0)}));
  checkInfo(op, info, [](int32_t one) { return diverged(one, "eigenvalues"); });
  return {view(values, joined(batch, x.size(1))), vectors ? rowMajor(x, batch) : Tensor()};
}

// dA = V (diag(dL) + V^T dV / (l_j - l_i), off the diagonal) V^T
Tensor eighGrad(const Tensor& dl, const Tensor& dv, const Tensor& l, const Tensor& v) {
  Tensor inner;
  if (dv.defined()) inner = offDiagonal(div(matmul(turned(v), dv), differences(l)));
  if (dl.defined()) inner = inner.defined() ? add(inner, onDiagonal(dl)) : onDiagonal(dl);
  return matmul(matmul(v, inner), turned(v));
}

struct Parts {
  Tensor u, s, vt;
};

Parts decomposed(const char* op, const Tensor& a, bool vectors, bool full) {
  const NoGrad guard;
  const Dims batch = batchOf(a);
  const int64_t m = rowsOf(a), n = columnsOf(a), k = std::min(m, n);
  const Tensor x = ownColumnMajor(a, batch), info = zeroInfo(a);
  const int64_t count = x.size(0);
  const Tensor s = empty({count, k}, a.dtype(), a.device());
  const auto make = [&](int64_t columns, int64_t rows) {
    return vectors ? empty({count, columns, rows}, a.dtype(), a.device()) : Tensor();
  };
  const Tensor u = make(full ? m : k, m), vt = make(n, full ? n : k);
  if (x.numel() > 0) {
    kernels<LapackKernels>(x).svd(x, u, s, vt, view(info, {count}));
  } else if (vectors) {
    copy_(u, identityLike(u, u.size(1), u.size(2)));
    copy_(vt, identityLike(vt, vt.size(1), vt.size(2)));
  }
  checkInfo(op, info, [](int32_t one) { return diverged(one, "singular values"); });
  const auto back = [&](const Tensor& y) { return vectors ? rowMajor(y, batch) : Tensor(); };
  return {back(u), view(s, joined(batch, k)), back(vt)};
}

// With E = s_j^2 - s_i^2 and skew(X) = X - X^T:
// dA = U (skew(U^T dU) / E S + S skew(V^T dV) / E + diag(dS)) V^T + (I - U U^T) dU S^-1 V^T + U S^-1 dV^T (I - V V^T)
// U, V and what is of them are those of the first k columns.
Tensor svdGrad(const Tensor& du, const Tensor& ds, const Tensor& dvt, const Tensor& u, const Tensor& s,
               const Tensor& vt) {
  const auto skew = [](const Tensor& x) { return sub(x, turned(x)); };
  const Tensor rows = unsqueeze(s, -1), columns = unsqueeze(s, -2), square = mul(s, s);
  Tensor inner;
  const auto put = [](Tensor& sum, const Tensor& part) { sum = sum.defined() ? add(sum, part) : part; };
  if (ds.defined()) put(inner, onDiagonal(ds));
  if (du.defined()) put(inner, mul(div(skew(matmul(turned(u), du)), differences(square)), columns));
  if (dvt.defined()) put(inner, mul(div(skew(matmul(vt, turned(dvt))), differences(square)), rows));
  Tensor da = matmul(u, matmul(inner, vt));
  if (du.defined() && rowsOf(u) > columnsOf(u)) {
    const Tensor scaled = div(du, columns);
    put(da, matmul(sub(scaled, matmul(u, matmul(turned(u), scaled))), vt));
  }
  if (dvt.defined() && columnsOf(vt) > rowsOf(vt)) {
    const Tensor scaled = div(dvt, rows);
    put(da, matmul(u, sub(scaled, matmul(matmul(scaled, turned(vt)), vt))));
  }
  return da;
}

// U, S and V^T, recorded.
Parts recorded(const char* op, const Tensor& a, bool fullMatrices) {
  checkMatrices(op, a);
  const Parts y = decomposed(op, a, true, fullMatrices);
  if (recording(a))
    recordMany("LinalgSvdBackward0", {y.u, y.s, y.vt}, {a},
               [u = Saved::output(y.u, 0), s = Saved::output(y.s, 1), vt = Saved::output(y.vt, 2)](const Grads& d) {
                 const Tensor values = s.get();
                 const int64_t k = values.size(values.dim() - 1);
                 const auto first = [&](const Tensor& x, int dim) { return slice(x, dim, 0, k, 1); };
                 const auto firstOf = [&](size_t i, int dim) {
                   return i < d.size() && d[i].defined() ? first(d[i], dim) : Tensor();
                 };
                 return Grads{svdGrad(firstOf(0, -1), d.size() > 1 ? d[1] : Tensor(), firstOf(2, -2),
                                      first(u.get(), -1), values, first(vt.get(), -2))};
               });
  return y;
}

// What is larger than this is no 0: max(atol, rtol * the largest), [.., 1].
Tensor least(const char* op, const Tensor& values, const Tensor& a, const std::optional<Operand>& atol,
             const std::optional<Operand>& rtol) {
  const double eps = a.dtype() == DType::float32 ? 0x1p-23 : 0x1p-52;
  const double usual = eps * static_cast<double>(std::max(rowsOf(a), columnsOf(a)));
  const Dims batch = batchOf(a);
  const auto spread = [&](const Operand& x) {
    if (!x.isTensor()) return x;
    check(expandable(x.tensor.sizes(), batch), Code::shape, op, ": atol and rtol of shape ", x.tensor.sizes(),
          " do not broadcast to ", batch, ", one for each matrix");
    return Operand(unsqueeze(x.tensor, -1));
  };
  const Operand absolute = spread(atol.value_or(Operand(0.0)));
  Operand relative(usual);
  if (rtol) relative = spread(*rtol);
  else if (absolute.isTensor())
    relative = Operand(where(gt(absolute, 0.0), 0.0, full({}, usual, a.dtype(), a.device())));
  else if (absolute.number > 0) relative = Operand(0.0);
  return maximum(absolute, mul(relative, amax(values, Dims{-1}, true)));
}

Tensor pseudoInverse(const char* op, const Tensor& a, const std::optional<Operand>& atol,
                     const std::optional<Operand>& rtol, bool hermitian) {
  const NoGrad guard;
  if (a.numel() == 0) return full(joined(batchOf(a), columnsOf(a), rowsOf(a)), 0, a.dtype(), a.device());
  if (hermitian) {
    const auto [values, v] = eigen(op, a, false, true);
    const Tensor size = abs(values), inverse = where(gt(size, least(op, size, a, atol, rtol)), reciprocal(values), 0.0);
    return matmul(mul(v, unsqueeze(inverse, -2)), turned(v));
  }
  const Parts y = decomposed(op, a, true, false);
  const Tensor inverse = where(gt(y.s, least(op, y.s, a, atol, rtol)), reciprocal(y.s), 0.0);
  return matmul(mul(turned(y.vt), unsqueeze(inverse, -2)), turned(y.u));
}

// With P the inverse and G = dP^T: dA = -(P G P)^T + (I - A P) G P P^T + P^T P G (I - P A)
Tensor pinvGrad(const Tensor& dp, const Tensor& p, const Tensor& a) {
  const Tensor g = turned(dp), pt = turned(p);
  const Tensor right = matmul(matmul(g, p), pt), left = matmul(pt, matmul(p, g));
  const Tensor outer = sub(right, matmul(a, matmul(p, right)));
  const Tensor inner = sub(left, matmul(matmul(left, p), a));
  return sub(add(outer, inner), turned(matmul(matmul(p, g), p)));
}

struct Fit {
  Tensor x, rank, values;
};

// By the orthogonal factor of A, or of A^T where it is wide. A row of the triangle that begins with 0 has no solution,
// but LAPACK's gels takes a matrix of zeros.
Fit fittedByQr(const char* op, const Tensor& a, const Tensor& b, const Dims& batch) {
  const bool wide = columnsOf(a) > rowsOf(a);
  const auto [q, r] = qr(wide ? turned(a) : a, QrMode::reduced);
  const int64_t k = rowsOf(r);
  const Tensor nothing = logicalNot(any(a, Dims{-2, -1}, true));
  const Tensor ends = logicalAnd(eq(diagonal(r, 0, -2, -1), 0), logicalNot(squeeze(nothing, Dims{-1})));
  const Tensor missing = to(contiguous(ends), Device()), info = full(batchOf(a), 0, DType::int32);
  for (int64_t i = missing.numel(); i-- > 0;)
    if (missing.data<bool>()[i]) info.data<int32_t>()[i / k] = static_cast<int32_t>(i % k + 1);
  checkInfo(op, info, [](int32_t one) {
    return str("The least squares solution could not be computed because the input matrix does not have full rank ",
               "(error code: ", one, ").");
  });
  const Tensor all = expand(b, joined(batch, rowsOf(b), columnsOf(b)));
  const Tensor x = wide ? matmul(q, solveTriangular(turned(r), all, false, true, false))
                        : solveTriangular(r, matmul(turned(q), all), true, true, false);
  const Tensor none = empty({0}, DType::int64, a.device());
  return {where(nothing, 0.0, x), none, empty({0}, a.dtype(), a.device())};
}

// By the singular values that are larger than rcond times the largest.
Fit fittedBySvd(const Tensor& a, const Tensor& b, double rcond) {
  const auto parts = svd(a, false);
  const Tensor s = parts[1], kept = gt(s, mul(amax(s, Dims{-1}, true), rcond));
  const Tensor inverse = unsqueeze(where(kept, reciprocal(s), 0.0), -1);
  const Tensor x = matmul(turned(parts[2]), mul(inverse, matmul(turned(parts[0]), b)));
  return {x, sum(kept, Dims{-1}, false, std::nullopt), s};
}

}  // namespace

std::pair<Tensor, Tensor> eigh(const Tensor& a, bool upper) {
  const char* const op = "linalg.eigh";
  checkSquare(op, a);
  const auto [values, vectors] = eigen(op, a, upper, true);
  if (recording(a))
    recordMany("LinalgEighBackward0", {values, vectors}, {a},
               [l = Saved::output(values, 0), v = Saved::output(vectors, 1)](const Grads& d) {
                 return Grads{eighGrad(d[0], d.size() > 1 ? d[1] : Tensor(), l.get(), v.get())};
               });
  return {values, vectors};
}

Tensor eigvalsh(const Tensor& a, bool upper) {
  if (recording(a)) return eigh(a, upper).first;
  checkSquare("linalg.eigvalsh", a);
  return eigen("linalg.eigvalsh", a, upper, false).first;
}

std::vector<Tensor> svd(const Tensor& a, bool fullMatrices) {
  const Parts y = recorded("linalg.svd", a, fullMatrices);
  return {y.u, y.s, y.vt};
}

Tensor svdvals(const Tensor& a) {
  const char* const op = "linalg.svdvals";
  if (recording(a)) return recorded(op, a, false).s;
  checkMatrices(op, a);
  return decomposed(op, a, false, false).s;
}

Tensor pinv(const Tensor& a, const std::optional<Operand>& atol, const std::optional<Operand>& rtol, bool hermitian) {
  const char* const op = "linalg.pinv";
  if (hermitian) checkSquare(op, a);
  else checkMatrices(op, a);
  const Tensor p = pseudoInverse(op, a, atol, rtol, hermitian);
  if (recording(a))
    record("LinalgPinvBackward0", p, a,
           [a = Saved(a), p = Saved::output(p)](const Tensor& dp) { return pinvGrad(dp, p.get(), a.get()); });
  return p;
}

Tensor matrixRank(const Tensor& a, const std::optional<Operand>& atol, const std::optional<Operand>& rtol,
                  bool hermitian) {
  const char* const op = "linalg.matrixRank";
  if (hermitian) checkSquare(op, a);
  else checkMatrices(op, a);
  const NoGrad guard;
  if (a.numel() == 0) return full(batchOf(a), 0, DType::int64, a.device());
  const Tensor values = hermitian ? abs(eigen(op, a, false, false).first) : decomposed(op, a, false, false).s;
  return sum(gt(values, least(op, values, a, atol, rtol)), Dims{-1}, false, std::nullopt);
}

// X = A^+ B
std::vector<Tensor> lstsq(const Tensor& a, const Tensor& b, std::optional<double> rcond, LstsqDriver driver) {
  const char* const op = "linalg.lstsq";
  checkMatrices(op, a);
  if (isVector(a, b)) {
    auto parts = lstsq(a, unsqueeze(b, -1), rcond, driver);
    parts[0] = squeeze(parts[0], Dims{-1});
    return parts;
  }
  checkMatrices(op, b);
  checkSameKind(op, a, b);
  const int64_t m = rowsOf(a), n = columnsOf(a), k = columnsOf(b);
  Dims batch;
  check(m == rowsOf(b) && broadcastSizes(batchOf(a), batchOf(b), &batch), Code::shape, op,
        ": sizes do not fit A x = b: A ", a.sizes(), ", b ", b.sizes());
  const double eps = a.dtype() == DType::float32 ? 0x1p-23 : 0x1p-52;
  Fit fit;
  {
    const NoGrad guard;
    if (a.numel() > 0 && driver == LstsqDriver::gels) fit = fittedByQr(op, a, b, batch);
    else if (a.numel() > 0) fit = fittedBySvd(a, b, rcond.value_or(eps * static_cast<double>(std::max(m, n))));
    else
      fit = {full(joined(batch, n, k), 0, a.dtype(), a.device()), full(batchOf(a), 0, DType::int64, a.device()),
             full(joined(batchOf(a), std::min(m, n)), 0, a.dtype(), a.device())};
  }
  const Tensor none = empty({0}, a.dtype(), a.device());
  if (driver == LstsqDriver::gels) fit.rank = empty({0}, DType::int64, a.device());
  if (driver == LstsqDriver::gels || driver == LstsqDriver::gelsy) fit.values = none;
  if (recording(a, b))
    record("LinalgLstsqBackward0", fit.x, {a, b},
           [ga = requiresGrad(a), gb = requiresGrad(b), a = Saved(a), b = Saved(b)](const Tensor& dx) {
             const Tensor matrices = a.get(), sides = b.get(), p = pinv(matrices, {}, {}, false);
             const auto toA = [&] { return pinvGrad(matmul(dx, turned(sides)), p, matrices); };
             return Grads{ga ? sumTo(toA(), matrices.sizes(), matrices.dtype()) : Tensor(),
                          gb ? sumTo(matmul(turned(p), dx), sides.sizes(), sides.dtype()) : Tensor()};
           });
  bool known = m > n && driver != LstsqDriver::gelsy;
  if (known && driver != LstsqDriver::gels) {
    const Tensor whole = to(all(eq(fit.rank, static_cast<double>(n)), std::nullopt, false), Device());
    known = whole.data<bool>()[0];
  }
  if (!known)
    return {fit.x, slice(reshape(fit.x, {-1}), 0, 0, 0, 1), fit.rank, fit.values};  // nothing, but in the graph
  return {fit.x, sum(square(sub(matmul(a, fit.x), b)), Dims{-2}, false, std::nullopt), fit.rank, fit.values};
}

}  // namespace dtrain
