// What Python's brackets choose by several tensors: positions, which broadcast, and masks. The dims that have one are
// brought together and seen as one, so that all of it is reading, writing and adding of rows (index.h).
#include "ops/brackets.h"

#include <algorithm>

#include "kernels/copy.h"
#include "kernels/index.h"
#include "ops/arithmetic.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
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

Tensor nonzero(const Tensor& x) {
  const NoGrad guard;
  // How many there are, the host must know: so it is the host that looks.
  const Tensor mask = contiguous(cast(to(x, Device()), DType::boolean));
  const bool* set = mask.data<bool>();
  const Tensor at = empty({std::count(set, set + mask.numel(), true), x.dim()}, DType::int64, Device());
  int64_t* next = at.data<int64_t>();
  for (int64_t i = 0; i < mask.numel(); i++) {
    if (!set[i]) continue;
    int64_t rest = i;
    for (int d = x.dim() - 1; d >= 0; d--) {
      next[d] = rest % x.size(d);
      rest /= x.size(d);
    }
    next += x.dim();
  }
  return to(at, x.device());
}

namespace {
// Positions in a tensor of these sizes, in a last dim of their own.
Tensor positionsOf(const Tensor& places, const Dims& sizes) {
  Dims none = places.sizes();
  none.push(0);
  std::vector<Tensor> parts{empty(none, DType::int64, places.device())};
  double stride = 1;
  for (int64_t size : sizes) stride *= static_cast<double>(std::max<int64_t>(size, 1));
  for (int64_t size : sizes) {
    const auto n = static_cast<double>(std::max<int64_t>(size, 1));
    stride /= n;
    parts.push_back(unsqueeze(remainder(div(places, stride, Rounding::floor), n), -1));
  }
  return cat(parts, -1);
}
}  // namespace

Tensor nonzeroStatic(const Tensor& x, int64_t size, int64_t fillValue) {
  const NoGrad guard;
  check(size >= 0, Code::argument, "nonzeroStatic: size must not be negative, got ", size);
  const auto most = static_cast<double>(size);
  const Tensor set = reshape(ne(x, 0), {-1}), count = cumsum(set, 0, DType::int64);  // with the element itself
  const Tensor row = where(logicalAnd(set, le(count, most)), sub(count, 1), most);   // one more for all others
  const Tensor places = arange(0, static_cast<double>(x.numel()), 1, DType::int64, x.device());
  const Tensor at = slice(scatter(full({size + 1}, -1, DType::int64, x.device()), 0, row, places), 0, 0, size, 1);
  return where(lt(unsqueeze(at, 1), 0), static_cast<double>(fillValue), positionsOf(at, x.sizes()));
}

namespace {
// The chosen dims of x brought together and seen as one, with the places chosen there. They stay where the first of
// them is if they are neighbours; otherwise they come first.
class Choice {
 public:
  Choice(const char* op, const Tensor& x, const std::vector<MaybeTensor>& at) : from_(x.sizes()) {
    const NoGrad guard;
    const std::vector<Tensor> index = positions(op, x, at);
    Dims chosen;
    for (size_t i = 0; i < index.size(); i++) {
      if (!index[i].defined()) continue;
      chosen.push(static_cast<int64_t>(i));
      Dims both;
      check(broadcastSizes(chosen_, index[i].sizes(), &both), Code::index, op,
            ": the shapes of the indices do not broadcast: ", chosen_, " and ", index[i].sizes());
      chosen_ = both;
    }
    const bool together = chosen.back() - chosen[0] + 1 == chosen.size();
    first_ = together ? static_cast<int>(chosen[0]) : 0;
    for (int d = 0; d < first_; d++) order_.push(d);
    for (int64_t d : chosen) order_.push(d);
    for (int d = first_; d < x.dim(); d++)
      if (std::find(chosen.begin(), chosen.end(), d) == chosen.end()) order_.push(d);
    places_ = full(chosen_, 0, DType::int64, x.device());
    for (int64_t d : chosen)
      kernels<IndexKernels>(x).place(op, contiguous(expand(index[d], chosen_)), static_cast<int>(d), x.size(d),
                                     places_);
    places_ = reshape(places_, {places_.numel()});
    int64_t n = 1;
    for (int64_t d : chosen) n *= x.size(d);
    for (int d = 0; d < x.dim(); d++) {
      if (d < first_ || d >= first_ + chosen.size()) merged_.push(x.size(order_[d]));
      else if (d == first_) merged_.push(n);
    }
    for (int d = 0; d < merged_.size(); d++) {
      if (d != first_) result_.push(merged_[d]);
      else
        for (int64_t size : chosen_) result_.push(size);
    }
    picked_ = merged_;
    picked_[first_] = places_.numel();
  }

  const Dims& result() const { return result_; }

  Tensor pick(const Tensor& x) const {
    return reshape(indexSelect(reshape(permute(x, order_), merged_), first_, places_), result_);
  }

  // The transpose of pick.
  Tensor add(const Tensor& dy) const {
    Dims sizes, back(from_.size(), 0);
    for (int d = 0; d < from_.size(); d++) {
      sizes.push(from_[order_[d]]);
      back[order_[d]] = d;
    }
    return permute(reshape(addedRows(reshape(dy, picked_), first_, places_, merged_), sizes), back);
  }

  // Writes y, which has the sizes of what pick gives, into x, or adds it.
  void put(const char* op, const Tensor& x, const Tensor& y, bool accumulate) const {
    if (y.numel() == 0) return;
    const Tensor permuted = permute(x, order_), dense = contiguous(accumulate ? widened(permuted) : permuted);
    const Tensor rows = reshape(y, picked_);
    const bool shared = rows.impl()->storage.get() == x.impl()->storage.get();
    bring(op, accumulate ? Combine::sum : Combine::assign, shared ? clone(rows) : contiguous(rows), first_, places_,
          view(dense, merged_));
    if (dense.impl()->storage.get() != x.impl()->storage.get()) kernels<CopyKernels>(x).copy(dense, permuted);
  }

 private:
  // An int64 index for each dim that has one; a mask stands for as many dims as it has.
  static std::vector<Tensor> positions(const char* op, const Tensor& x, const std::vector<MaybeTensor>& at) {
    std::vector<Tensor> index;
    for (const MaybeTensor& one : at) {
      const int dim = static_cast<int>(index.size());
      check(dim + (one.defined() && one.dtype() == DType::boolean ? one.dim() : 1) <= x.dim(), Code::index, op,
            ": too many indices for a tensor of ", x.dim(), " dimensions");
      if (!one.defined()) {
        index.emplace_back();
      } else if (one.dtype() == DType::boolean) {
        for (int d = 0; d < one.dim(); d++)
          check(one.size(d) == x.size(dim + d), Code::index, op, ": a mask of shape ", one.sizes(),
                " does not fit dim ", dim + d, " of a tensor of shape ", x.sizes());
        const Tensor where = to(nonzero(one), x.device());
        for (int d = 0; d < one.dim(); d++) index.push_back(select(where, 1, d));
      } else {
        check(one.dtype() == DType::int64 || one.dtype() == DType::int32, Code::index, op,
              ": tensors used as indices must be int64, int32 or bool, got ", one.dtype(),
              "; convert with .long(), or .bool() for a mask");
        index.push_back(to(cast(one, DType::int64), x.device()));
      }
    }
    const auto defined = [](const Tensor& one) { return one.defined(); };
    check(std::any_of(index.begin(), index.end(), defined), Code::argument, op, ": expected at least one index");
    return index;
  }

  Dims from_, chosen_;  // sizes of x; of the indices together
  Dims order_;          // the dims of x as they are brought together
  int first_;           // where the chosen ones then begin
  Dims merged_, picked_, result_;
  Tensor places_;
};

// What is indexed and the indices, where each mask without dimensions has become a dimension of one element.
struct Indexed {
  Indexed(const Tensor& from, const std::vector<MaybeTensor>& at) : x(from), index(at) {
    int dim = 0;
    for (MaybeTensor& one : index) {
      const bool mask = one.defined() && one.dtype() == DType::boolean;
      if (mask && one.dim() == 0) {
        x = unsqueeze(x, dim);
        one = view(one, {1});
      }
      dim += mask ? one.dim() : 1;
    }
  }
  Tensor x;
  std::vector<MaybeTensor> index;
};

// Positions as they were given, for a formula.
class SavedIndices {
 public:
  explicit SavedIndices(const std::vector<MaybeTensor>& at) {
    for (const MaybeTensor& one : at) saved_.emplace_back(one);
  }
  std::vector<MaybeTensor> get() const {
    std::vector<MaybeTensor> at;
    for (const Saved& one : saved_) at.emplace_back(one.defined() ? one.get() : Tensor());
    return at;
  }

 private:
  std::vector<Saved> saved_;
};
}  // namespace

// d x[at] = dy added where it came from
Tensor index(const Tensor& from, const std::vector<MaybeTensor>& at) {
  const auto [x, indices] = Indexed(from, at);
  const Choice choice("index", x, indices);
  Tensor y;
  {
    const NoGrad guard;
    y = choice.pick(x);
  }
  if (recording(x)) record("IndexBackward0", y, x, [choice](const Tensor& dy) { return choice.add(dy); });
  return y;
}

Tensor maskedSelect(const Tensor& x, const Tensor& mask) {
  check(mask.dtype() == DType::boolean, Code::dtype, "maskedSelect: the mask must be a bool tensor, got ", mask.dtype(),
        "; make one by a comparison, or with .bool()");
  requireSameDevice("maskedSelect", x, mask);
  const Dims sizes = broadcast("maskedSelect", x.sizes(), mask.sizes());
  return index(expand(x, sizes), {expand(mask, sizes)});
}

namespace {
void putInto(const char* op, const Tensor& into, const std::vector<MaybeTensor>& at, const Tensor& values,
             bool accumulate) {
  const auto [x, indices] = Indexed(into, at);
  check(values.dtype() == x.dtype(), Code::dtype, op, ": values must have the dtype of the tensor: ", values.dtype(),
        " into ", x.dtype());
  const Choice choice(op, x, indices);
  check(values.dim() == 0 || values.device() == x.device(), Code::argument, op,
        ": tensors are on different devices: ", x.device(), " and ", values.device(), "; move one with .to(device)");
  check(expandable(values.sizes(), choice.result()), Code::shape, op, ": values of shape ", values.sizes(),
        " do not broadcast to the shape of what is indexed, ", choice.result());
  choice.put(op, x, expand(to(values, x.device()), choice.result()), accumulate);
}
}  // namespace

// d indexPut = dy but where something was written, all of it if added; and what is there
Tensor indexPut(const Tensor& x, const std::vector<MaybeTensor>& at, const Tensor& values, bool accumulate) {
  Tensor out;
  {
    const NoGrad guard;
    out = clone(x);
    putInto("indexPut", out, at, values, accumulate);
  }
  if (recording(x, values))
    record("IndexPutBackward0", out, {x, values},
           [dx = GradOf(x), dy = GradOf(values), at = SavedIndices(at), accumulate](const Tensor& d) {
             note("accumulate", accumulate);
             const auto zero = [&] { return full({}, 0, d.dtype(), d.device()); };
             return Grads{dx([&] { return accumulate ? d : indexPut(d, at.get(), zero(), false); }),
                          dy([&] { return index(d, at.get()); })};
           });
  return out;
}
void indexPut_(const Tensor& x, const std::vector<MaybeTensor>& at, const Tensor& values, bool accumulate) {
  if (recording(x, values))
    return become("indexPut_", x, [&](auto& from) { return indexPut(from, at, values, accumulate); });
  prepareInPlace("indexPut_", x);
  const NoGrad guard;
  putInto("indexPut_", x, at, values, accumulate);
}

}  // namespace dtrain
