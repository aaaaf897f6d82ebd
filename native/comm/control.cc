// See Note [Barrier] and Note [Calls] in control.h.
#include "comm/control.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <sstream>
#include <thread>

#include "core/trace.h"

namespace dtrain {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kNobody = -1;
constexpr int kSpins = 400;
constexpr long kNapNs = 50'000'000;
constexpr auto kPoll = std::chrono::microseconds(200);
constexpr auto kCheckPeers = std::chrono::milliseconds(50);
// Ranks may compute alone for long. Nobody is told before this much, or a tenth of the time limit.
constexpr std::chrono::nanoseconds kPatience = std::chrono::seconds(10);

void sleepUntilWoken(std::atomic<uint32_t>* word, uint32_t seen) {
  const timespec nap{0, kNapNs};
  syscall(SYS_futex, word, FUTEX_WAIT, seen, &nap, nullptr, 0);
}

void wakeAll(std::atomic<uint32_t>* word) {
  word->fetch_add(1, std::memory_order_release);
  syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, nullptr, nullptr, 0);
}

// Polls: for waits that are rare. `check` throws to end one.
template <class Done, class Check>
void poll(Done done, Check check) {
  const auto start = Clock::now();
  for (auto checked = start; !done();) {
    std::this_thread::sleep_for(kPoll);
    const auto now = Clock::now();
    if (now - checked < kCheckPeers) continue;
    checked = now;
    check(now - start);
  }
}

// A zombie has ended too: its parent just has not asked yet.
bool processEnded(int pid) {
  if (kill(pid, 0) != 0) return errno == ESRCH;
  char path[32], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT;
  const ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  text[n > 0 ? n : 0] = 0;
  const char* state = strrchr(text, ')');
  return state && (state[2] == 'Z' || state[2] == 'X');
}

}  // namespace

std::string describe(const Call& call) {
  static const char* const names[] = {"allReduce", "broadcast", "allGather", "reduceScatter", "barrier", "share"};
  if (call.op == CollectiveOp::join) return str("the first collective on a GPU (#", call.sequence, ")");
  std::ostringstream out;
  out << names[static_cast<uint32_t>(call.op)] << " #" << call.sequence;
  if (call.op == CollectiveOp::barrier) return out.str();
  if (call.op == CollectiveOp::share) return str(out.str(), " of ", call.count, " bytes");
  if (call.op == CollectiveOp::broadcast) out << " from rank " << call.detail;
  if (call.op == CollectiveOp::allReduce || call.op == CollectiveOp::reduceScatter)
    out << (static_cast<ReduceOp>(call.detail) == ReduceOp::sum ? " sum" : " mean");
  out << ' ' << name(call.dtype) << ' ' << str(call.sizes);
  if (call.bucket >= 0) out << " of bucket " << call.bucket;
  if (call.device == Device::cuda) out << " on cuda";
  return out.str();
}

std::string ncclVersionText(int64_t version) {
  return str(version / 10'000, ".", version / 100 % 100, ".", version % 100);
}

int64_t traceCall(const Call& call, size_t calls) {
  if (!tracing()) return -1;
  std::string name = call.bucket >= 0 ? str("bucket ", call.bucket) : describe(call);
  if (calls > 1) name += str(" and ", calls - 1, " more");
  const auto lane = call.device == Device::cpu ? TraceLane::hostCommunication : TraceLane::communication;
  return traceSpan(lane, std::move(name), call.count * itemSize(call.dtype));
}

Control::Control(int rank, int worldSize, int fd, int64_t timeoutMs)
    : rank(rank), worldSize(worldSize), timeoutMs(timeoutMs) {
  check(worldSize <= kMaxRanks, Code::distributed, "distributed: at most ", kMaxRanks, " ranks on one machine, got ",
        worldSize);
  struct stat info {};
  check(worldSize == 1 || (fstat(fd, &info) == 0 && info.st_size >= static_cast<off_t>(segmentBytes(worldSize))),
        Code::distributed, "distributed: descriptor ", fd,
        " is not the launcher's control segment; start the script with dtrain --nproc ", worldSize);
  // A job of one rank needs nobody's segment, so a plain `node script` works too.
  const int flags = worldSize == 1 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
  void* p = mmap(nullptr, segmentBytes(worldSize), PROT_READ | PROT_WRITE, flags, worldSize == 1 ? -1 : fd, 0);
  check(p != MAP_FAILED, Code::distributed, "distributed: cannot map the control segment: ", std::strerror(errno));
  segment_ = static_cast<ControlSegment*>(p);
  slot(rank).pid.store(getpid());
  arriveAndWait(nullptr);
}

Control::~Control() { munmap(segment_, segmentBytes(worldSize)); }

void Control::abort(const std::string& reason, int culprit) {
  uint32_t none = 0;
  if (!segment_->aborted.compare_exchange_strong(none, 1)) {
    // The first reason is the one that counts. Its writer may die before it has written it.
    for (int i = 0; i < 100 && segment_->aborted.load() == 1; i++) std::this_thread::sleep_for(kPoll);
    return;
  }
  segment_->abortedBy = rank;
  segment_->culprit = culprit;
  snprintf(segment_->reason, sizeof segment_->reason, "%s", reason.c_str());
  segment_->aborted.store(2, std::memory_order_release);
  wakeAll(&segment_->wake);
}

void Control::throwIfAborted() const {
  if (segment_->aborted.load(std::memory_order_acquire) != 2) return;
  const bool mine = segment_->abortedBy == rank;
  fail(mine ? Code::distributed : Code::peer, mine ? "" : str("rank ", segment_->abortedBy, ": "), segment_->reason);
}

void Control::enter(const Signature& mine) {
  parity_ ^= 1;
  slot(rank).signatures[parity_] = mine;
  arriveAndWait(&mine.call);
}

void Control::sync() { arriveAndWait(&signature(rank).call); }

void Control::arriveAndWait(const Call* call) {
  throwIfAborted();  // so that nobody arrives after an abort, and the others see it
  const uint64_t phase = ++phase_;
  slot(rank).phase.store(phase, std::memory_order_release);
  wakeAll(&segment_->wake);
  const auto missing = [&](int r) { return slot(r).phase.load(std::memory_order_acquire) < phase; };
  const auto start = Clock::now();
  for (int spins = 0;; spins++) {
    const uint32_t seen = segment_->wake.load(std::memory_order_acquire);
    bool all = true;
    for (int r = 0; r < worldSize && all; r++) all = !missing(r);
    if (all) return;  // an abort since then concerns what comes next
    throwIfAborted();
    if (spins < kSpins) continue;
    sleepUntilWoken(&segment_->wake, seen);
    checkPhasePeers(call);
    const auto time = Clock::now() - start;
    if (!isLong(time)) continue;
    waited(call ? describe(*call) : "initialisation", time, [&] {
      std::vector<int> late;
      for (int r = 0; r < worldSize; r++)
        if (missing(r)) late.push_back(r);
      return Late{late, noSignOf(late)};
    });
  }
}

// A rank that never joined has no pid here; the launcher knows.
bool Control::hasEnded(int rank) const {
  return segment_->ended[rank].load() || (pid(rank) != 0 && processEnded(pid(rank)));
}

void Control::checkPhasePeers(const Call* call) {
  for (int r = 0; r < worldSize; r++) {
    if (r == rank || slot(r).phase.load() >= phase_ || !hasEnded(r) || slot(r).phase.load() >= phase_) continue;
    failEnded(r, call ? describe(*call) : "initProcessGroup");
  }
}

void Control::post(Call& call) {
  const std::lock_guard lock(posting_);
  throwIfAborted();
  call.sequence = ++sequence_;
  const auto roomEverywhere = [&] {
    for (int r = 0; r < worldSize; r++)
      if (slot(r).posted.load() + kCallRing <= call.sequence) return false;
    return true;
  };
  poll(roomEverywhere, [&](auto time) {
    checkCallPeers(call);
    waited(call, time);
  });
  slot(rank).calls[call.sequence % kCallRing] = call;
  slot(rank).posted.store(call.sequence);
  for (int r = 0; r < worldSize; r++) {
    if (r == rank || slot(r).posted.load() < call.sequence) continue;
    const Call& theirs = slot(r).calls[call.sequence % kCallRing];
    if (theirs == call) continue;
    if (r < rank) failDifferent(r, theirs, rank, call);
    failDifferent(rank, call, r, theirs);
  }
}

void Control::checkCallPeers(const Call& call) {
  throwIfAborted();
  for (int r = 0; r < worldSize; r++) {
    const auto& completed = slot(r).completed;
    if (r == rank || completed.load() >= call.sequence || !hasEnded(r) || completed.load() >= call.sequence) continue;
    failEnded(r, describe(call));
  }
}

Control::Late Control::lateIn(const Call& call) const {
  std::vector<int> absent, behind;
  for (int r = 0; r < worldSize; r++) {
    if (slot(r).posted.load() < call.sequence) absent.push_back(r);
    else if (slot(r).reached.load() < call.sequence) behind.push_back(r);
  }
  if (!absent.empty()) return {absent, noSignOf(absent)};
  std::string who;
  for (int r : behind) who += str(who.empty() ? "" : ", ", r);
  return {behind,
          behind.empty()
              ? "the GPUs of all ranks are in it, and it does not end, so one of them or a link between them hangs "
                "(NCCL_DEBUG=INFO says more; if NCCL_P2P_DISABLE=1 helps, it is the link)"
              : str("rank ", who,
                    " has called it, but the GPU there has not come to it, so it still "
                    "computes what was asked before, or has stalled")};
}

bool Control::isLong(std::chrono::nanoseconds time) const {
  const std::chrono::nanoseconds limit = std::chrono::milliseconds(timeoutMs);
  return time > limit || time > std::max(kPatience, limit / 10);
}

void Control::waited(const Call& call, std::chrono::nanoseconds time) {
  if (isLong(time)) waited(describe(call), time, [&] { return lateIn(call); });
}

void Control::waited(const std::string& what, std::chrono::nanoseconds time, const std::function<Late()>& late) {
  const std::chrono::nanoseconds limit = std::chrono::milliseconds(timeoutMs);
  if (time > limit) {
    const auto [ranks, why] = late();
    failTimedOut(what, ranks, why);
  }
  uint32_t none = 0;
  if (!segment_->noted.compare_exchange_strong(none, 1)) return;
  snprintf(segment_->note, sizeof segment_->note,
           "rank %d has waited %.0f s in %s: %s; the job fails after %.0f s (--timeout)", rank,
           std::chrono::duration<double>(time).count(), what.c_str(), late().why.c_str(),
           std::chrono::duration<double>(limit).count());
  segment_->noted.store(2, std::memory_order_release);
}

void Control::awaitCompleted(const Call& call) {
  poll(
      [&] {
        for (int r = 0; r < worldSize; r++)
          if (slot(r).completed.load() < call.sequence) return false;
        return true;
      },
      [&](auto time) {
        checkCallPeers(call);
        waited(call, time);
      });
}

void Control::failDifferent(int a, const Call& callOfA, int b, const Call& callOfB) {
  if (callOfA.op == CollectiveOp::join && callOfB.op == CollectiveOp::join)
    failAll(str("distributed: the ranks have different versions of NCCL, which cannot talk to each other: rank ", a,
                " has ", ncclVersionText(callOfA.count), ", rank ", b, " has ", ncclVersionText(callOfB.count),
                "; let all of them find the same one (DTRAIN_LIBRARY_PATH)"),
            kNobody);
  const auto inFull = [&](const Call& call) {
    const bool elsewhere = callOfA.place != callOfB.place && describe(callOfA) == describe(callOfB);
    return elsewhere ? str(describe(call), " at place ", call.place) : describe(call);
  };
  failAll(str("distributed: the ranks do not call the same collective: rank ", a, " calls ", inFull(callOfA), ", rank ",
              b, " calls ", inFull(callOfB)),
          kNobody);
}

void Control::failTimedOut(const std::string& what, const std::vector<int>& late, const std::string& why) {
  const std::string reason =
      str("distributed: ", what, " timed out after ", static_cast<double>(timeoutMs) / 1000, " s: ", why,
          "; every rank must call the same collectives; raise the limit with dtrain --timeout SECONDS");
  failAll(reason, late.empty() ? rank : late[0]);
}

void Control::failEnded(int ended, const std::string& what) {
  throwIfAborted();  // it may have said why
  const std::string reason =
      str("distributed: rank ", ended, " has ended while rank ", rank, " waits for it in ", what);
  abort(reason, ended);
  fail(Code::peer, reason);
}

void Control::failAll(const std::string& reason, int culprit) {
  abort(reason, culprit);
  throwIfAborted();
  fail(Code::distributed, reason);
}

std::string Control::noSignOf(const std::vector<int>& ranks) const {
  std::string who, last;
  for (int r : ranks) {
    who += str(who.empty() ? "" : ", ", r);
    last += str(last.empty() ? "" : "; ", "rank ", r,
                pid(r) == 0 ? " never joined" : str(" was last in ", describeLatest(r)));
  }
  return str("no sign of rank ", who, " (", last, ")");
}

std::string Control::describeLatest(int rank) const {
  const uint64_t latest = slot(rank).posted.load();
  return latest == 0 ? "initProcessGroup" : describe(slot(rank).calls[latest % kCallRing]);
}

}  // namespace dtrain
