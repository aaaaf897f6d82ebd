// See take.h. All of it is reading, writing and adding of rows of one element (index.h).
#include "ops/take.h"

#include "kernels/copy.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/places.h"
#include "ops/record.h"
#include "ops/scan.h"
#include "ops/scatter.h"
#include "ops/select.h"
#include "ops/view.h"

namespace dtrain {

namespace {

Tensor flat(const Tensor& x) { return reshape(x, {x.numel()}); }

Tensor placesOf(const char* op, const Tensor& x, const Tensor& index) {
  return flat(positionsIn(op, index, 0, x.numel(), x.device(), Negative::fromEnd));
}

void putInto(const char* op, const Tensor& x, const Tensor& index, const Tensor& y, bool accumulate) {
  check(y.dtype() == x.dtype(), Code::dtype, op, ": expected elements of dtype ", x.dtype(), ", got ", y.dtype());
  check(y.numel() == index.numel(), Code::shape, op, ": the index of shape ", index.sizes(),
        " needs as many elements, ", "got shape ", y.sizes());
  requireSameDevice(op, x, y);
  const Tensor places = placesOf(op, x, index), dense = contiguous(accumulate ? widened(x) : x);
  if (y.numel() == 0) return;
  const bool shared = y.impl()->storage.get() == x.impl()->storage.get();
  bring(op, accumulate ? Combine::sum : Combine::assign, flat(shared ? clone(y) : contiguous(y)), 0, places,
        flat(dense));
  if (dense.impl()->storage.get() != x.impl()->storage.get()) kernels<CopyKernels>(x).copy(dense, x);
}

}  // namespace

// d take = dy added where it came from
Tensor take(const Tensor& x, const Tensor& index) {
  const Tensor places = placesOf("take", x, index);
  Tensor y;
  {
    const NoGrad guard;
    y = clone(reshape(indexSelect(flat(x), 0, places), index.sizes()));
  }
  if (recording(x))
    record("TakeBackward0", y, x, [places = Saved(places), sizes = x.sizes(), n = x.numel()](const Tensor& dy) {
      note("index", places);
      return reshape(addedRows(flat(dy), 0, places.get(), {n}), sizes);
    });
  return y;
}

// d put = dy but where something was written, all of it if added; and what is there
Tensor put(const Tensor& x, const Tensor& index, const Tensor& y, bool accumulate) {
  Tensor out;
  {
    const NoGrad guard;
    out = clone(x);
    putInto("put", out, index, y, accumulate);
  }
  if (recording(x, y))
    record("PutBackward0", out, {x, y},
           [dx = GradOf(x), dy = GradOf(y), index = Saved(index), accumulate](const Tensor& d) {
             note("index", index);
             note("accumulate", accumulate);
             const auto zeros = [&](const Tensor& at) { return full(at.sizes(), 0, d.dtype(), d.device()); };
             return Grads{dx([&] { return accumulate ? d : put(d, index.get(), zeros(index.get()), false); }),
                          dy([&] { return reshape(take(d, index.get()), dy.sizes); })};
           });
  return out;
}
void put_(const Tensor& x, const Tensor& index, const Tensor& y, bool accumulate) {
  changePart(
      "put_", x, y, [&](auto& from) { return put(from, index, y, accumulate); },
      [&](const Tensor& x) { putInto("put_", x, index, y, accumulate); });
}

Tensor takeAlongDim(const Tensor& x, const Tensor& index, std::optional<int64_t> dim) {
  if (!dim) return gather(flat(x), 0, flat(index));
  check(x.dim() == index.dim(), Code::shape, "takeAlongDim: the index needs as many dimensions as the tensor, got ",
        "shapes ", index.sizes(), " and ", x.sizes());
  const int d = wrapDim("takeAlongDim", *dim, x.dim());
  if (x.dim() == 0) return reshape(takeAlongDim(x, index, {}), {});
  const Tensor places = positionsIn("takeAlongDim", index, d, x.size(d), x.device(), Negative::fromEnd);
  Dims ours = x.sizes(), theirs = places.sizes();
  ours[d] = theirs[d] = 1;
  Dims sizes = broadcast("takeAlongDim", ours, theirs), all = sizes;
  sizes[d] = x.size(d);
  all[d] = places.size(d);
  return gather(expand(x, sizes), d, expand(places, all));
}

// d maskedScatter = dy where the mask is false, and what is there
Tensor maskedScatter(const Tensor& x, const Tensor& mask, const Tensor& y) {
  check(mask.dtype() == DType::boolean, Code::dtype, "maskedScatter: the mask must be a bool tensor, got ",
        mask.dtype(), "; make one by a comparison, or with .bool()");
  check(y.dtype() == x.dtype(), Code::dtype, "maskedScatter: expected elements of dtype ", x.dtype(), ", got ",
        y.dtype());
  requireSameDevice("maskedScatter", x, mask);
  requireSameDevice("maskedScatter", x, y);
  const Dims sizes = broadcast("maskedScatter", x.sizes(), mask.sizes());
  Tensor out, places, chosen;
  {
    const NoGrad guard;
    chosen = flat(expand(mask, sizes));
    const Tensor before = cumsum(chosen, 0, {});  // counts the element itself
    const int64_t n = y.numel();
    if (x.device().isCpu() || n == 0) {  // a device reports a place that is out of range
      const int64_t count = before.numel() == 0 ? 0 : *to(select(before, 0, -1), {}).data<int64_t>();
      check(count <= n, Code::shape, "maskedScatter: the mask is true for ", count, " elements, but the source has ",
            n);
    }
    places = where(chosen, sub(before, 1), 0);
    out = clone(expand(x, sizes));
    if (n > 0) out = where(expand(mask, sizes), reshape(indexSelect(flat(y), 0, places), sizes), out);
  }
  if (recording(x, y))
    record("MaskedScatterBackward0", out, {x, y},
           [dx = GradOf(x), dy = GradOf(y), mask = Saved(mask), chosen = Saved(chosen),
            places = Saved(places)](const Tensor& d) {
             note("mask", mask);
             return Grads{dx([&] { return maskedFill(d, mask.get(), 0); }), dy([&] {
                            const Tensor there = where(chosen.get(), flat(d), 0);
                            int64_t n = 1;
                            for (int64_t size : dy.sizes) n *= size;
                            return n > 0 ? reshape(addedRows(there, 0, places.get(), {n}), dy.sizes)
                                         : full(dy.sizes, 0, d.dtype(), d.device());
                          })};
           });
  return out;
}
void maskedScatter_(const Tensor& x, const Tensor& mask, const Tensor& y) {
  become("maskedScatter_", x, [&](auto& from) { return maskedScatter(from, mask, y); });
}

}  // namespace dtrain
