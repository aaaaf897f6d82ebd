// Building graph nodes, and the checks that ops share.
#include "ops/record.h"

#include "kernels/copy.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/in-place.h"
#include "ops/reduce.h"

namespace dtrain {

Node& recordMany(const char* name, const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                 FunctionNode::Formula formula, Keeps keeps) {
  auto node = make<FunctionNode>(name, std::move(formula));
  node->keepsNothing = keeps == Keeps::nothing;
  node->next.reserve(inputs.size());
  for (const Tensor& x : inputs) node->next.push_back(gradientEdge(x));
  for (size_t i = 0; i < outputs.size(); i++) produce(*node, outputs[i], static_cast<int>(i), false);
  return *node;
}

namespace {
void requireChangeable(const char* op, const Tensor& x) {
  if (!gradEnabled() || !requiresGrad(x)) return;
  const TensorImpl* base = x.impl()->base ? x.impl()->base.operator->() : x.impl();
  check(!isLeaf(Tensor(const_cast<TensorImpl*>(base))), Code::autograd, op, ": cannot change ",
        base == x.impl() ? "" : "a view of ",
        "a leaf tensor that requires a gradient in place; wrap the call in noGrad(() => …)");
  gradientEdge(x);  // throws if x does not know of another change
}

void markChanged(const char* op, const Tensor& x) {
  check(insideInference || !x.impl()->storage->inference, Code::autograd, op,
        ": a tensor that was made in inferenceMode() can be changed in place only there; clone() it first");
  for (int i = 0; i < x.dim(); i++)
    check(x.stride(i) != 0 || x.size(i) <= 1 || x.numel() == 0, Code::argument, op,
          ": several elements of an expanded tensor share one place in memory; clone() it first");
  x.bumpVersion();
}
}  // namespace

Tensor destination(const char* op, const Tensor& x, DType dtype, bool inPlace) {
  if (!inPlace) return emptyAmong(x, dtype);
  check(category(dtype) <= category(x.dtype()), Code::dtype, op, ": the result is ", dtype,
        ", which does not fit into a ", x.dtype(), " tensor in place");
  requireChangeable(op, x);
  markChanged(op, x);
  return x;
}

void overwrite(const char* op, const char* node, const Tensor& x) {
  destination(op, x, x.dtype(), true);
  if (recording(x))
    record(
        node, x, x, [](const Tensor& dy) { return full(dy.sizes(), 0, dy.dtype(), dy.device()); }, Keeps::nothing);
}

void become(const char* op, const Tensor& x, const std::function<Tensor(const Tensor&)>& f, Keeps keeps) {
  const bool watched = recording(x);
  const Tensor result = f(watched && keeps == Keeps::tensors ? clone(x) : x);
  check(result.sizes() == x.sizes(), Code::shape, op, ": the result has shape ", result.sizes(),
        ", which is not that of the tensor changed in place, ", x.sizes());
  check(result.device() == x.device(), Code::argument, op, ": the tensor changed in place is on ", x.device(),
        ", the result on ", result.device(), "; move one with .to(device)");
  destination(op, x, result.dtype(), true);
  const Tensor y = cast(result, x.dtype());
  kernels<CopyKernels>(x).copy(y, x);
  if (recording(y)) {
    const AutogradMeta& made = autogradMeta(y);
    produce(*made.gradFn, x, made.outputIndex, true);
  } else if (watched) {  // a constant
    record("ZeroBackward0", x, x, [](const Tensor& dy) { return full(dy.sizes(), 0, dy.dtype(), dy.device()); });
  }
}

void becomeView(const char* op, const Tensor& x, const std::function<Tensor()>& make) {
  requireChangeable(op, x);
  TensorImpl& impl = *x.impl();
  check(!impl.autograd || !impl.autograd->listener, Code::argument, op,
        ": a DataParallel or DistributedDataParallel wrapper holds this tensor; change it before wrapping the module");
  const Tensor y = make();
  const TensorImpl& seen = *y.impl();
  impl.sizes = seen.sizes;
  impl.strides = seen.strides;
  impl.offset = seen.offset;
  impl.numel = seen.numel;
  impl.contiguous = seen.contiguous;
  x.bumpVersion();
  if (recording(y) && y.impl() != x.impl()) lead(*seen.autograd->gradFn, x, seen.autograd->outputIndex);
}

void prepareInPlace(const char* op, const Tensor& x, const Tensor& other) {
  requireChangeable(op, x);
  check(!recording(x), Code::autograd, op,
        ": cannot change a tensor that is part of an autograd graph in place; wrap the call in noGrad(() => …)");
  check(!(gradEnabled() && requiresGrad(other)), Code::autograd, op,
        ": the argument requires a gradient, which an in-place op would lose; use the out-of-place op or noGrad(() => "
        "…)");
  markChanged(op, x);
}

Tensor sumTo(const Tensor& dy, const Dims& sizes, DType dtype) {
  Tensor result = dy;
  if (!(dy.sizes() == sizes)) {
    const int lead = dy.dim() - sizes.size();
    Dims kept, dropped;
    for (int i = 0; i < lead; i++) dropped.push(i);
    for (int i = 0; i < sizes.size(); i++)
      if (sizes[i] == 1 && dy.size(lead + i) != 1) kept.push(lead + i);
    if (!kept.empty()) result = sum(result, kept, true, std::nullopt);
    if (!dropped.empty()) result = sum(result, dropped, false, std::nullopt);
  }
  return cast(result, dtype);
}

Tensor widened(const Tensor& x) { return isHalf(x.dtype()) ? cast(x, DType::float32) : x; }

void requireSameDevice(const char* op, const Tensor& x, const Tensor& y) {
  check(!x.defined() || !y.defined() || x.device() == y.device(), Code::argument, op,
        ": tensors are on different devices: ", x.defined() ? x.device() : Device{}, " and ",
        y.defined() ? y.device() : Device{}, "; move one with .to(device)");
}

void requireFloat(const char* op, const Tensor& x) {
  if (!isFloat(x.dtype())) failDType(op, x.dtype());
}

}  // namespace dtrain
