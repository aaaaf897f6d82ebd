// See the notes in reducer.h. A pass goes through arm(), gradReady() for each parameter, launchOwn() for each bucket,
// and endPass(), which waits; what a pass of grad() or createGraph does instead stands at the end.
#include "comm/reducer.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "autograd/engine.h"
#include "core/runtime.h"
#include "core/trace.h"
#include "kernels/copy.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

namespace {

constexpr int64_t kAlign = 64;

int64_t aligned(int64_t bytes) { return (bytes + kAlign - 1) / kAlign * kAlign; }

// The reducers armed in the backward pass that is running, in the order of arming.
thread_local std::vector<Ref<Reducer>> pass;

int64_t gradBytes(const Tensor& p) { return aligned(p.numel() * itemSize(p.dtype())); }

// A model without parameters to train may be anywhere.
Device commonDevice(const std::vector<Tensor>& params, const std::string& wrapper) {
  if (params.empty()) return {};
  const Device first = params[0].device();
  for (const Tensor& p : params)
    check(p.device() == first, Code::argument, wrapper, ": the parameters are on ", first, " and ", p.device(),
          "; move the whole module to one device");
  return first;
}

}  // namespace

Reducer::Reducer(Group& group, std::vector<Tensor> params, int64_t firstBucketBytes, int64_t bucketBytes,
                 const std::string& wrapper)
    : group_(group), wrapper_{wrapper, group.numberReducer()}, params_(std::move(params)),
      device_(commonDevice(params_, wrapper)), comm_(group.of(device_)), firstBucketBytes_(firstBucketBytes),
      bucketBytes_(bucketBytes), slots_(params_.size()) {
  for (const Tensor& p : params_) {
    requireFloat(wrapper.c_str(), p);
    check(isLeaf(p) && requiresGrad(p), Code::argument, wrapper,
          ": parameters must be leaves that require gradients, got one of shape ", p.sizes());
    check(!autogradMeta(p).listener, Code::argument, wrapper, ": a parameter of shape ", p.sizes(),
          " already belongs to another wrapper");
  }
  std::vector<int> order(params_.size());
  std::iota(order.rbegin(), order.rend(), 0);
  build(order);
  for (size_t i = 0; i < params_.size(); i++) {
    indexOf_[params_[i].impl()] = static_cast<int>(i);
    autogradMeta(params_[i]).listener = this;
  }
}

Reducer::~Reducer() { unhook(); }

void Reducer::unhook() {
  for (const Tensor& p : params_) {
    AutogradMeta& meta = autogradMeta(p);
    if (meta.listener != this) continue;  // the constructor did not get that far
    // Gradients stay views into the buckets: they keep the memory, which is nobody else's from now on.
    meta.listener = nullptr;
    meta.bucketView = {};
  }
  params_.clear();
  indexOf_.clear();
  buckets_.clear();
  slots_.clear();
  memory_ = {};
  unhooked_ = true;
}

// Cuts the order into buckets, lays them out in new shared memory, and moves existing gradients there.
void Reducer::build(const std::vector<int>& order) {
  buckets_.clear();
  int64_t limit = firstBucketBytes_, filled = 0;
  for (int i : order) {
    // One reduction is over elements of one dtype.
    const bool otherType = !buckets_.empty() && params_[buckets_.back().params[0]].dtype() != params_[i].dtype();
    if (buckets_.empty() || otherType || filled >= limit) {
      if (!buckets_.empty()) limit = bucketBytes_;
      buckets_.emplace_back();
      filled = 0;
    }
    buckets_.back().params.push_back(i);
    filled += gradBytes(params_[i]);
  }

  // All buckets lie in one piece of memory: making one is collective, and waits for the other ranks.
  int64_t total = 0;
  const auto flagBytes = [&](const Bucket& b) {
    return aligned(static_cast<int64_t>(b.params.size()) * itemSize(params_[b.params[0]].dtype()));
  };
  for (const Bucket& b : buckets_) {
    for (int i : b.params) total += gradBytes(params_[i]);
    total += flagBytes(b);
  }
  if (total == 0) return;

  const Ref<SharedBuffer> memory = comm_.shared(total);
  const auto storage = make<Storage>(memory->data(), total, device_, Ref<RefCounted>(memory.get()));
  const auto viewAt = [&](int64_t byte, const Dims& sizes, DType dtype) {
    return Tensor(make<TensorImpl>(storage, sizes, contiguousStrides(sizes), byte / itemSize(dtype), dtype));
  };
  int64_t at = 0;
  for (size_t b = 0; b < buckets_.size(); b++) {
    Bucket& bucket = buckets_[b];
    const DType dtype = params_[bucket.params[0]].dtype();
    const int64_t begin = at;
    for (int i : bucket.params) at += gradBytes(params_[i]);
    bucket.flags = viewAt(at, {static_cast<int64_t>(bucket.params.size())}, dtype);
    at += flagBytes(bucket);
    bucket.flat = viewAt(begin, {(at - begin) / itemSize(dtype)}, dtype);
    kernels<CopyKernels>(bucket.flat).fill(bucket.flat, 0);  // also the gaps, which are reduced with the rest

    at = begin;
    for (int i : bucket.params) {
      const Tensor view = viewAt(at, params_[i].sizes(), dtype);
      AutogradMeta& meta = autogradMeta(params_[i]);
      // One that is recorded is part of a graph, and stays what it is.
      if (Tensor& grad = meta.slot->grad; grad.defined() && !requiresGrad(grad)) {
        kernels<CopyKernels>(view).copy(grad, view);
        grad = view;
      }
      meta.bucketView = view;
      slots_[i] = {static_cast<int>(b), view};
      at += gradBytes(params_[i]);
    }
    at += flagBytes(bucket);
  }
  memory_ = memory;
}

Tensor Reducer::sink(const Tensor& x, double weight) {
  if (!recording(x)) return x;
  Tensor y = alias(x);
  record("DistributedDataParallelBackward0", y, x, [self = Ref<Reducer>(this), weight](const Tensor& dy) {
    // One rank has nothing to average, and records what it likes.
    if (gradEnabled() && self->group_.worldSize() == 1) return dy;
    check(!gradEnabled() || capturing(), Code::unsupported,
          "backward: createGraph is not supported for the parameters of a ", self->wrapper_.name,
          " wrapper; use grad() or the module inside the wrapper");
    self->arm(weight);
    return dy;
  });
  return y;
}

void Reducer::arm(std::optional<double> weight) {
  // grad() through DistributedDataParallel gives the gradients of this rank's own loss, as in PyTorch.
  if (armed_ || (capturing() ? weight.has_value() : !sync_)) return;
  check(!unhooked_, Code::autograd,
        "backward: the wrapped module has been converted since this was computed; call it again");
  armed_ = true;
  // What a pass that failed has left behind goes here too.
  weight_ = weight;
  weights_ = {};
  begun_ = false;
  launched_ = 0;
  works_.clear();
  tokens_.clear();
  readyOrder_.clear();
  for (Slot& slot : slots_) slot.ready = false;
  for (Bucket& bucket : buckets_) bucket.waiting = static_cast<int>(bucket.params.size());
  if (pass.empty()) afterBackward(endPass);
  pass.push_back(Ref<Reducer>(this));
  launchReady();
}

void Reducer::linkRecorded(const std::vector<Tensor>& tokens) {
  if (armed_ && gradEnabled()) tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
}

void Reducer::gradReady(TensorImpl* leaf) {
  if (!armed_) return;
  const int i = indexOf_.at(leaf);
  Slot& slot = slots_[i];
  if (slot.ready) return;
  slot.ready = true;
  readyOrder_.push_back(i);
  if (--buckets_[slot.bucket].waiting == 0) traceReady(slot.bucket);
  launchReady();
}

void Reducer::traceReady(int bucket) const {
  if (!tracing()) return;
  const Tensor& flat = buckets_[bucket].flat;
  traceMoment(TraceLane::compute, str("ready ", bucket), flat.numel() * itemSize(flat.dtype()), device_);
}

void Reducer::launchReady() {
  if (capturing() || collectivesAhead() > 0) return;  // see Note [Order of collectives]
  for (const Ref<Reducer>& reducer : pass) {
    reducer->launchOwn();
    // The next reducer's come after all of this one's: ranks need not complete them in the same order.
    if (reducer->launched_ < reducer->buckets_.size()) break;
  }
}

void Reducer::launchOwn() {
  const bool alone = group_.worldSize() == 1;
  // Not in arm(): this is a collective, and has its place in the order.
  if (!begun_ && weight_ && !buckets_.empty() && !alone) weights_ = comm_.weigh(*weight_);
  begun_ = true;
  for (; launched_ < buckets_.size() && buckets_[launched_].waiting == 0; launched_++) {
    Bucket& bucket = buckets_[launched_];
    complete(bucket);
    if (!alone) works_.push_back(comm_.average(*memory_, bucket.flat, weights_, static_cast<int>(launched_)));
  }
}

// What backward did not write: flags, zeros for unused parameters, gradients that the program has set itself and that
// live elsewhere.
void Reducer::complete(Bucket& bucket) {
  const CopyKernels& table = kernels<CopyKernels>(device_);
  const auto gradOf = [&](int i) -> const Tensor& { return autogradMeta(params_[i]).slot->grad; };
  const auto used = [&](int i) { return slots_[i].ready || gradOf(i).defined(); };
  const auto count = std::count_if(bucket.params.begin(), bucket.params.end(), used);
  bucket.allUsed = count == static_cast<int64_t>(bucket.params.size());
  if (count == 0) return table.fill(bucket.flat, 0);  // flags too
  table.fill(bucket.flags, 1);
  for (size_t k = 0; k < bucket.params.size(); k++) {
    const int i = bucket.params[k];
    const Slot& slot = slots_[i];
    if (!used(i)) {
      table.fill(slot.view, 0);
      table.fill(slice(bucket.flags, 0, k, k + 1, 1), 0);
    } else if (const Tensor& grad = gradOf(i); grad.impl()->storage.get() != slot.view.impl()->storage.get()) {
      table.copy(grad, slot.view);
    }
  }
}

void Reducer::endPass(bool completed, std::vector<Captured>& captured) {
  const bool recorded = gradEnabled();
  // Before anything can throw, so that the next pass begins with nothing of this one.
  std::vector<Ref<Reducer>> reducers;
  reducers.swap(pass);
  for (const auto& reducer : reducers) reducer->armed_ = false;
  if (!completed) {
    // The other ranks average this pass, or wait for it: nothing milder than an end keeps the replicas equal.
    Group& group = reducers[0]->group_;
    group.abort(str("distributed: backward() failed on rank ", group.rank(), ", so the ranks' models would differ"));
    for (const auto& reducer : reducers) {
      reducer->works_.clear();
      reducer->tokens_.clear();
    }
    return;
  }
  if (!captured.empty()) {
    for (const auto& reducer : reducers) reducer->averageCaptured(captured);
    for (const auto& reducer : reducers) reducer->tokens_.clear();
    return;
  }
  for (const auto& reducer : reducers) {
    // What this rank has not reached counts as zero: see Note [Unused parameters].
    for (size_t b = 0; b < reducer->buckets_.size(); b++)
      if (std::exchange(reducer->buckets_[b].waiting, 0) > 0) reducer->traceReady(static_cast<int>(b));
    reducer->launchOwn();
  }
  // Waiting comes after all launches, so that the last buckets overlap.
  for (const auto& reducer : reducers) reducer->takeAverages(recorded);
  for (const auto& reducer : reducers) reducer->tokens_.clear();
  for (const auto& reducer : reducers)
    if (!reducer->orderAgreed_) reducer->agreeOnOrder();
}

void Reducer::takeAverages(bool recorded) {
  std::vector<int> used;
  std::vector<Ref<Work>> works;
  works.swap(works_);
  for (size_t b = 0; b < works.size(); b++) {
    const int64_t span = tracing() ? traceOpen(TraceLane::compute, str("waiting ", b), device_) : -1;
    works[b]->wait();
    traceClose(span, device_);
  }
  for (const Bucket& bucket : buckets_) {
    bucket.flat.bumpVersion();  // written by the engine, which autograd does not see
    Tensor flags;
    if (!bucket.allUsed) flags = to(cast(bucket.flags, DType::float64), Device{});
    for (size_t k = 0; k < bucket.params.size(); k++)
      if (bucket.allUsed || flags.data<double>()[k] > 0) used.push_back(bucket.params[k]);
  }
  if (recorded) return takeRecorded(used);
  for (int i : used) autogradMeta(params_[i]).slot->grad = slots_[i].view;
}

// Rank 0's order of readiness, with what it never saw at the end; see Note [Bucket order].
void Reducer::agreeOnOrder() {
  orderAgreed_ = true;
  std::vector<int> order = readyOrder_;
  for (size_t i = params_.size(); i-- > 0;)
    if (!slots_[i].ready) order.push_back(static_cast<int>(i));
  const Tensor agreed = empty({static_cast<int64_t>(order.size())}, DType::int64);
  std::copy(order.begin(), order.end(), agreed.data<int64_t>());
  group_.cpu().broadcast({agreed}, 0)->wait();
  order.assign(agreed.data<int64_t>(), agreed.data<int64_t>() + agreed.numel());
  std::vector<int> now;
  for (const Bucket& bucket : buckets_) now.insert(now.end(), bucket.params.begin(), bucket.params.end());
  if (order != now) build(order);
}

std::vector<std::vector<int64_t>> Reducer::bucketParams() const {
  std::vector<std::vector<int64_t>> out;
  for (const Bucket& bucket : buckets_) out.emplace_back(bucket.params.begin(), bucket.params.end());
  return out;
}

// --- passes of grad(), and recorded ones
// ------------------------------------------------------------------------------

// Whether any rank says so, for each: what is reduced, and what is recorded, must be the same on all.
std::vector<bool> Reducer::anyRank(const std::vector<bool>& mine) {
  MessageWriter out;
  for (bool flag : mine) out.number(flag);
  std::vector<bool> any(mine.size());
  for (const std::string& theirs : exchange(group_, wrapper_, Talk::gradients, out.message())) {
    MessageReader in(theirs);
    for (size_t i = 0; i < any.size(); i++) any[i] = in.number() != 0 || any[i];
  }
  return any;
}

// What grad() has found for parameters, which no bucket has seen.
void Reducer::averageCaptured(std::vector<Captured>& captured) {
  std::vector<Captured*> mine;
  std::vector<bool> flags;
  for (Captured& c : captured) {
    if (!indexOf_.count(c.input.impl())) continue;
    mine.push_back(&c);
    flags.push_back(c.gradient.defined());
    flags.push_back(recording(c.gradient));
  }
  if (mine.empty()) return;
  flags = anyRank(flags);
  for (size_t k = 0; k < mine.size(); k++) {
    if (!flags[2 * k]) continue;
    Captured& c = *mine[k];
    Tensor mean;
    {
      const NoGrad guard;
      const Tensor& p = c.input;
      mean = c.gradient.defined() ? clone(c.gradient) : full(p.sizes(), 0, p.dtype(), p.device());
      comm_.allReduce(alias(mean), ReduceOp::mean)->wait();
    }
    if (flags[2 * k + 1]) recordMean(mean, c.gradient);
    c.gradient = mean;
  }
}

// Gradients of a recorded pass, after the buckets have averaged them: not views, since the next pass changes those.
void Reducer::takeRecorded(const std::vector<int>& used) {
  std::vector<bool> flags;
  for (int i : used) flags.push_back(recording(autogradMeta(params_[i]).slot->grad));
  flags = anyRank(flags);
  for (size_t k = 0; k < used.size(); k++) {
    Tensor& grad = autogradMeta(params_[used[k]]).slot->grad;
    const Tensor mean = clone(slots_[used[k]].view);
    if (flags[k]) recordMean(mean, grad);
    grad = mean;
  }
}

// The gradient of the mean over ranks is the identity (Note [Exact sums]); by the tokens and all parameters, whoever
// follows it arrives where the other ranks do.
void Reducer::recordMean(const Tensor& mean, const Tensor& mine) {
  std::vector<Tensor> inputs{mine};
  inputs.insert(inputs.end(), tokens_.begin(), tokens_.end());
  inputs.insert(inputs.end(), params_.begin(), params_.end());
  recordMany("AllReduceBackward0", {mean}, inputs,
             [self = Ref<Reducer>(this), tokens = tokens_, linked = requiresGrad(mine)](const Grads& dy) {
               check(!recording(dy[0]), Code::unsupported,
                     "backward: createGraph is not supported for the derivative of a gradient of ", self->wrapper_.name,
                     "'s parameters; take third derivatives with the module inside the wrapper");
               self->arm(std::nullopt);
               Grads dx{linked ? dy[0] : Tensor()};
               dx.insert(dx.end(), tokens.begin(), tokens.end());
               self->linkRecorded(tokens);
               return dx;
             });
}

}  // namespace dtrain
