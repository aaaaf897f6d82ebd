// See the notes in reducer.h.
#include "comm/reducer.h"

#include <algorithm>
#include <numeric>

#include "autograd/engine.h"
#include "ops/copy.h"
#include "ops/elementwise.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

namespace {

constexpr int64_t kAlign = 64;

int64_t aligned(int64_t bytes) { return (bytes + kAlign - 1) / kAlign * kAlign; }

// The reducers armed in the backward pass that is running, in the order of arming.
thread_local std::vector<Ref<Reducer>> pass;

int64_t gradBytes(const Tensor& p) { return aligned(p.numel() * itemSize(p.dtype())); }

}  // namespace

Reducer::Reducer(Communicator& comm, std::vector<Tensor> params, int64_t firstBucketBytes, int64_t bucketBytes)
    : comm_(comm), params_(std::move(params)), firstBucketBytes_(firstBucketBytes), bucketBytes_(bucketBytes),
      slots_(params_.size()) {
  for (const Tensor& p : params_) {
    requireFloat("DataParallel", p);
    check(isLeaf(p) && requiresGrad(p), Code::argument,
          "DataParallel: parameters must be leaves that require gradients, got one of shape ", p.sizes());
    check(!autogradMeta(p).listener, Code::argument, "DataParallel: a parameter of shape ", p.sizes(),
          " already belongs to another DataParallel wrapper");
  }
  std::vector<int> order(params_.size());
  std::iota(order.rbegin(), order.rend(), 0);
  build(order);
  for (size_t i = 0; i < params_.size(); i++) {
    indexOf_[params_[i].impl()] = static_cast<int>(i);
    autogradMeta(params_[i]).listener = this;
  }
}

Reducer::~Reducer() {
  for (const Tensor& p : params_) {
    AutogradMeta& meta = autogradMeta(p);
    meta.listener = nullptr;
    meta.bucketView = {};
  }
}

// Cuts the order into buckets, lays them out in new shared memory, and moves existing gradients there.
void Reducer::build(const std::vector<int>& order) {
  buckets_.clear();
  int64_t limit = firstBucketBytes_, filled = 0;
  for (int i : order) {
    const bool otherType = !buckets_.empty() && params_[buckets_.back().params[0]].dtype() != params_[i].dtype();
    if (buckets_.empty() || otherType || filled >= limit) {
      if (!buckets_.empty()) limit = bucketBytes_;
      buckets_.emplace_back();
      filled = 0;
    }
    buckets_.back().params.push_back(i);
    filled += gradBytes(params_[i]);
  }

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
  const auto storage = make<Storage>(memory->data(), total, Device{}, Ref<RefCounted>(memory.get()));
  const auto viewAt = [&](int64_t byte, const Dims& sizes, DType dtype) {
    return Tensor(make<TensorImpl>(storage, sizes, contiguousStrides(sizes), byte / itemSize(dtype), dtype));
  };
  int64_t at = 0;
  for (size_t b = 0; b < buckets_.size(); b++) {
    Bucket& bucket = buckets_[b];
    const DType dtype = params_[bucket.params[0]].dtype();
    const int64_t begin = at;
    for (int i : bucket.params) {
      const Tensor view = viewAt(at, params_[i].sizes(), dtype);
      AutogradMeta& meta = autogradMeta(params_[i]);
      if (Tensor& grad = meta.slot->grad; grad.defined()) {
        kernels(view).copy(grad, view);
        grad = view;
      }
      meta.bucketView = view;
      slots_[i] = {static_cast<int>(b), view};
      at += gradBytes(params_[i]);
    }
    bucket.flags = viewAt(at, {static_cast<int64_t>(bucket.params.size())}, dtype);
    at += flagBytes(bucket);
    bucket.flat = viewAt(begin, {(at - begin) / itemSize(dtype)}, dtype);
  }
  memory_ = memory;
}

Tensor Reducer::sink(const Tensor& x, double weight) {
  if (!recording(x)) return x;
  Tensor y = alias(x);
  record("DistributedDataParallelBackward0", y, x, [self = Ref<Reducer>(this), weight](const Tensor& dy) {
    self->arm(weight);
    return dy;
  });
  return y;
}

Tensor Reducer::gather(const Tensor& x) {
  // Shapes first: a rank without samples learns the trailing sizes and the dtype from the others.
  constexpr int kDtype = 0, kDim = 1, kWatched = 2, kSizes = 3, kHeader = kSizes + kMaxDims;
  const int ranks = comm_.worldSize();
  const Tensor header = empty({kHeader}, DType::int64), headers = empty({ranks, kHeader}, DType::int64);
  int64_t* h = header.data<int64_t>();
  std::fill_n(h, kHeader, int64_t{0});
  if (x.defined()) {
    check(x.dim() > 0, Code::shape,
          "DataParallel: the model returned a 0-d tensor, which cannot be gathered along dim 0; return one row "
          "per sample and reduce outside the model");
    h[kDtype] = static_cast<int64_t>(x.dtype());
    h[kDim] = x.dim();
    h[kWatched] = recording(x);
    std::copy(x.sizes().begin(), x.sizes().end(), h + kSizes);
  }
  comm_.allGather(header, headers)->wait();

  Dims sizes;
  DType dtype{};
  std::vector<int64_t> rows(ranks, 0);
  bool watched = false;
  for (int r = 0; r < ranks; r++) {
    const int64_t* theirs = headers.data<int64_t>() + r * kHeader;
    if (theirs[kDim] == 0) continue;
    Dims shape;
    for (int i = 0; i < theirs[kDim]; i++) shape.push(theirs[kSizes + i]);
    rows[r] = shape[0];
    watched = watched || theirs[kWatched];
    shape[0] = 0;
    if (sizes.empty()) {
      sizes = shape;
      dtype = static_cast<DType>(theirs[kDtype]);
    }
    check(shape == sizes && theirs[kDtype] == static_cast<int64_t>(dtype), Code::shape,
          "DataParallel: the ranks' outputs differ in more than their rows: ", sizes, " of ", dtype, " and ", shape,
          " of ", static_cast<DType>(theirs[kDtype]));
  }
  check(!sizes.empty(), Code::argument, "DataParallel: no rank has a sample; expected a batch of at least one row");

  Tensor out;
  int64_t first = 0;
  {
    const NoGrad guard;
    const int64_t most = *std::max_element(rows.begin(), rows.end());
    Dims padded = sizes;
    padded[0] = most;
    const Tensor mine = empty(padded, dtype);
    if (x.defined()) kernels(mine).copy(x, slice(mine, 0, 0, rows[comm_.rank()], 1));
    padded.insert(0, ranks);
    const Tensor all = empty(padded, dtype);
    comm_.allGather(mine, all)->wait();
    std::vector<Tensor> parts;
    for (int r = 0; r < ranks; r++) {
      parts.push_back(slice(select(all, 0, r), 0, 0, rows[r], 1));
      if (r < comm_.rank()) first += rows[r];
    }
    out = cat(parts, 0);
  }
  if (!gradEnabled() || !watched) return out;
  const int64_t last = first + rows[comm_.rank()];
  std::vector<Tensor> inputs;
  if (x.defined()) inputs.push_back(x);
  record("GatherBackward0", out, inputs,
         [self = Ref<Reducer>(this), first, last, mine = x.defined()](const Tensor& dy) {
           self->arm(1);
           return mine ? Grads{mul(slice(dy, 0, first, last, 1), self->comm_.worldSize())} : Grads{};
         });
  return out;
}

void Reducer::arm(double weight) {
  if (armed_ || !sync_) return;
  armed_ = true;
  weight_ = weight;
  launched_ = 0;
  readyOrder_.clear();
  for (Slot& slot : slots_) slot.ready = false;
  for (Bucket& bucket : buckets_) {
    bucket.waiting = static_cast<int>(bucket.params.size());
    kernels(bucket.flags).fill(bucket.flags, 0);
  }
  if (pass.empty()) afterBackward(endPass);
  pass.push_back(Ref<Reducer>(this));
}

void Reducer::gradReady(TensorImpl* leaf) {
  if (!armed_) return;
  const int i = indexOf_.at(leaf);
  Slot& slot = slots_[i];
  if (slot.ready) return;
  slot.ready = true;
  readyOrder_.push_back(i);
  Bucket& bucket = buckets_[slot.bucket];
  bucket.waiting--;
  launchReady();
}

void Reducer::launchReady() {
  for (const Ref<Reducer>& reducer : pass) {
    reducer->launchOwn();
    if (reducer->launched_ < reducer->buckets_.size()) break;
  }
}

void Reducer::launchOwn() {
  for (; launched_ < buckets_.size() && buckets_[launched_].waiting == 0; launched_++) {
    Bucket& bucket = buckets_[launched_];
    for (size_t k = 0; k < bucket.params.size(); k++) {
      const int i = bucket.params[k];
      const Slot& slot = slots_[i];
      const Tensor& grad = autogradMeta(params_[i]).slot->grad;
      if (!slot.ready && !grad.defined()) {
        kernels(slot.view).fill(slot.view, 0);
        continue;
      }
      kernels(bucket.flags).fill(slice(bucket.flags, 0, k, k + 1, 1), 1);
      // A gradient that the program has set itself lives elsewhere.
      if (grad.impl()->storage.get() != slot.view.impl()->storage.get()) kernels(grad).copy(grad, slot.view);
    }
    works_.push_back(comm_.averageShared(*memory_, bucket.flat, weight_));
  }
}

void Reducer::endPass(bool completed) {
  const NoGrad guard;
  std::vector<Ref<Reducer>> reducers;
  reducers.swap(pass);
  for (const auto& reducer : reducers) reducer->armed_ = false;
  if (!completed) {
    // The other ranks average this pass, or wait for it: nothing milder than an end keeps the replicas equal.
    Communicator& comm = reducers[0]->comm_;
    comm.abort(str("distributed: backward() failed on rank ", comm.rank(), ", so the ranks' models would differ"));
    for (const auto& reducer : reducers) reducer->works_.clear();
    return;
  }
  for (const auto& reducer : reducers) {
    for (Bucket& bucket : reducer->buckets_) bucket.waiting = 0;
    reducer->launchOwn();
  }
  for (const auto& reducer : reducers) reducer->takeAverages();
  for (const auto& reducer : reducers)
    if (!reducer->orderAgreed_) reducer->agreeOnOrder();
}

void Reducer::takeAverages() {
  std::vector<Ref<Work>> works;
  works.swap(works_);
  for (const Ref<Work>& work : works) work->wait();
  for (const Bucket& bucket : buckets_) {
    bucket.flat.bumpVersion();
    const Tensor used = cast(bucket.flags, DType::float64);
    for (size_t k = 0; k < bucket.params.size(); k++) {
      const int i = bucket.params[k];
      if (used.data<double>()[k] > 0) autogradMeta(params_[i]).slot->grad = slots_[i].view;
    }
  }
}

// Rank 0's order of readiness, with what it never saw at the end; see Note [Bucket order].
void Reducer::agreeOnOrder() {
  orderAgreed_ = true;
  std::vector<int> order = readyOrder_;
  for (size_t i = params_.size(); i-- > 0;)
    if (!slots_[i].ready) order.push_back(static_cast<int>(i));
  const Tensor agreed = empty({static_cast<int64_t>(order.size())}, DType::int64);
  std::copy(order.begin(), order.end(), agreed.data<int64_t>());
  comm_.broadcast(agreed, 0)->wait();
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

}  // namespace dtrain
