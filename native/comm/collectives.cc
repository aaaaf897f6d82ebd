// Every tensor that an engine gets is an alias without autograd state. A work may be the last to hold it, and then
// frees it on the engine's thread; a graph must never be taken apart by another thread than the one that builds it.
#include "comm/collectives.h"

#include "ops/copy.h"
#include "ops/record.h"

namespace dtrain {

namespace {

void checkReduced(const char* name, const Tensor& x, ReduceOp op) {
  check(isFloat(x.dtype()) || op == ReduceOp::sum, Code::dtype, name, ": mean is not defined for ", x.dtype(),
        "; use 'sum'");
}

void checkRoot(const Group& group, int root) {
  check(root >= 0 && root < group.worldSize(), Code::argument, "broadcast: root ", root, " is not a rank of 0 to ",
        group.worldSize() - 1);
}

// A tensor that a collective is going to overwrite. There is no way back from a copy, so none is made.
Tensor changed(const char* name, const Tensor& x) {
  check(x.isContiguous(), Code::argument, name, ": expected a contiguous tensor, got strides ", x.strides(),
        " for shape ", x.sizes(), "; use contiguous()");
  const NoGrad guard;  // communication is never recorded
  prepareInPlace(name, x);
  return alias(x);
}

}  // namespace

Started allReduce(Group& group, const Tensor& x, ReduceOp op) {
  checkReduced("allReduce", x, op);
  return {group.of(x.device()).allReduce(changed("allReduce", x), op)};
}

Started broadcast(Group& group, const std::vector<Tensor>& xs, int root) {
  checkRoot(group, root);
  std::vector<Tensor> host, device;
  for (const Tensor& x : xs) (x.device().isCpu() ? host : device).push_back(changed("broadcast", x));
  if (device.empty()) return {group.cpu().broadcast(host, root)};
  if (!host.empty()) group.cpu().broadcast(host, root)->wait();
  return {group.of(device[0].device()).broadcast(device, root)};
}

Started allGather(Group& group, const Tensor& x) {
  const NoGrad guard;
  Dims sizes = x.sizes();
  sizes.insert(0, group.worldSize());
  const Tensor out = empty(sizes, x.dtype(), x.device());
  return {group.of(x.device()).allGather(alias(contiguous(x)), out), out};
}

Started reduceScatter(Group& group, const Tensor& x, ReduceOp op) {
  checkReduced("reduceScatter", x, op);
  const int ranks = group.worldSize();
  check(x.dim() > 0 && x.size(0) % ranks == 0, Code::shape, "reduceScatter: shape ", x.sizes(),
        " cannot be cut into equal parts along dim 0 for ", ranks, " ranks");
  const NoGrad guard;
  Dims sizes = x.sizes();
  sizes[0] /= ranks;
  const Tensor out = empty(sizes, x.dtype(), x.device());
  return {group.of(x.device()).reduceScatter(alias(contiguous(x)), out, op), out};
}

}  // namespace dtrain
