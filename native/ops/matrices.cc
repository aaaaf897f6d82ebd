// See matrices.h.
#include "ops/matrices.h"

#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

Tensor turned(const Tensor& x) { return transpose(x, -2, -1); }

Dims batchOf(const Tensor& x) {
  Dims sizes = x.sizes();
  sizes.erase(sizes.size() - 1);
  sizes.erase(sizes.size() - 1);
  return sizes;
}

Dims joined(Dims batch, int64_t last) {
  batch.push(last);
  return batch;
}

Dims joined(Dims batch, int64_t rows, int64_t columns) { return joined(joined(std::move(batch), rows), columns); }

void checkMatrices(const char* op, const Tensor& x) {
  check(x.dtype() == DType::float32 || x.dtype() == DType::float64, Code::dtype, op, ": not implemented for ",
        x.dtype(), "; convert with .float() or .double()");
  check(x.dim() >= 2, Code::shape, op, ": expected at least 2 dimensions, got shape ", x.sizes());
  check(std::max(rowsOf(x), columnsOf(x)) <= INT32_MAX, Code::unsupported, op,
        ": a dimension above 2147483647 is not supported: ", x.sizes());
}

void checkSquare(const char* op, const Tensor& x) {
  checkMatrices(op, x);
  check(rowsOf(x) == columnsOf(x), Code::shape, op, ": expected square matrices, got shape ", x.sizes());
}

void checkSameKind(const char* op, const Tensor& a, const Tensor& b) {
  check(a.dtype() == b.dtype(), Code::dtype, op, ": dtypes differ: ", a.dtype(), " and ", b.dtype(),
        "; convert one with .to()");
  requireSameDevice(op, a, b);
}

bool isVector(const Tensor& a, const Tensor& b) {
  return b.dim() == 1 || (b.dim() == a.dim() - 1 && std::equal(b.sizes().begin(), b.sizes().end(), a.sizes().begin()));
}

Tensor columnMajor(const Tensor& x, const Dims& batch) {
  const int64_t rows = rowsOf(x), columns = columnsOf(x);
  return view(contiguous(turned(expand(x, joined(batch, rows, columns)))), {product(batch), columns, rows});
}

Tensor ownColumnMajor(const Tensor& x, const Dims& batch) {
  const int64_t rows = rowsOf(x), columns = columnsOf(x);
  return view(clone(turned(expand(x, joined(batch, rows, columns)))), {product(batch), columns, rows});
}

Tensor rowMajor(const Tensor& y, const Dims& batch) { return turned(view(y, joined(batch, y.size(1), y.size(2)))); }

Tensor zeroInfo(const Tensor& x) { return full(batchOf(x), 0, DType::int32, x.device()); }

Tensor identityLike(const Tensor& x, int64_t rows, int64_t columns) {
  const Tensor matrix = full({rows, columns}, 0, x.dtype(), x.device());
  fill_(diagonal(matrix, 0, 0, 1), 1);
  return expand(matrix, joined(batchOf(x), rows, columns));
}

void checkInfo(const char* op, const Tensor& info, const std::function<std::string(int32_t)>& what) {
  const Tensor here = to(info, Device());
  for (int64_t i = 0; i < here.numel(); i++)
    if (const int32_t one = here.data<int32_t>()[i]; one != 0)
      fail(Code::linalg, op, ": ", info.dim() == 0 ? "" : str("(Batch element ", i, "): "), what(one));
}

void recordUnknown(const char* op, const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs) {
  bool wanted = false;
  for (const Tensor& x : inputs) wanted = wanted || recording(x);
  if (wanted)
    recordMany(
        "NotImplemented", outputs, inputs,
        [op](const Grads&) -> Grads {
          fail(Code::autograd, op, ": the gradient is not implemented, as in PyTorch; compute on x.detach()");
        },
        Keeps::nothing);
}

}  // namespace dtrain
