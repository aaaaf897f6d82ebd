// The end of every path: writes the gradient of a leaf. See Note [Gradients live in buckets] for the reducer's part.
#include "core/autograd.h"
#include "kernels/arithmetic.h"
#include "kernels/copy.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/record.h"

namespace dtrain {

AccumulateGrad::AccumulateGrad(const Tensor& leaf) : Node("AccumulateGrad"), leaf(leaf) {
  sequence = UINT64_MAX;  // as early as possible, so that communication overlaps
  keepHooks(true);
}

AccumulateGrad::~AccumulateGrad() {
  keepHooks(false);
  autogradMeta(leaf).accumulator = nullptr;
}

void AccumulateGrad::keepHooks(bool on) const {
  const LeafHooks* hooks = autogradMeta(leaf).hooks.get();
  if (!hooks) return;
  for (const Ref<Callback>& hook : hooks->gradient) hook->keep(on);
  for (const Ref<Callback>& hook : hooks->accumulated) hook->keep(on);
}

namespace {
// Nobody else sees dy, so it can become the gradient without a copy.
bool canAdopt(const Tensor& dy) {
  return dy.isContiguous() && dy.impl()->refs() == 1 && dy.impl()->storage->refs() == 1 &&
         dy.impl()->storage->bytes == static_cast<size_t>(dy.numel() * itemSize(dy.dtype()));
}
}  // namespace

Grads AccumulateGrad::apply(const Grads& grads) {
  const Tensor& dy = grads[0];
  AutogradMeta& meta = autogradMeta(leaf);
  Tensor& grad = meta.slot->grad;
  check(dy.sizes() == leaf.sizes(), Code::internal, "AccumulateGrad: gradient ", dy.sizes(), " for a leaf ",
        leaf.sizes());
  if (meta.bucketView.defined() && !gradEnabled()) {
    if (!grad.defined()) kernels<CopyKernels>(dy).copy(dy, meta.bucketView);
    else kernels<ArithmeticKernels>(dy).run(Arithmetic::add, grad, dy, 1, dy.dtype(), meta.bucketView);
    meta.bucketView.bumpVersion();
    grad = meta.bucketView;
  } else if (grad.defined()) {
    if (gradEnabled()) grad = add(grad, dy);
    else add_(grad, dy);
  } else {
    grad = !gradEnabled() && canAdopt(dy) ? dy : clone(dy);
  }
  if (meta.hooks) {
    const Grads whole{leaf};
    for (const Ref<Callback>& hook : Callbacks(meta.hooks->accumulated))
      if (!hook->removed()) hook->call({&whole});
  }
  if (meta.listener) meta.listener->gradReady(leaf.impl());
  return {};
}

}  // namespace dtrain
