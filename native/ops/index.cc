// Reading at an index and its adjoint, adding at an index: each is the gradient of the other. And cat, which copies
// each tensor into its slice of the result.
#include "ops/index.h"

#include <algorithm>

#include "kernels/copy.h"
#include "kernels/index.h"
#include "ops/broadcast.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/select.h"
#include "ops/view.h"

namespace dtrain {

namespace {
// Where gradients of a dtype are added up, zeros: see kernels/index.h.
Tensor sums(const Tensor& dy, const Dims& sizes) {
  return full(sizes, 0, isHalf(dy.dtype()) ? DType::float32 : dy.dtype(), dy.device());
}

// Rows of dy added at their index: the gradient of indexSelect, whose own gradient is indexSelect again.
Tensor indexAdd(const Tensor& dy, int dim, const Tensor& index, const Dims& sizes) {
  Tensor dx = sums(dy, sizes);
  {
    const NoGrad guard;
    kernels<IndexKernels>(dx).indexAdd(contiguous(dy), dim, index, dx);
    dx = cast(dx, dy.dtype());
  }
  if (recording(dy))
    record("IndexAddBackward0", dx, dy,
           [dim, index = Saved(index)](const Tensor& g) { return indexSelect(g, dim, index.get()); });
  return dx;
}
}  // namespace

Tensor indexSelect(const Tensor& x, int64_t dim, const Tensor& index) {
  check(index.dtype() == DType::int64 || index.dtype() == DType::int32, Code::dtype,
        "indexSelect: expected index of dtype int64, got ", index.dtype(), "; use tensor([…], { dtype: 'int64' })");
  requireSameDevice("indexSelect", x, index);
  check(index.dim() <= 1, Code::shape, "indexSelect: expected a 1-d index, got shape ", index.sizes());
  check(x.dim() > 0, Code::index, "indexSelect: cannot index a 0-d tensor");
  const int d = wrapDim("indexSelect", dim, x.dim());
  const Tensor where = contiguous(cast(index, DType::int64));
  Dims sizes = x.sizes();
  sizes[d] = where.numel();
  Tensor y = empty(sizes, x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<IndexKernels>(x).indexSelect(contiguous(x), d, where, y);
  }
  if (recording(x))
    record("IndexSelectBackward0", y, x, [d, where = Saved(where), from = x.sizes()](const Tensor& dy) {
      note("dim", d);
      note("index", where);
      note("self_sym_sizes", from);
      return indexAdd(dy, d, where.get(), from);
    });
  return y;
}

namespace {
// gather for an index as scatterAdd takes it.
Tensor pick(const Tensor& x, int dim, const Tensor& index) {
  Tensor y = empty(index.sizes(), x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<IndexKernels>(x).gather(contiguous(x), dim, index, y);
  }
  if (recording(x))
    record("GatherBackward0", y, x, [dim, index = Saved(index), from = x.sizes()](const Tensor& dy) {
      note("dim", dim);
      note("index", index);
      return scatterAdd(dy, dim, index.get(), from);
    });
  return y;
}
}  // namespace

Tensor scatterAdd(const Tensor& dy, int dim, const Tensor& index, const Dims& sizes) {
  Tensor dx = sums(dy, sizes);
  {
    const NoGrad guard;
    kernels<IndexKernels>(dy).scatterAdd(contiguous(dy), dim, index, dx);
    dx = cast(dx, dy.dtype());
  }
  if (recording(dy))
    record("ScatterAddBackward0", dx, dy,
           [dim, index = Saved(index)](const Tensor& g) { return pick(g, dim, index.get()); });
  return dx;
}

namespace {

// x with the sizes of the index outside dim, which must not be larger there.
Tensor beside(const char* op, const Tensor& x, int dim, const Tensor& index) {
  Tensor part = x;
  for (int d = 0; d < x.dim(); d++) {
    if (d == dim) continue;
    check(index.size(d) <= x.size(d), Code::shape, op, ": an index of shape ", index.sizes(), " is larger than ",
          x.sizes(), " in dim ", d);
    if (index.size(d) < x.size(d)) part = slice(part, d, 0, index.size(d), 1);
  }
  return part;
}

// A dim, and the index along it, dense and checked; devices look for themselves whether it is in range.
struct Places {
  Places(const char* op, const Tensor& x, int64_t given, const Tensor& at) {
    check(at.dtype() == DType::int64 || at.dtype() == DType::int32, Code::dtype, op,
          ": expected index of dtype int64, got ", at.dtype(), "; use tensor([…], { dtype: 'int64' })");
    requireSameDevice(op, x, at);
    check(x.dim() > 0, Code::index, op, ": cannot index a 0-d tensor");
    check(at.dim() == x.dim(), Code::shape, op, ": the index needs as many dimensions as the tensor, got shapes ",
          at.sizes(), " and ", x.sizes());
    dim = wrapDim(op, given, x.dim());
    index = contiguous(cast(at, DType::int64));
    const int64_t n = x.size(dim);
    if (!x.device().isCpu()) {  // -1 would be no place for the kernels, and n is out of range too
      index = maskedFill(index, eq(index, -1), static_cast<double>(n));
      return;
    }
    const int64_t* const elements = index.data<int64_t>();
    for (int64_t i = 0; i < index.numel(); i++)
      check(elements[i] >= 0 && elements[i] < n, Code::index, op, ": index ", elements[i], " is out of range for dim ",
            dim, " of size ", n);
  }
  int dim;
  Tensor index;
};

void scatterInto(const char* op, const Tensor& x, const Places& places, const Operand& y) {
  check(!y.isTensor() || y.tensor.dtype() == x.dtype(), Code::dtype, op, ": expected elements of dtype ", x.dtype(),
        ", got ", y.isTensor() ? y.tensor.dtype() : x.dtype());
  requireSameDevice(op, x, y.tensor);
  Tensor values;
  if (y.isTensor()) {
    const Tensor& all = y.tensor;
    check(all.dim() == places.index.dim() && all.size(places.dim) >= places.index.size(places.dim), Code::shape, op,
          ": an index of shape ", places.index.sizes(), " is larger than the elements, ", y.tensor.sizes());
    values =
        contiguous(slice(beside(op, all, places.dim, places.index), places.dim, 0, places.index.size(places.dim), 1));
    if (values.impl()->storage.get() == x.impl()->storage.get()) values = clone(values);
  } else {
    values = full(places.index.sizes(), y.number, x.dtype(), x.device());
  }
  const Tensor part = beside(op, x, places.dim, places.index), dense = contiguous(part);
  kernels<IndexKernels>(x).scatter(values, places.dim, places.index, dense);
  if (dense.impl()->storage.get() != x.impl()->storage.get()) kernels<CopyKernels>(x).copy(dense, part);
}

}  // namespace

// d gather = dy added where it came from
Tensor gather(const Tensor& x, int64_t dim, const Tensor& index) {
  const Places places("gather", x, dim, index);
  return pick(beside("gather", x, places.dim, places.index), places.dim, places.index);
}

// d scatter = dy but where something was written, and what is there
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Operand& y) {
  const Places places("scatter", x, dim, index);
  Tensor out;
  {
    const NoGrad guard;
    out = clone(x);
    scatterInto("scatter", out, places, y);
  }
  if (recording(x, y.tensor)) {
    check(!requiresGrad(y.tensor) || y.tensor.sizes() == index.sizes(), Code::shape,
          "scatter: elements that need a gradient must have the shape of the index, ", index.sizes(), ", got ",
          y.isTensor() ? y.tensor.sizes() : Dims());
    record("ScatterBackward0", out, {x, y.tensor},
           [dx = GradOf(x), dy = GradOf(y), dim = places.dim, index = Saved(index)](const Tensor& d) {
             note("dim", dim);
             note("index", index);
             return Grads{dx([&] { return scatter(d, dim, index.get(), 0); }),
                          dy([&] { return gather(d, dim, index.get()); })};
           });
  }
  return out;
}

void scatter_(const Tensor& x, int64_t dim, const Tensor& index, const Operand& y) {
  const Places places("scatter_", x, dim, index);
  prepareInPlace("scatter_", x, y.tensor);
  const NoGrad guard;
  scatterInto("scatter_", x, places, y);
}

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
      kernels<IndexKernels>(x).place(contiguous(expand(index[d], chosen_)), static_cast<int>(d), x.size(d), places_);
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
    return permute(reshape(indexAdd(reshape(dy, picked_), first_, places_, merged_), sizes), back);
  }

  // Writes y, which has the sizes of what pick gives, into x, or adds it.
  void put(const Tensor& x, const Tensor& y, bool accumulate) const {
    const Tensor permuted = permute(x, order_), dense = contiguous(permuted), into = view(dense, merged_);
    const Tensor rows = reshape(y, picked_);
    const bool shared = rows.impl()->storage.get() == x.impl()->storage.get();
    const Tensor values = shared ? clone(rows) : contiguous(rows);
    if (accumulate) accumulateInto(into, values);
    else kernels<IndexKernels>(x).indexCopy(values, first_, places_, into);
    if (dense.impl()->storage.get() != x.impl()->storage.get()) kernels<CopyKernels>(x).copy(dense, permuted);
  }

 private:
  // into += values at the places. Halves are summed in float32, and integers of a device on the host, since devices
  // have no atomics for them.
  void accumulateInto(const Tensor& into, const Tensor& values) const {
    const Device device = isFloat(into.dtype()) ? into.device() : Device();
    const Tensor sum = to(isHalf(into.dtype()) ? cast(into, DType::float32) : into, device);
    kernels<IndexKernels>(sum).indexAdd(to(values, device), first_, to(places_, device), sum);
    if (sum.impl() != into.impl()) kernels<CopyKernels>(into).copy(to(sum, into.device()), into);
  }

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
        check(one.dim() > 0, Code::unsupported, op, ": a mask without dimensions is not implemented");
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
}  // namespace

// d x[at] = dy added where it came from
Tensor index(const Tensor& x, const std::vector<MaybeTensor>& at) {
  const Choice choice("index", x, at);
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
  const auto broad = [&](const Tensor& t) { return sizes.empty() ? reshape(t, {1}) : expand(t, sizes); };
  return index(broad(x), {broad(mask)});
}

void indexPut_(const Tensor& x, const std::vector<MaybeTensor>& at, const Tensor& values, bool accumulate) {
  check(values.dtype() == x.dtype(), Code::dtype,
        "indexPut_: values must have the dtype of the tensor: ", values.dtype(), " into ", x.dtype());
  requireSameDevice("indexPut_", x, values);
  const Choice choice("indexPut_", x, at);
  check(expandable(values.sizes(), choice.result()), Code::shape, "indexPut_: values of shape ", values.sizes(),
        " do not broadcast to the shape of what is indexed, ", choice.result());
  prepareInPlace("indexPut_", x, values);
  const NoGrad guard;
  choice.put(x, expand(values, choice.result()), accumulate);
}

// d cat = the slices of dy
Tensor cat(const std::vector<Tensor>& all, int64_t dim) {
  check(!all.empty(), Code::argument, "cat: expected at least one tensor");
  std::vector<Tensor> xs;  // PyTorch skips empty 1-d tensors whatever the shape of the others
  for (const Tensor& x : all)
    if (!(x.dim() == 1 && x.numel() == 0)) xs.push_back(x);
  if (xs.empty()) xs.push_back(all[0]);
  const int d = wrapDim("cat", dim, xs[0].dim());
  Dims sizes = xs[0].sizes();
  DType dtype = all[0].dtype();
  for (const Tensor& x : all) dtype = promote(dtype, x.dtype());
  check(xs[0].dim() > 0, Code::shape, "cat: cannot join 0-d tensors");
  sizes[d] = 0;
  for (const Tensor& x : all) requireSameDevice("cat", all[0], x);
  for (const Tensor& x : xs) {
    Dims other = x.sizes();
    check(other.size() == sizes.size(), Code::shape, "cat: shapes differ in dimensions: ", xs[0].sizes(), " and ",
          x.sizes());
    other[d] = sizes[d];
    check(other == sizes, Code::shape, "cat: shapes differ outside dim ", d, ": ", xs[0].sizes(), " and ", x.sizes());
    sizes[d] += x.size(d);
  }
  Tensor y = empty(sizes, dtype, xs[0].device());
  bool watched = false;
  {
    const NoGrad guard;
    int64_t at = 0;
    for (const Tensor& x : xs) {
      kernels<CopyKernels>(y).copy(x, slice(y, d, at, at + x.size(d), 1));
      at += x.size(d);
    }
  }
  for (const Tensor& x : all) watched = watched || recording(x);
  if (watched) {
    struct Part {
      Dims sizes;
      DType dtype;
    };
    std::vector<Part> parts;
    for (const Tensor& x : all) parts.push_back({x.sizes(), x.dtype()});
    record(
        "CatBackward0", y, all,
        [d, parts](const Tensor& dy) {
          note("dim", d);
          Grads grads;
          int64_t at = 0;
          for (const Part& p : parts) {
            const bool skipped = p.sizes == Dims{0};
            grads.push_back(skipped ? full(p.sizes, 0, p.dtype, dy.device())
                                    : cast(slice(dy, d, at, at + p.sizes[d], 1), p.dtype));
            if (!skipped) at += p.sizes[d];
          }
          return grads;
        },
        Keeps::nothing);
  }
  return y;
}

}  // namespace dtrain
