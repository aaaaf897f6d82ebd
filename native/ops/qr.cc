// Orthogonal factors. Q is a product of reflections H = I - tau v v^T, of which v stands below the diagonal of a
// column, after a 1. The gradients of products of reflections follow from the products, made of ops.
#include "kernels/lapack.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/linalg.h"
#include "ops/matmul.h"
#include "ops/matrices.h"
#include "ops/record.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// R and reflections as LAPACK has them, [count, columns, rows], and tau.
std::pair<Tensor, Tensor> reflections(const Tensor& a) {
  const NoGrad guard;
  const Tensor x = ownColumnMajor(a, batchOf(a));
  const Tensor tau = empty({x.size(0), std::min(x.size(1), x.size(2))}, a.dtype(), a.device());
  if (x.numel() > 0) kernels<LapackKernels>(x).qr(x, tau);
  return {x, tau};
}

void checkReflections(const char* op, const Tensor& a, const Tensor& tau) {
  checkMatrices(op, a);
  checkSameKind(op, a, tau);
  check(tau.dim() == a.dim() - 1 && tau.size(tau.dim() - 1) <= std::min(rowsOf(a), columnsOf(a)) &&
            std::equal(tau.sizes().begin(), tau.sizes().end() - 1, a.sizes().begin()),
        Code::shape, op,
        ": expected tau to have the batch dimensions of a and at most as many elements as a has rows and "
        "columns, got a ",
        a.sizes(), ", tau ", tau.sizes());
}

// The factors of a batch, [count, k].
Tensor factorsOf(const Tensor& tau, const Dims& batch) {
  return view(contiguous(tau), {product(batch), tau.size(tau.dim() - 1)});
}

// H1 H2 … c, or transposed … H2 H1 c, made of ops.
Tensor reflected(const Tensor& a, const Tensor& tau, const Tensor& c, bool transposed) {
  const int64_t k = tau.size(tau.dim() - 1);
  const Tensor vectors = add(tril(a, -1), identityLike(a, rowsOf(a), columnsOf(a)));
  Tensor result = c;
  for (int64_t i = 0; i < k; i++) {
    const int64_t at = transposed ? i : k - 1 - i;
    const Tensor v = slice(vectors, -1, at, at + 1, 1), factor = unsqueeze(slice(tau, -1, at, at + 1, 1), -1);
    result = sub(result, mul(factor, matmul(v, matmul(turned(v), result))));
  }
  return result;
}

// With M = dR R^T - Q^T dQ, m >= n:  dA = (dQ + Q (M's upper triangle and its transpose, each with half the diagonal))
// R^-T m < n, Q square, R1 the leading square of R, S = Q^T dQ - dR R^T:
//   dA = Q (dR + [tril(S - S^T, -1) R1^-T, 0])
Tensor qrGrad(const Tensor& dq, const Tensor& dr, const Tensor& q, const Tensor& r) {
  const int64_t m = rowsOf(q), n = columnsOf(r);
  Tensor inner;  // dR R^T - Q^T dQ
  if (dr.defined()) inner = matmul(dr, turned(r));
  if (dq.defined()) {
    const Tensor part = neg(matmul(turned(q), dq));
    inner = inner.defined() ? add(inner, part) : part;
  }
  if (m >= n) {
    Tensor da = matmul(q, add(triu(inner, 0), turned(triu(inner, 1))));
    if (dq.defined()) da = add(da, dq);
    return solveTriangular(turned(r), da, false, false, false);
  }
  const Tensor square = slice(r, -1, 0, m, 1), skew = tril(sub(turned(inner), inner), -1);
  const Tensor first = solveTriangular(turned(square), skew, false, false, false);
  const Tensor zeros = full(joined(batchOf(r), m, n - m), 0, r.dtype(), r.device());
  const Tensor all = cat({first, zeros}, -1);
  return matmul(q, dr.defined() ? add(dr, all) : all);
}

}  // namespace

std::pair<Tensor, Tensor> geqrf(const Tensor& a) {
  checkMatrices("geqrf", a);
  const auto [x, tau] = reflections(a);
  const Tensor r = rowMajor(x, batchOf(a)), factors = view(tau, joined(batchOf(a), tau.size(1)));
  recordUnknown("geqrf", {r, factors}, {a});
  return {r, factors};
}

Tensor householderProduct(const Tensor& a, const Tensor& tau) {
  const char* const op = "linalg.householderProduct";
  checkReflections(op, a, tau);
  check(rowsOf(a) >= columnsOf(a), Code::shape, op, ": expected at least as many rows as columns, got shape ",
        a.sizes());
  if (recording(a, tau)) {
    const Tensor never = full({}, 0, DType::boolean, a.device());  // a graph even where there are no reflections
    return reflected(a, tau, where(never, a, identityLike(a, rowsOf(a), columnsOf(a))), false);
  }
  const Tensor x = ownColumnMajor(a, batchOf(a));
  if (x.numel() > 0) kernels<LapackKernels>(x).householder(x, factorsOf(tau, batchOf(a)));
  return rowMajor(x, batchOf(a));
}

Tensor ormqr(const Tensor& a, const Tensor& tau, const Tensor& c, bool left, bool transposed) {
  const char* const op = "ormqr";
  checkReflections(op, a, tau);
  checkMatrices(op, c);
  checkSameKind(op, a, c);
  check(batchOf(a) == batchOf(c) && rowsOf(a) == (left ? rowsOf(c) : columnsOf(c)), Code::shape, op,
        ": sizes do not fit ", left ? "Q c" : "c Q", ": a ", a.sizes(), ", c ", c.sizes());
  if (recording(a, tau, c))
    return left ? reflected(a, tau, c, transposed) : turned(reflected(a, tau, turned(c), !transposed));
  const Tensor x = ownColumnMajor(c, batchOf(c));
  if (x.numel() > 0 && tau.numel() > 0)
    kernels<LapackKernels>(x).multiplyByQ(columnMajor(a, batchOf(a)), factorsOf(tau, batchOf(a)), left, transposed, x);
  return rowMajor(x, batchOf(c));
}

std::pair<Tensor, Tensor> qr(const Tensor& a, QrMode mode) {
  const char* const op = "linalg.qr";
  checkMatrices(op, a);
  const Dims batch = batchOf(a);
  const int64_t m = rowsOf(a), n = columnsOf(a), k = std::min(m, n), columns = mode == QrMode::complete ? m : k;
  Tensor q = empty({0}, a.dtype(), a.device()), r;
  {
    const NoGrad guard;
    const auto [x, tau] = reflections(a);
    if (mode != QrMode::r) {
      const Tensor vectors = full({x.size(0), columns, m}, 0, a.dtype(), a.device());
      copy_(slice(vectors, 1, 0, std::min(columns, n), 1), slice(x, 1, 0, std::min(columns, n), 1));
      if (vectors.numel() > 0) {
        if (k > 0) kernels<LapackKernels>(x).householder(vectors, tau);
        else copy_(vectors, turned(identityLike(vectors, m, columns)));
      }
      q = rowMajor(vectors, batch);
    }
    const Tensor rows = slice(rowMajor(x, batch), -2, 0, columns, 1);
    r = triu(columns > rowsOf(rows) ? full(joined(batch, columns, n), 0, a.dtype(), a.device()) : rows, 0);
  }
  if (recording(a))
    recordMany("LinalgQrBackward0", mode == QrMode::r ? std::vector<Tensor>{r} : std::vector<Tensor>{q, r}, {a},
               [=, q = Saved::output(q, 0), r = Saved::output(r, 1)](const Grads& d) {
                 check(mode != QrMode::r, Code::autograd, op,
                       ": the gradient depends on Q, which is not computed when ", "mode is 'r'; use mode 'reduced'");
                 check(mode == QrMode::reduced || m <= n, Code::autograd, op,
                       ": not differentiable when mode is 'complete' and there are more rows than columns");
                 return Grads{qrGrad(d[0], d.size() > 1 ? d[1] : Tensor(), q.get(), r.get())};
               });
  return {q, r};
}

}  // namespace dtrain
