// Note [Who waits for whom]
// A warp's barrier or shuffle opens as soon as the last lane of its mask arrives; its lanes then go on before other
// threads are started, so a kernel with warp operations only needs 32 fibers. A barrier of the block opens when nothing
// else can go on. So a block is stuck exactly when nothing can go on and not all of its threads wait at one barrier:
// some have returned, or wait at another one, or wait for a lane that will not come.
#include "emulation/cuda/block.h"

#include <algorithm>
#include <cstring>

#include "emulation/cuda/errors.h"
#include "emulation/cuda/sanitizers.h"

EMULATION_THREAD uint3 threadIdx{0, 0, 0};
EMULATION_THREAD uint3 blockIdx{0, 0, 0};
EMULATION_THREAD dim3 blockDim{1, 1, 1};
EMULATION_THREAD dim3 gridDim{1, 1, 1};

namespace emulation {
namespace {

__attribute__((tls_model("initial-exec"))) constinit thread_local BlockRunner* runner = nullptr;

bool same(const std::source_location& a, const std::source_location& b) {
  return a.line() == b.line() && (a.file_name() == b.file_name() || std::strcmp(a.file_name(), b.file_name()) == 0);
}

const char* nameOf(Sync kind) {
  constexpr const char* names[] = {"__syncthreads", "__syncthreads_count", "__syncthreads_and", "__syncthreads_or",
                                   "__syncwarp",    "__ballot_sync",       "__any_sync",        "__all_sync",
                                   "__shfl_sync",   "__shfl_up_sync",      "__shfl_down_sync",  "__shfl_xor_sync"};
  return names[static_cast<int>(kind)];
}

std::string place(const std::source_location& at) { return sentence(at.file_name(), ":", at.line()); }

std::string hexMask(unsigned mask) { return hex(reinterpret_cast<void*>(static_cast<uintptr_t>(mask))); }

std::string triple(uint3 v) { return sentence("(", v.x, ", ", v.y, ", ", v.z, ")"); }

// The lane that a shuffle reads; its own where CUDA says that nothing is read.
int sourceLane(Sync kind, int self, int lane, int width) {
  const int first = self & ~(width - 1), last = first + width - 1;
  lane &= kWarpThreads - 1;
  switch (kind) {
    case Sync::shuffle: return first | (lane & (width - 1));
    case Sync::shuffleUp: return self - lane < first ? self : self - lane;
    case Sync::shuffleDown: return self + lane > last ? self : self + lane;
    case Sync::shuffleXor: return (self ^ lane) > last ? self : self ^ lane;
    default: return self;
  }
}

}  // namespace

int syncBlock(Sync kind, int predicate, std::source_location at) { return runner->syncBlock(kind, predicate, at); }

uint64_t syncWarp(Sync kind, unsigned mask, uint64_t value, int lane, int width, std::source_location at) {
  return runner->syncWarp(kind, mask, value, lane, width, at);
}

BlockRunner::BlockRunner() : threads_(kMaxBlockThreads), main_(threadContext()) { ownStack(main_.bottom, main_.size); }
BlockRunner::~BlockRunner() { disownStack(main_.bottom, main_.size); }

std::string BlockRunner::run(Grid& grid) {
  prepare(grid);
  for (uint64_t i; (i = grid.next.fetch_add(1, std::memory_order_relaxed)) < grid.blocks && !grid.failed;) {
    std::string problem =
        runBlock(static_cast<uint64_t>((unsigned __int128)(i)*grid.stride + grid.start) % grid.blocks);
    if (problem.empty()) continue;
    grid.failed = true;
    return problem;
  }
  return {};
}

void BlockRunner::prepare(const Grid& grid) {
  runner = this;
  grid_ = &grid;
  gridDim = grid.grid;
  blockDim = grid.block;
  const dim3 b = grid.block;
  if (b.x != shape_.x || b.y != shape_.y || b.z != shape_.z) {
    shape_ = b;
    count_ = b.x * b.y * b.z;
    indices_.clear();
    for (unsigned z = 0; z < b.z; z++)
      for (unsigned y = 0; y < b.y; y++)
        for (unsigned x = 0; x < b.x; x++) indices_.push_back({x, y, z});
    order_.resize(count_);
    for (unsigned i = 0; i < count_; i++)
      order_[i] = static_cast<uint16_t>(grid.order == Order::reverse ? count_ - 1 - i : i);
    ready_.reserve(count_);
  }
}

void BlockRunner::orderThreads() {
  if (grid_->order == Order::shuffle) std::shuffle(order_.begin(), order_.end(), random_);
}

std::string BlockRunner::runBlock(uint64_t index) {
  const dim3 g = grid_->grid;
  blockIdx = {static_cast<unsigned>(index % g.x), static_cast<unsigned>(index / g.x % g.y),
              static_cast<unsigned>(index / g.x / g.y)};
  if (grid_->order == Order::shuffle) random_.seed(static_cast<unsigned>(mix(grid_->seed, index)));
  orderThreads();
  started_ = finished_ = 0;
  while (finished_ < count_ && problem_.empty()) {
    if (ready_.empty() && started_ == count_) {
      if (waiting_ == count_ && sameBarrier()) openBlock();
      else problem_ = whyStuck();
    } else {
      running_ = nextFiber();
      switchContext(main_, running_->context);
    }
  }
  if (problem_.empty()) return {};
  // The threads that wait will never go on; their stacks go with them.
  fibers_.clear();
  idle_.clear();
  ready_.clear();
  inWarp_ = inBlock_ = {};
  waiting_ = 0;
  return std::exchange(problem_, {});
}

void BlockRunner::fiberBody() {
  enteredFiber();
  BlockRunner& self = *runner;
  for (;;) self.startThreads();
}

// Starts threads until one that has waited can go on, or none is left; then hands over and can be used again.
void BlockRunner::startThreads() {
  while (ready_.empty() && started_ < count_) {
    goOn(order_[started_++]);
    grid_->thread(grid_->call);
    finished_++;
  }
  Fiber* self = running_;
  idle_.push_back(self);
  if (ready_.empty()) {
    switchContext(self->context, main_);
  } else {
    running_ = nextFiber();
    switchContext(self->context, running_->context);
  }
}

void BlockRunner::goOn(unsigned thread) {
  current_ = thread;
  threadIdx = indices_[thread];
}

// The fiber of a thread that can go on, or one that will start threads.
Fiber* BlockRunner::nextFiber() {
  if (!ready_.empty()) {
    const unsigned thread = ready_.back();
    ready_.pop_back();
    goOn(thread);
    return threads_[thread].fiber;
  }
  if (idle_.empty()) {
    fibers_.push_back(std::make_unique<Fiber>(fiberBody, static_cast<unsigned>(fibers_.size())));
    return fibers_.back().get();
  }
  Fiber* fiber = idle_.back();
  idle_.pop_back();
  return fiber;
}

// The running thread waits until another one, or the barrier, makes it ready and it is its turn.
void BlockRunner::wait() {
  Fiber* self = running_;
  threads_[current_].fiber = self;
  if (ready_.empty() && started_ == count_) {
    switchContext(self->context, main_);
    return;
  }
  try {
    running_ = nextFiber();
  } catch (const std::bad_alloc&) {
    problem_ = "there is no memory for the stacks of the threads of a block";
  }
  if (!problem_.empty()) abandon();
  if (running_ != self) switchContext(self->context, running_->context);
}

int BlockRunner::syncBlock(Sync kind, int predicate, std::source_location at) {
  const unsigned self = current_;
  threads_[self] = {running_, kind, 0, 0, static_cast<uint64_t>(predicate != 0), at};
  inBlock_[self / kWarpThreads] |= 1u << self % kWarpThreads;
  waiting_++;
  wait();
  return static_cast<int>(threads_[self].value);
}

bool BlockRunner::sameBarrier() const {
  const Thread& first = threads_[0];
  return std::all_of(threads_.begin(), threads_.begin() + count_,
                     [&](const Thread& t) { return t.kind == first.kind && same(t.at, first.at); });
}

void BlockRunner::openBlock() {
  const auto arrived = uint64_t(
      std::count_if(threads_.begin(), threads_.begin() + count_, [](const Thread& t) { return t.value != 0; }));
  const Sync kind = threads_[0].kind;
  const uint64_t result = kind == Sync::blockAnd ? arrived == count_ : kind == Sync::blockOr ? arrived != 0 : arrived;
  for (unsigned i = 0; i < count_; i++) threads_[i].value = result;
  inBlock_ = {};
  waiting_ = 0;
  orderThreads();
  ready_.assign(order_.rbegin(), order_.rend());
}

uint64_t BlockRunner::syncWarp(Sync kind, unsigned mask, uint64_t value, int lane, int width, std::source_location at) {
  const unsigned self = current_, warp = self / kWarpThreads;
  const int own = static_cast<int>(self % kWarpThreads);
  if ((mask >> own & 1) == 0)
    problem_ = sentence(nameOf(self), " calls ", emulation::nameOf(kind), " at ", place(at), " with the mask ",
                        hexMask(mask), ", in which its own lane is missing");
  else if (width < 1 || width > kWarpThreads || (width & (width - 1)) != 0)
    problem_ =
        sentence(emulation::nameOf(kind), " at ", place(at), ": the width must be 1, 2, 4, 8, 16 or 32, not ", width);
  if (!problem_.empty()) abandon();
  threads_[self] = {running_, kind, mask, sourceLane(kind, own, lane, width), value, at};
  inWarp_[warp] |= 1u << own;
  if ((inWarp_[warp] & mask) == mask) openWarp(warp, mask);
  wait();
  return threads_[self].value;
}

// Opens if all lanes of the mask want the same thing; the last to arrive calls it.
void BlockRunner::openWarp(unsigned warp, unsigned mask) {
  Thread* lanes = &threads_[warp * kWarpThreads];
  const Thread& last = threads_[current_];
  std::array<uint64_t, kWarpThreads> values;
  uint64_t votes = 0;
  for (int i = 0; i < kWarpThreads; i++) {
    if ((mask >> i & 1) == 0) continue;
    if (lanes[i].kind != last.kind || lanes[i].mask != mask || !same(lanes[i].at, last.at)) return;
    values[static_cast<size_t>(i)] = lanes[i].value;
    votes |= lanes[i].value << i;
  }
  const bool vote = last.kind == Sync::ballot || last.kind == Sync::any || last.kind == Sync::all;
  const size_t behind = ready_.size();
  for (int i = 0; i < kWarpThreads; i++) {
    const int lane = grid_->order == Order::reverse ? i : kWarpThreads - 1 - i;  // the last one pushed goes first
    if ((mask >> lane & 1) == 0) continue;
    const int source = lanes[lane].source;
    if ((mask >> source & 1) == 0) {
      problem_ = sentence(nameOf(warp * kWarpThreads + static_cast<unsigned>(lane)), " reads lane ", source, " in ",
                          emulation::nameOf(last.kind), " at ", place(last.at), ", but the mask ", hexMask(mask),
                          " does not name that lane");
      abandon();
    }
    lanes[lane].value = vote ? votes : values[static_cast<size_t>(source)];
    ready_.push_back(static_cast<uint16_t>(warp * kWarpThreads + static_cast<unsigned>(lane)));
  }
  if (grid_->order == Order::shuffle) std::shuffle(ready_.begin() + std::ptrdiff_t(behind), ready_.end(), random_);
  inWarp_[warp] &= ~mask;
}

// Leaves the running thread where it is, for good; problem_ says why. Nothing on its stack will be destroyed.
void BlockRunner::abandon() {
  switchContext(running_->context, main_);
  __builtin_unreachable();
}

std::string BlockRunner::nameOf(unsigned thread) const {
  return sentence("thread ", triple(indices_[thread]), " of block ", triple(blockIdx));
}

std::string BlockRunner::stateOf(unsigned thread) const {
  if (thread >= count_) return sentence("does not exist: the block has ", count_, " threads");
  if (!waitsInWarp(thread) && !waitsInBlock(thread)) return "has returned";
  const Thread& t = threads_[thread];
  return sentence("waits in ", emulation::nameOf(t.kind), " at ", place(t.at),
                  waitsInWarp(thread) ? sentence(" with the mask ", hexMask(t.mask)) : "");
}

std::string BlockRunner::whyStuck() const {
  for (unsigned t = 0; t < count_; t++) {
    if (!waitsInWarp(t)) continue;
    for (unsigned lane = 0; lane < kWarpThreads; lane++) {
      const unsigned other = t / kWarpThreads * kWarpThreads + lane;
      const bool arrived = other < count_ && waitsInWarp(other) && threads_[other].kind == threads_[t].kind &&
                           threads_[other].mask == threads_[t].mask && same(threads_[other].at, threads_[t].at);
      if ((threads_[t].mask >> lane & 1) != 0 && !arrived)
        return sentence("a warp diverges: ", nameOf(t), " ", stateOf(t), ", but lane ", lane, ", which it names, ",
                        stateOf(other));
    }
  }
  // So it is a barrier of the block, and not all threads are there.
  unsigned first = 0;
  while (!waitsInBlock(first)) first++;
  const Thread& there = threads_[first];
  unsigned other = 0;
  while (waitsInBlock(other) && threads_[other].kind == there.kind && same(threads_[other].at, there.at)) other++;
  return sentence("a block diverges: ", nameOf(first), " ", stateOf(first), ", but thread ", triple(indices_[other]),
                  " ", stateOf(other));
}

}  // namespace emulation
