// See embedding.h. A row is read by indexSelect and gets its gradient by the transpose of that. A bag is the sum of the
// rows that are brought to its number; where it is a maximum, the first row that has it is found for each element, and
// read by gather.
#include "ops/embedding.h"

#include <limits>

#include "kernels/index.h"
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/places.h"
#include "ops/record.h"
#include "ops/scan.h"
#include "ops/scatter.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// The numbers of rows, one after the other.
Tensor numbersIn(const char* op, const Tensor& weight, const Tensor& index, std::optional<int64_t> padding) {
  check(weight.dim() == 2, Code::shape, op, ": expected weight of 2 dimensions, got ", weight.sizes());
  check(!padding || (*padding >= 0 && *padding < weight.size(0)), Code::argument, op, ": paddingIdx ",
        padding.value_or(0), " is out of range for ", weight.size(0), " rows");
  return view(positionsIn(op, index, 0, weight.size(0), weight.device()), {index.numel()});
}

// How often each of n numbers is there.
Tensor countOf(const Tensor& numbers, int64_t n, const Tensor& parts) {
  const Tensor counts = full({n}, 0, DType::float32, numbers.device());
  bring("embedding", Combine::sum, parts, 0, numbers, counts);
  return counts;
}

Tensor onesFor(const Tensor& numbers) { return full(numbers.sizes(), 1, DType::float32, numbers.device()); }

Tensor column(const Tensor& x) { return unsqueeze(x, 1); }

// Rows [k, D] of weight.
Tensor rowsOf(const char* op, const Tensor& weight, const Tensor& numbers, std::optional<int64_t> padding,
              bool byFrequency) {
  const Tensor y = empty({numbers.numel(), weight.size(1)}, weight.dtype(), weight.device());
  {
    const NoGrad guard;
    kernels<IndexKernels>(weight).indexSelect(op, contiguous(weight), 0, numbers, y);
  }
  if (recording(weight))
    record("EmbeddingBackward0", y, weight,
           [numbers = Saved(numbers), sizes = weight.sizes(), padding, byFrequency](const Tensor& given) {
             note("indices", numbers);
             note("padding_idx", padding.value_or(-1));
             note("scale_grad_by_freq", byFrequency);
             note("sparse", false);
             note("weight_sym_argsize_0", sizes[0]);
             const Tensor at = numbers.get();
             Tensor dy = given;
             if (padding) dy = maskedFill(dy, column(eq(at, static_cast<double>(*padding))), 0);
             if (byFrequency) {
               const Tensor often = indexSelect(countOf(at, sizes[0], onesFor(at)), 0, at);
               dy = cast(div(widened(dy), column(cast(often, widened(dy).dtype()))), dy.dtype());
             }
             return addedRows(dy, 0, at, sizes);
           });
  return y;
}

}  // namespace

Tensor embedding(const Tensor& weight, const Tensor& index, std::optional<int64_t> paddingIdx, bool byFrequency) {
  const Tensor numbers = numbersIn("embedding", weight, index, paddingIdx);
  Dims sizes = index.sizes();
  sizes.push(weight.size(1));
  return view(rowsOf("embedding", weight, numbers, paddingIdx, byFrequency), sizes);
}

namespace {

struct Bags {
  Tensor of;  // the bag of each row
  int64_t count;
};

Bags bagsOf(const Tensor& index, const MaybeTensor& offsets, bool lastOffset) {
  constexpr const char* op = "embeddingBag";
  const Device device = index.device();
  if (!offsets.defined()) {
    check(index.dim() == 2, Code::shape, op, ": expected an index of 2 dimensions, or of 1 and offsets, got ",
          index.sizes());
    const Dims sizes = index.sizes();
    const Tensor bags = column(arange(0, static_cast<double>(sizes[0]), 1, DType::int64, device));
    return {contiguous(reshape(expand(bags, sizes), {index.numel()})), sizes[0]};
  }
  check(index.dim() == 1, Code::shape, op, ": with offsets expected an index of 1 dimension, got ", index.sizes());
  check(offsets.dim() == 1, Code::shape, op, ": expected offsets of 1 dimension, got ", offsets.sizes());
  const int64_t k = index.numel(), count = offsets.numel() - lastOffset;
  check(count >= 0, Code::shape, op, ": with includeLastOffset expected at least one offset");
  const Tensor starts = positionsIn("embeddingBag: offsets", offsets, 0, k + 1, device);
  if (device.isCpu() && count > 0)
    check(*starts.data<int64_t>() == 0, Code::argument, op, ": the first offset must be 0, got ",
          *starts.data<int64_t>());
  const Tensor begun = full({k + 1}, 0, DType::int64, device), one = full(starts.sizes(), 1, DType::int64, device);
  bring(op, Combine::sum, one, 0, starts, begun);
  return {sub(slice(cumsum(begun, 0, std::nullopt), 0, 0, k, 1), 1), count};
}

// For each element of a bag the number of the first row that has its maximum, and whether there is none.
std::pair<Tensor, Tensor> firstLargest(const Tensor& weight, const Tensor& numbers, const Bags& bags,
                                       const Tensor& skipped) {
  const Dims sizes{bags.count, weight.size(1)};
  const int64_t k = numbers.numel();
  const Tensor rows = indexSelect(weight, 0, numbers);
  const Tensor lowest = full(sizes, -std::numeric_limits<double>::infinity(), weight.dtype(), weight.device());
  const Tensor open = maskedFill(rows, skipped, -std::numeric_limits<double>::infinity());
  const Tensor top = indexSelect(indexReduce(lowest, 0, bags.of, open, Gathering::amax, true), 0, bags.of);
  const Tensor isTop = logicalAnd(logicalOr(eq(rows, top), ne(rows, rows)), logicalNot(skipped));
  const Tensor place = column(arange(0, static_cast<double>(k), 1, DType::int64, weight.device()));
  const Tensor none = full(sizes, static_cast<double>(k), DType::int64, weight.device());
  const Tensor candidates = where(isTop, expand(place, rows.sizes()), static_cast<double>(k));
  const Tensor first = indexReduce(none, 0, bags.of, candidates, Gathering::amin, true);
  const Tensor isNone = eq(first, static_cast<double>(k));
  return {reshape(indexSelect(numbers, 0, reshape(maskedFill(first, isNone, 0), {first.numel()})), sizes), isNone};
}

}  // namespace

Tensor embeddingBag(const Tensor& weight, const Tensor& index, const MaybeTensor& offsets, Bag how, bool byFrequency,
                    const MaybeTensor& perSampleWeights, bool lastOffset, std::optional<int64_t> paddingIdx) {
  constexpr const char* op = "embeddingBag";
  requireFloat(op, weight);
  const Tensor numbers = numbersIn(op, weight, index, paddingIdx);
  Bags bags = bagsOf(index, offsets, lastOffset);
  Tensor factors;
  if (perSampleWeights.defined()) {
    check(how == Bag::sum, Code::unsupported, op, ": perSampleWeights are for the mode 'sum'");
    check(perSampleWeights.sizes() == index.sizes(), Code::shape, op, ": expected perSampleWeights ", index.sizes(),
          " as the index, got ", perSampleWeights.sizes());
    check(perSampleWeights.dtype() == weight.dtype(), Code::dtype, op, ": expected perSampleWeights of dtype ",
          weight.dtype(), " as the weight, got ", perSampleWeights.dtype());
    requireSameDevice(op, weight, perSampleWeights);
    factors = reshape(perSampleWeights, {numbers.numel()});
  }
  check(how != Bag::max || !byFrequency, Code::unsupported, op, ": the mode 'max' has no scaleGradByFreq");
  Tensor skipped;  // [k]
  if (paddingIdx) skipped = eq(numbers, static_cast<double>(*paddingIdx));
  if (lastOffset) {  // what comes behind the last bag
    const Tensor behind = ge(bags.of, static_cast<double>(bags.count));
    skipped = skipped.defined() ? logicalOr(skipped, behind) : behind;
    bags.of = maskedFill(bags.of, behind, 0);
  }
  if (bags.count == 0) return contiguous(slice(weight, 0, 0, 0, 1));
  if (how == Bag::max && numbers.numel() > 0) {
    std::pair<Tensor, Tensor> found;
    {
      const NoGrad guard;
      const Tensor none = full({numbers.numel(), 1}, 0, DType::boolean, weight.device());
      found = firstLargest(weight, numbers, bags, skipped.defined() ? column(skipped) : none);
    }
    return maskedFill(gather(weight, 0, found.first), found.second, 0);
  }
  Tensor rows = widened(rowsOf(op, weight, numbers, {}, byFrequency));
  if (factors.defined()) rows = mul(rows, column(widened(factors)));
  if (skipped.defined()) rows = maskedFill(rows, column(skipped), 0);
  Tensor y = addedRows(rows, 0, bags.of, {bags.count, weight.size(1)});
  if (how == Bag::mean) {
    Tensor parts = onesFor(bags.of);
    if (skipped.defined()) parts = maskedFill(parts, skipped, 0);
    const Tensor counts = clamp(countOf(bags.of, bags.count, parts), Operand(1.0), {});
    y = div(y, column(cast(counts, y.dtype())));
  }
  return cast(y, weight.dtype());
}

}  // namespace dtrain
