// See places.h.
#include "ops/places.h"

#include "kernels/choices.h"
#include "kernels/index.h"
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/record.h"
#include "ops/select.h"
#include "ops/view.h"

namespace dtrain {

Tensor positionsIn(const char* op, const Tensor& index, int dim, int64_t n, Device device, Negative negative) {
  check(index.dtype() == DType::int64 || index.dtype() == DType::int32 || index.numel() == 0, Code::dtype, op,
        ": expected index of dtype int64, got ", index.dtype(), "; use tensor([…], { dtype: 'int64' })");
  check(index.device() == device, Code::argument, op, ": tensors are on different devices: ", device, " and ",
        index.device(), "; move one with .to(device)");
  const NoGrad guard;
  const bool wrapped = negative == Negative::fromEnd;
  Tensor places = contiguous(cast(index, DType::int64));
  const auto size = static_cast<double>(n);
  if (!device.isCpu()) {  // -1 would be no place for the kernels, and n is out of range too
    if (wrapped) places = where(lt(places, 0), add(places, size), places);
    return maskedFill(places, eq(places, -1), size);
  }
  bool negatives = false;
  for (const int64_t *at = places.data<int64_t>(), *end = at + places.numel(); at != end; at++) {
    check(*at >= (wrapped ? -n : 0) && *at < n, Code::index, op, ": index ", *at, " is out of range for dim ", dim,
          " of size ", n);
    negatives = negatives || *at < 0;
  }
  return negatives ? where(lt(places, 0), add(places, size), places) : places;
}

void bring(const char* op, Combine how, const Tensor& y, int dim, const Tensor& index, const Tensor& x) {
  const bool rows = index.dim() < y.dim(), anyOrder = x.device().isCpu() || !libraryChoices.deterministic;
  if (anyOrder && how == Combine::assign) {
    const IndexKernels& one = kernels<IndexKernels>(x);
    (rows ? one.indexCopy : one.scatter)(op, y, dim, index, x);
  } else if (anyOrder && how == Combine::sum && isFloat(y.dtype()) && !(isHalf(x.dtype()))) {
    const IndexKernels& one = kernels<IndexKernels>(x);
    (rows ? one.indexAdd : one.scatterAdd)(op, y, dim, index, x);
  } else {
    kernels<ScatterKernels>(x).scatter(op, how, cast(y, x.dtype()), dim, index, x);
  }
}

Tensor atLeast1d(const Tensor& x) { return x.dim() == 0 ? view(x, {1}) : x; }

}  // namespace dtrain
