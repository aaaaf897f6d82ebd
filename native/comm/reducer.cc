// See the notes in reducer.h.
#include "comm/reducer.h"

#include <algorithm>
#include <numeric>

#include "autograd/engine.h"
#include "core/runtime.h"
#include "core/trace.h"
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

StreamHandle currentStream(Device device) {
  return device.isCpu() ? nullptr : runtime(device).currentStream(device.index);
}

// A model without parameters to train may be anywhere.
Device commonDevice(const std::vector<Tensor>& params) {
  if (params.empty()) return {};
  const Device first = params[0].device();
  for (const Tensor& p : params)
    check(p.device() == first, Code::argument, "DataParallel: the parameters are on ", first, " and ", p.device(),
          "; move the whole module to one device");
  return first;
}

}  // namespace

Reducer::Reducer(Group& group, std::vector<Tensor> params, int64_t firstBucketBytes, int64_t bucketBytes)
    : group_(group), params_(std::move(params)), device_(commonDevice(params_)), comm_(group.of(device_)),
      firstBucketBytes_(firstBucketBytes), bucketBytes_(bucketBytes), slots_(params_.size()) {
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

Reducer::~Reducer() { unhook(); }

void Reducer::unhook() {
  for (const Tensor& p : params_) {
    AutogradMeta& meta = autogradMeta(p);
    if (meta.listener != this) continue;  // the constructor did not get that far
    meta.listener = nullptr;
    meta.bucketView = {};
  }
  params_.clear();
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
    kernels(bucket.flat).fill(bucket.flat, 0);  // also the gaps, which are reduced with the rest

    at = begin;
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
    at += flagBytes(bucket);
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
  // Shapes first, by way of the CPU: a rank without samples learns the trailing sizes, the dtype and the device from
  // the others.
  constexpr int kDtype = 0, kDevice = 1, kDim = 2, kWatched = 3, kSizes = 4, kHeader = kSizes + kMaxDims;
  const int ranks = group_.worldSize();
  const Tensor header = empty({kHeader}, DType::int64), headers = empty({ranks, kHeader}, DType::int64);
  int64_t* h = header.data<int64_t>();
  std::fill_n(h, kHeader, int64_t{0});
  if (x.defined()) {
    check(x.dim() > 0, Code::shape,
          "DataParallel: the model returned a 0-d tensor, which cannot be gathered along dim 0; return one row "
          "per sample and reduce outside the model");
    h[kDtype] = static_cast<int64_t>(x.dtype());
    h[kDevice] = x.device().type;
    h[kDim] = x.dim();
    h[kWatched] = recording(x);
    std::copy(x.sizes().begin(), x.sizes().end(), h + kSizes);
  }
  group_.cpu().allGather(header, headers)->wait();

  Dims sizes;
  DType dtype{};
  Device device;
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
    const auto theirDtype = static_cast<DType>(theirs[kDtype]);
    const auto theirType = static_cast<Device::Type>(theirs[kDevice]);
    if (sizes.empty()) {
      sizes = shape;
      dtype = theirDtype;
      if (theirType == Device::cuda)
        device = device_.isCpu() ? Device{Device::cuda, static_cast<int8_t>(currentCudaDevice())} : device_;
    }
    check(shape == sizes && theirDtype == dtype && theirType == device.type, Code::shape,
          "DataParallel: the ranks' outputs differ in more than their rows: ", sizes, " of ", dtype, " and ", shape,
          " of ", theirDtype);
  }
  check(!sizes.empty(), Code::argument, "DataParallel: no rank has a sample; expected a batch of at least one row");
  if (x.defined()) device = x.device();

  const Tensor out = joinRows(x, sizes, dtype, device, rows);
  if (!gradEnabled() || !watched) return out;
  const int64_t first = std::accumulate(rows.begin(), rows.begin() + group_.rank(), int64_t{0}),
                last = first + rows[group_.rank()];
  std::vector<Tensor> inputs;
  if (x.defined()) inputs.push_back(x);
  record("GatherBackward0", out, inputs,
         [self = Ref<Reducer>(this), first, last, mine = x.defined()](const Tensor& dy) {
           self->arm(std::nullopt);
           return mine ? Grads{mul(slice(dy, 0, first, last, 1), self->group_.worldSize())} : Grads{};
         });
  return out;
}

// The parts of all ranks, padded to the largest if they differ.
Tensor Reducer::joinRows(const Tensor& x, Dims sizes, DType dtype, Device device, const std::vector<int64_t>& rows) {
  const NoGrad guard;
  Communicator& comm = group_.of(device);
  const int ranks = group_.worldSize();
  const int64_t most = *std::max_element(rows.begin(), rows.end());
  sizes[0] = most;
  Tensor mine;
  if (x.defined() && x.size(0) == most) {
    mine = alias(contiguous(x));
  } else {
    mine = empty(sizes, dtype, device);
    if (x.defined()) kernels(mine).copy(x, slice(mine, 0, 0, x.size(0), 1));
  }
  sizes[0] = most * ranks;
  const Tensor all = empty(sizes, dtype, device);
  comm.allGather(mine, all)->wait();
  if (std::count(rows.begin(), rows.end(), most) == ranks) return all;
  std::vector<Tensor> parts;
  for (int r = 0; r < ranks; r++) parts.push_back(slice(all, 0, r * most, r * most + rows[r], 1));
  return cat(parts, 0);
}

void Reducer::arm(std::optional<double> weight) {
  if (armed_ || !sync_) return;
  check(!unhooked_, Code::autograd,
        "backward: the wrapped module has been converted since this was computed; call it again");
  armed_ = true;
  weight_ = weight;
  weights_ = {};
  begun_ = false;
  launched_ = 0;
  works_.clear();
  readyOrder_.clear();
  for (Slot& slot : slots_) slot.ready = false;
  for (Bucket& bucket : buckets_) bucket.waiting = static_cast<int>(bucket.params.size());
  if (pass.empty()) {
    afterBackward(endPass);
    span_ = traceSpan(TraceLane::compute, "backward", 0);
    traceBegin(span_, device_, currentStream(device_));
  }
  pass.push_back(Ref<Reducer>(this));
  launchReady();
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
  if (!begun_ && weight_ && !buckets_.empty()) weights_ = comm_.weigh(*weight_);
  begun_ = true;
  for (; launched_ < buckets_.size() && buckets_[launched_].waiting == 0; launched_++) {
    Bucket& bucket = buckets_[launched_];
    complete(bucket);
    works_.push_back(comm_.average(*memory_, bucket.flat, weights_, static_cast<int>(launched_)));
  }
}

// What backward did not write: flags, zeros for unused parameters, gradients that the program has set itself and that
// live elsewhere.
void Reducer::complete(Bucket& bucket) {
  const Backend& kernels = backend(device_);
  const auto gradOf = [&](int i) -> const Tensor& { return autogradMeta(params_[i]).slot->grad; };
  const auto used = [&](int i) { return slots_[i].ready || gradOf(i).defined(); };
  const auto count = std::count_if(bucket.params.begin(), bucket.params.end(), used);
  bucket.allUsed = count == static_cast<int64_t>(bucket.params.size());
  if (count == 0) return kernels.fill(bucket.flat, 0);
  kernels.fill(bucket.flags, 1);
  for (size_t k = 0; k < bucket.params.size(); k++) {
    const int i = bucket.params[k];
    const Slot& slot = slots_[i];
    if (!used(i)) {
      kernels.fill(slot.view, 0);
      kernels.fill(slice(bucket.flags, 0, k, k + 1, 1), 0);
    } else if (const Tensor& grad = gradOf(i); grad.impl()->storage.get() != slot.view.impl()->storage.get()) {
      kernels.copy(grad, slot.view);
    }
  }
}

void Reducer::endPass(bool completed) {
  const NoGrad guard;
  std::vector<Ref<Reducer>> reducers;
  reducers.swap(pass);
  for (const auto& reducer : reducers) reducer->armed_ = false;
  if (!completed) {
    // The other ranks average this pass, or wait for it: nothing milder than an end keeps the replicas equal.
    Group& group = reducers[0]->group_;
    group.abort(str("distributed: backward() failed on rank ", group.rank(), ", so the ranks' models would differ"));
    for (const auto& reducer : reducers) reducer->works_.clear();
    return;
  }
  const Reducer& first = *reducers[0];
  traceEnd(first.span_, first.device_, currentStream(first.device_));
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
    Tensor flags;
    if (!bucket.allUsed) flags = to(cast(bucket.flags, DType::float64), Device{});
    for (size_t k = 0; k < bucket.params.size(); k++) {
      const int i = bucket.params[k];
      if (bucket.allUsed || flags.data<double>()[k] > 0) autogradMeta(params_[i]).slot->grad = slots_[i].view;
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

}  // namespace dtrain
