// See attention.h. The matrix of scores of all queries is never there: the CPU has a kernel (kernels/attention.h), and
// other devices take as many queries at a time as a part of it may have elements. Both compute it again for the
// gradient. It is there where dropout draws a number for each score, where the mask has a gradient, and for second
// derivatives: then everything is made of recorded ops.
#include "ops/attention.h"

#include <cmath>
#include <limits>

#include "kernels/attention.h"
#include "kernels/matrix.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/creation.h"
#include "ops/dropout.h"
#include "ops/matmul.h"
#include "ops/matrices.h"
#include "ops/parts.h"
#include "ops/reduce.h"
#include "ops/select.h"
#include "ops/softmax.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

constexpr const char* kOp = "scaledDotProductAttention";
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int64_t kScores = int64_t{1} << 25;  // at a time, where they are made of ops

// What queries look at: a mask, or none of the keys behind their own place.
struct How {
  Tensor mask;
  bool causal;
  double scale;

  // Of queries `from` to `to`, for so many keys.
  Tensor ofRows(int64_t from, int64_t to, int64_t keys, Device device) const {
    if (causal) return tril(full({to - from, keys}, 1, DType::boolean, device), from);
    return mask.defined() ? someRows(mask, from, to) : mask;
  }
};

// Weights of queries; 0 where nothing may be looked at, and not NaN.
Tensor weightsOf(const Tensor& q, const Tensor& k, const Tensor& mask, double scale) {
  Tensor scores = mul(matmul(q, turned(k)), scale);
  if (mask.defined()) scores = mask.dtype() == DType::boolean ? where(mask, scores, -kInfinity) : add(scores, mask);
  const Tensor weights = softmax(scores, -1, {});
  if (!mask.defined()) return weights;
  const Tensor none = all(eq(detach(scores), -kInfinity), Dims{-1}, true);
  return maskedFill(weights, none, 0.0);
}

Tensor inOps(const Tensor& q, const Tensor& k, const Tensor& v, const How& how, double dropoutP) {
  const Tensor weights = weightsOf(q, k, how.ofRows(0, rowsOf(q), rowsOf(k), q.device()), how.scale);
  return matmul(dropoutP > 0 ? dropout(weights, dropoutP, true) : weights, v);
}

// Of queries `from` to `to`, for all keys: p = exp(score) / sum, s = scale p (dy v^T - sum dy v^T p); dq = s k,
// dk = s^T q, dv = p^T dy
Grads gradOfRows(const Tensor& dy, const Tensor& q, const Tensor& k, const Tensor& v, const How& how, int64_t from,
                 int64_t to) {
  const Tensor queries = someRows(q, from, to), d = someRows(dy, from, to);
  const Tensor p = weightsOf(queries, k, how.ofRows(from, to, rowsOf(k), q.device()), how.scale);
  const Tensor dp = matmul(d, turned(v));
  const Tensor slopes = mul(mul(p, sub(dp, sum(mul(p, dp), Dims{-1}, true, {}))), how.scale);
  return {matmul(slopes, k), matmul(turned(slopes), queries), matmul(turned(p), d)};
}

// How many queries have at most kScores scores.
int64_t queriesAtOnce(const Tensor& q, const Tensor& k) {
  return kScores / (q.numel() / (rowsOf(q) * columnsOf(q)) * rowsOf(k));
}

// Whether its rows are as a BLAS wants them: an expanded one, say, is not.
bool hasRows(const Tensor& x) {
  const int last = x.dim() - 1;
  const Tensor first = alias(x, {rowsOf(x), columnsOf(x)}, {x.stride(last - 1), x.stride(last)}, x.impl()->offset);
  const MatrixLayout layout(first);
  return layout.usable && !layout.transposed;
}

Tensor withRows(const Tensor& x) { return hasRows(x) ? x : contiguous(x); }

// Of the same sizes, in the layout of x if its rows are in order there.
Tensor roomFor(const Tensor& x) {
  const Tensor room = emptyLike(x, x.dtype());
  return hasRows(room) ? room : empty(x.sizes(), x.dtype());
}

Tensor forward(const Tensor& q, const Tensor& k, const Tensor& v, const How& how, const Tensor& logs) {
  if (q.device().isCpu()) {
    Dims sizes = q.sizes();
    sizes[q.dim() - 1] = columnsOf(v);
    const Tensor y = sizes == q.sizes() ? roomFor(q) : empty(sizes, q.dtype());
    kernels<AttentionKernels>(q).attend(q, k, v, {how.mask, how.causal, how.scale}, y, logs);
    return y;
  }
  std::vector<Tensor> parts;
  forParts(rowsOf(q), queriesAtOnce(q, k), [&](int64_t from, int64_t to) {
    const Tensor mask = how.ofRows(from, to, rowsOf(k), q.device());
    parts.push_back(matmul(weightsOf(someRows(q, from, to), k, mask, how.scale), v));
  });
  return below(parts);
}

Grads backward(const Tensor& dy, const Tensor& q, const Tensor& k, const Tensor& v, const How& how, const Tensor& y,
               const Tensor& logs) {
  if (q.device().isCpu()) {
    const Grads all{roomFor(q), roomFor(k), roomFor(v)};
    kernels<AttentionKernels>(q).attendGrad(withRows(dy), q, k, v, {how.mask, how.causal, how.scale}, y, logs, all[0],
                                            all[1], all[2]);
    return all;
  }
  std::vector<Tensor> dq;
  Tensor dk, dv;
  forParts(rowsOf(q), queriesAtOnce(q, k), [&](int64_t from, int64_t to) {
    const Grads part = gradOfRows(dy, q, k, v, how, from, to);
    const auto added = [](const Tensor& sum, const Tensor& more) { return sum.defined() ? add(sum, more) : more; };
    dq.push_back(part[0]);
    dk = added(dk, part[1]);
    dv = added(dv, part[2]);
  });
  return {below(dq), dk, dv};
}

// Without dropout, and a gradient of the mask. All have the same sizes before their matrices.
Tensor attention(const Tensor& query, const Tensor& key, const Tensor& value, const How& how) {
  const Tensor q = withRows(query), k = withRows(key), v = withRows(value);
  Dims sizes = q.sizes();
  sizes.erase(sizes.size() - 1);
  const bool cpu = q.device().isCpu();
  const Tensor logs = cpu ? empty(sizes, q.dtype()) : Tensor();
  Tensor y;
  {
    const NoGrad guard;
    y = forward(q, k, v, how, logs);
  }
  if (recording(q, k, v))
    record(cpu ? "ScaledDotProductFlashAttentionForCpuBackward0" : "ScaledDotProductEfficientAttentionBackward0", y,
           {q, k, v}, [=, q = Saved(q), k = Saved(k), v = Saved(v), y = Saved::output(y)](const Tensor& dy) {
             note("query", q);
             note("key", k);
             note("value", v);
             note("is_causal", how.causal);
             note("scale", how.scale);
             const Tensor queries = q.get(), keys = k.get(), values = v.get(), out = y.get();
             return recording(dy, queries, keys, values)
                        ? gradOfRows(dy, queries, keys, values, how, 0, rowsOf(queries))
                        : backward(dy, queries, keys, values, how, out, logs);
           });
  return y;
}

// Each head of keys as often as there are heads of queries for it.
Tensor shared(const Tensor& x, const Tensor& query) {
  check(query.dim() >= 3 && x.dim() >= 3, Code::shape, kOp,
        ": enableGqa expects heads, [.., heads, length, size], got ", query.sizes(), " and ", x.sizes());
  const int at = x.dim() - 3;
  const int64_t queries = query.size(query.dim() - 3), heads = x.size(at);
  check(heads > 0 && queries % heads == 0, Code::shape, kOp, ": ", queries, " heads of queries are no multiple of ",
        heads, " heads of keys and values");
  if (queries == heads) return x;
  const Tensor wide = unsqueeze(x, at + 1);
  Dims sizes = wide.sizes();
  sizes[at + 1] = queries / heads;
  return flatten(expand(wide, sizes), at, at + 1);
}

// x with these sizes before its matrices.
Tensor spread(const Tensor& x, const Dims& batch, int64_t rows, int64_t columns) {
  const Dims sizes = joined(batch, rows, columns);
  return x.sizes() == sizes ? x : expand(x, sizes);
}

}  // namespace

Tensor scaledDotProductAttention(const Tensor& query, const Tensor& key, const Tensor& value, const MaybeTensor& mask,
                                 double dropoutP, bool causal, std::optional<double> scale, bool gqa) {
  requireFloat(kOp, query);
  check(query.dtype() == key.dtype() && query.dtype() == value.dtype(), Code::dtype, kOp,
        ": dtypes differ: ", query.dtype(), ", ", key.dtype(), " and ", value.dtype(), "; convert with .to()");
  requireSameDevice(kOp, query, key);
  requireSameDevice(kOp, query, value);
  requireSameDevice(kOp, query, mask);
  check(query.dim() >= 2 && key.dim() >= 2 && value.dim() >= 2 && columnsOf(query) == columnsOf(key) &&
            rowsOf(key) == rowsOf(value),
        Code::shape, kOp, ": expected (…, L, E), (…, S, E) and (…, S, V), got ", query.sizes(), ", ", key.sizes(), ", ",
        value.sizes());
  check(!causal || !mask.defined(), Code::argument, kOp, ": expected attnMask or isCausal, got both");
  check(dropoutP >= 0 && dropoutP <= 1, Code::argument, kOp, ": dropoutP must be from 0 to 1, got ", dropoutP);
  check(!mask.defined() || mask.dtype() == DType::boolean || mask.dtype() == query.dtype() ||
            (isHalf(query.dtype()) && mask.dtype() == DType::float32),
        Code::dtype, kOp, ": expected attnMask to be bool or ", query.dtype(), ", got ",
        mask.defined() ? mask.dtype() : DType::boolean);
  if (isHalf(query.dtype())) {  // scores and weights are float32
    const MaybeTensor wide = mask.defined() && mask.dtype() != DType::boolean ? MaybeTensor(widened(mask)) : mask;
    return cast(
        scaledDotProductAttention(widened(query), widened(key), widened(value), wide, dropoutP, causal, scale, gqa),
        query.dtype());
  }
  const Tensor keys = gqa ? shared(key, query) : key, values = gqa ? shared(value, query) : value;
  const int64_t L = rowsOf(query), S = rowsOf(keys);
  Dims batch = broadcast(kOp, broadcast(kOp, batchOf(query), batchOf(keys)), batchOf(values));
  How how{{}, causal, scale.value_or(1 / std::sqrt(static_cast<double>(columnsOf(query))))};
  if (mask.defined()) {
    Tensor matrix = mask;
    while (matrix.dim() < 2) matrix = unsqueeze(matrix, 0);
    check(expandable({rowsOf(matrix), columnsOf(matrix)}, {L, S}), Code::shape, kOp, ": attnMask ", mask.sizes(),
          " does not broadcast to [.., ", L, ", ", S, "]");
    batch = broadcast(kOp, batch, batchOf(matrix));
    how.mask = spread(matrix, batch, L, S);
  }
  const Tensor q = spread(query, batch, L, columnsOf(query)), k = spread(keys, batch, S, columnsOf(keys)),
               v = spread(values, batch, S, columnsOf(values));
  if (dropoutP > 0 || recording(how.mask) || q.numel() == 0 || k.numel() == 0 || v.numel() == 0)
    return inOps(q, k, v, how, dropoutP);
  return attention(q, k, v, how);
}

}  // namespace dtrain
