// Joins are made of cat, what brings to one shape of expand.
#include "ops/join.h"

#include "ops/broadcast.h"
#include "ops/index.h"
#include "ops/view.h"

namespace dtrain {

namespace {
std::vector<Tensor> each(const char* op, const std::vector<Tensor>& xs, Tensor (*shaped)(const Tensor&)) {
  check(!xs.empty(), Code::argument, op, ": expected at least one tensor");
  std::vector<Tensor> all;
  for (const Tensor& x : xs) all.push_back(shaped(x));
  return all;
}

Tensor asColumn(const Tensor& x) { return x.dim() <= 1 ? reshape(x, {x.numel(), 1}) : x; }
}  // namespace

Tensor hstack(const std::vector<Tensor>& xs) {
  const std::vector<Tensor> all = each("hstack", xs, atleast1d);
  return cat(all, all[0].dim() == 1 ? 0 : 1);
}

Tensor vstack(const std::vector<Tensor>& xs) { return cat(each("vstack", xs, atleast2d), 0); }

Tensor dstack(const std::vector<Tensor>& xs) { return cat(each("dstack", xs, atleast3d), 2); }

Tensor columnStack(const std::vector<Tensor>& xs) { return cat(each("columnStack", xs, asColumn), 1); }

std::vector<Tensor> broadcastTensors(const std::vector<Tensor>& xs) {
  Dims sizes;
  for (const Tensor& x : xs) sizes = broadcast("broadcastTensors", sizes, x.sizes());
  std::vector<Tensor> all;
  for (const Tensor& x : xs) all.push_back(expand(x, sizes));
  return all;
}

std::vector<Tensor> meshgrid(const std::vector<Tensor>& xs, GridIndexing indexing) {
  check(!xs.empty(), Code::argument, "meshgrid: expected at least one tensor");
  Dims sizes;
  for (const Tensor& x : xs) {
    check(x.dim() <= 1, Code::shape, "meshgrid: expected at most 1 dimension, got shape ", x.sizes());
    check(x.dtype() == xs[0].dtype(), Code::dtype, "meshgrid: expected tensors of one dtype, got ", xs[0].dtype(),
          " and ", x.dtype());
    requireSameDevice("meshgrid", xs[0], x);
    sizes.push(x.numel());
  }
  const bool swaps = indexing == GridIndexing::xy && xs.size() > 1;
  if (swaps) std::swap(sizes[0], sizes[1]);
  std::vector<Tensor> grids;
  for (int i = 0; i < sizes.size(); i++) {
    Dims along(sizes.size(), 1);
    along[swaps && i < 2 ? 1 - i : i] = xs[i].numel();
    grids.push_back(expand(reshape(xs[i], along), sizes));
  }
  return grids;
}

Tensor sumToSize(const Tensor& x, const Dims& sizes) {
  check(expandable(sizes, x.sizes()), Code::shape, "sumToSize: sizes ", sizes, " do not broadcast to shape ",
        x.sizes());
  if (sizes == x.sizes()) return x;
  return sumTo(x, sizes, isFloat(x.dtype()) ? x.dtype() : DType::int64);
}

}  // namespace dtrain
