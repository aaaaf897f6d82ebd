// Reductions. Kernels keep reduced dimensions as size 1; keepdim=false drops them from the sizes afterwards.
#include "ops/reduce.h"

#include "kernels/arithmetic.h"
#include "kernels/reduce.h"
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// What is reduced: sizes with 1 in the reduced dims, and the sizes of the result.
struct Reduced {
  Reduced(const char* op, const Tensor& x, const std::optional<Dims>& dims, bool keepdim) : kept(x.sizes()) {
    const bool all = !dims || dims->empty();  // an empty list means all, as in PyTorch
    bool reduced[kMaxDims] = {};
    if (all) std::fill_n(reduced, x.dim(), true);
    else
      for (int64_t dim : *dims) {
        const int d = wrapDim(op, dim, x.dim());
        check(!reduced[d], Code::argument, op, ": dim ", d, " appears twice in ", *dims);
        reduced[d] = true;
      }
    for (int i = 0; i < x.dim(); i++) {
      if (reduced[i]) kept[i] = 1;
      if (!reduced[i] || keepdim) sizes.push(kept[i]);
    }
  }
  Dims kept, sizes;
};

Tensor withSizes(const Tensor& y, const Dims& sizes) { return alias(y, sizes, contiguousStrides(sizes), 0); }

Tensor expandBack(const Tensor& dy, const Dims& kept, const Dims& full) { return expand(reshape(dy, kept), full); }

}  // namespace

// d sum = dy everywhere
Tensor sum(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype) {
  if (dtype && *dtype != x.dtype()) return sum(cast(x, *dtype), dims, keepdim, dtype);
  const DType out = dtype.value_or(isFloat(x.dtype()) ? x.dtype() : DType::int64);
  const Reduced r("sum", x, dims, keepdim);
  Tensor y = empty(r.kept, isFloat(x.dtype()) ? x.dtype() : DType::int64, x.device());
  kernels<ReduceKernels>(x).reduce(Reduce::sum, x, y);
  y = withSizes(y, r.sizes);
  if (y.dtype() != out) return cast(y, out);
  if (recording(x))
    record(
        "SumBackward0", y, x,
        [kept = r.kept, full = x.sizes()](const Tensor& dy) { return expandBack(dy, kept, full); }, Keeps::nothing);
  return y;
}

// mean = sum / count
Tensor mean(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype) {
  if (dtype && *dtype != x.dtype()) return mean(cast(x, *dtype), dims, keepdim, dtype);
  check(isFloat(x.dtype()), Code::dtype, "mean: expected a floating dtype, got ", x.dtype(),
        "; convert with x.to('float32')");
  const Reduced r("mean", x, dims, keepdim);
  const double count = static_cast<double>(x.numel()) / static_cast<double>(std::max<int64_t>(product(r.kept), 1));
  Tensor y = empty(r.kept, x.dtype(), x.device());
  // A sum of float16 may be beyond its range where the mean is not.
  const Tensor total = isHalf(x.dtype()) ? empty(r.kept, DType::float32, x.device()) : y;
  kernels<ReduceKernels>(x).reduce(Reduce::sum, x, total);
  kernels<ArithmeticKernels>(x).run(Arithmetic::div, total, count, 1, total.dtype(), y);
  y = withSizes(y, r.sizes);
  if (recording(x))
    record(
        "MeanBackward0", y, x,
        [kept = r.kept, full = x.sizes(), count](const Tensor& dy) { return div(expandBack(dy, kept, full), count); },
        Keeps::nothing);
  return y;
}

// d max = dy at the largest elements, shared evenly between equals
Tensor max(const Tensor& x) {
  check(x.numel() > 0, Code::shape, "max: expected at least one element, got shape ", x.sizes());
  Tensor y = empty(Dims(x.dim(), 1), x.dtype(), x.device());
  kernels<ReduceKernels>(x).reduce(Reduce::max, x, y);
  y = withSizes(y, {});
  if (recording(x))
    record("MaxBackward1", y, x, [x = Saved(x), y = Saved::output(y)](const Tensor& dy) {
      const Tensor bothNaN = mul(ne(x.get(), x.get()), ne(y.get(), y.get()));
      const Tensor mask = cast(add(eq(x.get(), y.get()), bothNaN), dy.dtype());
      return mul(div(mask, sum(mask, std::nullopt, false, std::nullopt)), dy);
    });
  return y;
}

namespace {
std::pair<Tensor, Tensor> largest(const char* op, const Tensor& x, int dim, const Dims& kept) {
  check(x.size(dim) > 0, Code::index, op, ": dim ", dim, " of shape ", x.sizes(), " is empty");
  Tensor values = empty(kept, x.dtype(), x.device()), indices = empty(kept, DType::int64, x.device());
  kernels<ReduceKernels>(x).maxDim(x, dim, values, indices);
  return {values, indices};
}
}  // namespace

// d max(dim) = dy at the index that was chosen
std::pair<Tensor, Tensor> maxDim(const Tensor& x, int64_t dim, bool keepdim) {
  if (x.dim() == 0) return {max(x), full({}, 0, DType::int64, x.device())};
  const int d = wrapDim("max", dim, x.dim());
  const Reduced r("max", x, Dims{d}, keepdim);
  auto [values, indices] = largest("max", x, d, r.kept);
  const Tensor y = withSizes(values, r.sizes);
  if (recording(x))
    record("MaxBackward0", y, x, [d, kept = r.kept, index = Saved(indices), full = x.sizes()](const Tensor& dy) {
      return scatterAdd(reshape(dy, kept), d, index.get(), full);
    });
  return {y, withSizes(indices, r.sizes)};
}

Tensor argmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  check(x.dtype() != DType::boolean, Code::dtype, "argmax: not defined for bool tensors");
  const NoGrad guard;
  if (!dim) {
    check(x.numel() > 0, Code::shape, "argmax: expected at least one element, got shape ", x.sizes());
    const Tensor index = largest("argmax", reshape(x, {-1}), 0, {1}).second;
    return withSizes(index, keepdim ? Dims(x.dim(), 1) : Dims{});
  }
  if (x.dim() == 0) return full({}, 0, DType::int64, x.device());
  const int d = wrapDim("argmax", *dim, x.dim());
  const Reduced r("argmax", x, Dims{d}, keepdim);
  return withSizes(largest("argmax", x, d, r.kept).second, r.sizes);
}

}  // namespace dtrain
