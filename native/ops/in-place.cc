// Changes of a view belong to its base. Where the base has n elements and the view some of them, changing the view is
//
//   base' = base with f(view(base)) in the place of the view     dbase = dbase' without the place, df = dbase' at the
//   place
//
// so the base gets a node, CopySlices, with two inputs: what it was, and what has been written into it. Places are
// strides and an offset into the memory of the base, whatever views have led there.
#include "ops/in-place.h"

#include <algorithm>

#include "kernels/copy.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/reduce.h"

namespace dtrain {

namespace {

// Where the elements of a view lie in its base.
struct Place {
  Dims baseSizes, baseStrides, sizes, strides;
  int64_t offset;
};

// One behind the last element.
int64_t endOf(const Dims& sizes, const Dims& strides) {
  int64_t last = 0;
  for (int i = 0; i < sizes.size(); i++) last += std::max<int64_t>(sizes[i] - 1, 0) * strides[i];
  return last + 1;
}

Place placeOf(const Tensor& base, const Tensor& view) {
  const int64_t offset = view.impl()->offset - base.impl()->offset;
  const bool inside =
      offset >= 0 && offset + endOf(view.sizes(), view.strides()) <= endOf(base.sizes(), base.strides());
  check(inside || view.numel() == 0, Code::unsupported, "autograd: a view of shape ", view.sizes(),
        " shows elements of the memory that the tensor of shape ", base.sizes(),
        " does not, and one of the two has been changed in place; clone() it first");
  return {base.sizes(), base.strides(), view.sizes(), view.strides(), inside ? offset : 0};
}

Tensor at(const Tensor& laidOut, const Place& p) {
  return alias(laidOut, p.sizes, p.strides, laidOut.impl()->offset + p.offset);
}

// Zeros in the layout of the base.
Tensor zerosFor(const Place& p, const Tensor& like) {
  return alias(full({endOf(p.baseSizes, p.baseStrides)}, 0, like.dtype(), like.device()), p.baseSizes, p.baseStrides,
               0);
}

Tensor laidOut(const Tensor& x, const Place& p) {
  const Tensor out = zerosFor(p, x);
  kernels<CopyKernels>(out).copy(x, out);
  return out;
}

// Whether two elements of the view may be one of the base, but for dimensions that repeat one element.
bool overlaps(const Place& p) {
  std::vector<std::pair<int64_t, int64_t>> steps;
  for (int i = 0; i < p.sizes.size(); i++)
    if (p.sizes[i] > 1 && p.strides[i] != 0) steps.emplace_back(p.strides[i], p.sizes[i]);
  std::sort(steps.begin(), steps.end());
  int64_t reach = 0;
  for (const auto& [stride, size] : steps) {
    if (stride <= reach) return true;
    reach += (size - 1) * stride;
  }
  return false;
}

// The elements at the place, and a tensor of zeros with some there: each is the other's gradient.
Tensor taken(const Tensor& x, const Place& p);
Tensor put(const Tensor& x, Place p) {
  Dims repeated;
  for (int i = 0; i < p.sizes.size(); i++) {
    if (p.strides[i] != 0 || p.sizes[i] == 1) continue;
    repeated.push(i);
    p.sizes[i] = 1;
  }
  if (!repeated.empty()) return put(sum(x, repeated, true, std::nullopt), p);
  check(!overlaps(p), Code::unsupported, "autograd: elements of a view with sizes ", p.sizes, " and strides ",
        p.strides, " overlap, and its base has been changed in place; make the view again");
  const Tensor out = zerosFor(p, x);
  kernels<CopyKernels>(out).copy(x, at(out, p));
  if (recording(x))
    record(
        "AsStridedBackward0", out, x, [p](const Tensor& d) { return taken(d, p); }, Keeps::nothing);
  return out;
}
Tensor taken(const Tensor& x, const Place& p) {
  Tensor out;
  {
    const NoGrad guard;
    out = clone(at(laidOut(x, p), p));
  }
  if (recording(x))
    record(
        "AsStridedBackward0", out, x, [p](const Tensor& d) { return put(d, p); }, Keeps::nothing);
  return out;
}

// x with zeros at the place: its own gradient.
Tensor without(const Tensor& x, const Place& p) {
  const Tensor out = laidOut(x, p);
  kernels<CopyKernels>(out).fill(at(out, p), 0);
  if (recording(x))
    record(
        "CopySlices", out, x, [p](const Tensor& d) { return without(d, p); }, Keeps::nothing);
  return out;
}

Ref<Node> nodeOfView(const Tensor& base, const Tensor& view) {
  const auto node = make<FunctionNode>("AsStridedBackward0",
                                       [p = placeOf(base, view)](const Grads& dy) { return Grads{put(dy[0], p)}; });
  node->keepsNothing = true;
  node->next.push_back(gradientEdge(base));
  return Ref<Node>(node.get());
}
const bool registered = (makeViewNode = nodeOfView, true);

// A gradient that is kept is that of the new value.
void moveKept(const Ref<Node>& from, Node& to, int i, const Ref<GradSlot>& slot) {
  if (!from) return;
  const auto isHere = [&](const auto& entry) { return entry.second.get() == slot.get(); };
  if (std::erase_if(from->retained, isHere) > 0) to.retained.emplace_back(i, slot);
}

void changeBase(Node& node, const Tensor& view, int i) {
  const Tensor base(view.impl()->base);
  const auto slices = make<FunctionNode>("CopySlices", [p = placeOf(base, view)](const Grads& dy) {
    return Grads{without(dy[0], p), taken(dy[0], p)};
  });
  slices->keepsNothing = true;
  slices->next = {gradientEdge(base), {Ref<Node>(&node), i}};
  AutogradMeta& meta = autogradMeta(base);
  moveKept(meta.gradFn, *slices, 0, meta.slot);
  meta.gradFn = Ref<Node>(slices.get());
  meta.outputIndex = 0;
  meta.changes = ++base.impl()->storage->recordedChanges;

  AutogradMeta& own = autogradMeta(view);
  const Ref<Node> before = std::exchange(own.gradFn, {});
  followBase(view);
  moveKept(before, *own.gradFn, 0, own.slot);
}

}  // namespace

void produce(Node& node, const Tensor& output, int i, bool changed) {
  if (output.impl()->base) return changeBase(node, output, i);
  AutogradMeta& meta = autogradMeta(output);
  if (meta.gradFn || changed) meta.changes = ++output.impl()->storage->recordedChanges;
  lead(node, output, i);
}

void lead(Node& node, const Tensor& output, int i) {
  AutogradMeta& meta = autogradMeta(output);
  moveKept(meta.gradFn, node, i, meta.slot);
  meta.gradFn = Ref<Node>(&node);
  meta.outputIndex = i;
}

void markView(const Tensor& y, const Tensor& x) {
  if (!gradEnabled() || !isFloat(x.dtype())) return;
  y.impl()->base = x.impl()->base ? x.impl()->base : Ref<TensorImpl>(x.impl());
}

}  // namespace dtrain
