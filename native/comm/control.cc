// See Note [Barrier] in control.h.
#include "comm/control.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace dtrain {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSpins = 400;
constexpr long kNapNs = 50'000'000;

void sleepUntilWoken(std::atomic<uint32_t>* word, uint32_t seen) {
  const timespec nap{0, kNapNs};
  syscall(SYS_futex, word, FUTEX_WAIT, seen, &nap, nullptr, 0);
}

void wakeAll(std::atomic<uint32_t>* word) {
  word->fetch_add(1, std::memory_order_release);
  syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, nullptr, nullptr, 0);
}

const char* name(CollectiveOp op) {
  static const char* const names[] = {"allReduce", "broadcast", "allGather", "barrier", "share"};
  return names[static_cast<uint32_t>(op)];
}

// A zombie has ended too: its parent just has not asked yet.
bool hasEnded(int pid) {
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

Control::Control(int rank, int worldSize, int fd, int64_t timeoutMs)
    : rank_(rank), worldSize_(worldSize), timeoutMs_(timeoutMs) {
  check(worldSize <= kMaxRanks, Code::distributed, "distributed: at most ", kMaxRanks, " ranks on one machine, got ",
        worldSize);
  struct stat info {};
  check(worldSize == 1 || (fstat(fd, &info) == 0 && info.st_size >= static_cast<off_t>(sizeof(ControlSegment))),
        Code::distributed, "distributed: descriptor ", fd,
        " is not the launcher's control segment; start the script with dtrain --nproc ", worldSize);
  // A job of one rank needs nobody's segment, so a plain `node script` works too.
  const int flags = worldSize == 1 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
  void* p = mmap(nullptr, sizeof(ControlSegment), PROT_READ | PROT_WRITE, flags, worldSize == 1 ? -1 : fd, 0);
  check(p != MAP_FAILED, Code::distributed, "distributed: cannot map the control segment: ", std::strerror(errno));
  segment_ = static_cast<ControlSegment*>(p);
  segment_->slots[rank].pid.store(getpid());
  arriveAndWait("initialisation");
}

Control::~Control() { munmap(segment_, sizeof(ControlSegment)); }

std::string Control::describe(const Signature& s) const {
  const std::string what = str(name(s.op), " #", s.sequence);
  if (s.op == CollectiveOp::barrier) return what;
  if (s.op == CollectiveOp::share) return str(what, " of ", s.bytes, " bytes");
  std::string detail;
  if (s.op == CollectiveOp::allReduce) detail = static_cast<ReduceOp>(s.detail) == ReduceOp::sum ? "sum " : "mean ";
  if (s.op == CollectiveOp::broadcast) detail = str("from rank ", s.detail, " ");
  return str(what, " ", detail, s.dtype, " x ", s.count, s.place ? str(" of gradients at ", s.place) : "");
}

void Control::enter(const Signature& mine) {
  RankSlot& slot = segment_->slots[rank_];
  parity_ ^= 1;
  slot.signatures[parity_] = mine;
  slot.latest.store(parity_, std::memory_order_release);
  arriveAndWait(name(mine.op));
  // Everybody compares with rank 0, so all ranks report the same pair.
  const Signature& first = signature(0);
  for (int r = 1; r < worldSize_; r++) {
    const Signature& other = signature(r);
    const bool same = other.sequence == first.sequence && other.op == first.op && other.detail == first.detail &&
                      other.dtype == first.dtype && other.count == first.count && other.bytes == first.bytes &&
                      other.place == first.place;
    if (same) continue;
    const std::string text = str("distributed: the ranks do not call the same collective: rank 0 calls ",
                                 describe(first), ", rank ", r, " calls ", describe(other));
    abort(text);
    fail(Code::distributed, text);
  }
}

void Control::sync() { arriveAndWait(name(signature(rank_).op)); }

std::string Control::describeLatest(int rank) const {
  const RankSlot& slot = segment_->slots[rank];
  if (slot.phase.load(std::memory_order_acquire) <= 1) return "initProcessGroup";
  return describe(slot.signatures[slot.latest.load(std::memory_order_acquire)]);
}

void Control::arriveAndWait(const char* what) {
  const uint64_t phase = ++phase_;
  segment_->slots[rank_].phase.store(phase, std::memory_order_release);
  wakeAll(&segment_->wake);
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeoutMs_);
  for (int spins = 0;; spins++) {
    const uint32_t seen = segment_->wake.load(std::memory_order_acquire);
    if (segment_->aborted.load(std::memory_order_acquire) == 2) {
      const bool mine = segment_->abortedBy == rank_;
      fail(mine ? Code::distributed : Code::peer, mine ? "" : str("rank ", segment_->abortedBy, ": "),
           segment_->reason);
    }
    bool all = true;
    for (int r = 0; r < worldSize_ && all; r++) all = segment_->slots[r].phase.load(std::memory_order_acquire) >= phase;
    if (all) return;
    if (spins < kSpins) continue;
    sleepUntilWoken(&segment_->wake, seen);
    checkPeers();
    if (Clock::now() > deadline) failMissing(phase, what);
  }
}

void Control::checkPeers() {
  for (int r = 0; r < worldSize_; r++) {
    if (r == rank_ || segment_->slots[r].phase.load() >= phase_) continue;
    // A rank that never joined has no pid here; the launcher knows.
    if (segment_->ended[r].load() || (pid(r) != 0 && hasEnded(pid(r))))
      fail(Code::peer, "distributed: rank ", r, " has ended while rank ", rank_, " waits for it in ",
           describeLatest(rank_));
  }
}

void Control::failMissing(uint64_t phase, const char* what) {
  std::string missing, last;
  for (int r = 0; r < worldSize_; r++) {
    if (segment_->slots[r].phase.load() >= phase) continue;
    missing += str(missing.empty() ? "" : ", ", r);
    last += str(last.empty() ? "" : "; ", "rank ", r,
                pid(r) == 0 ? " never joined" : str(" was last in ", describeLatest(r)));
  }
  const std::string text =
      str("distributed: ", what, " timed out after ", static_cast<double>(timeoutMs_) / 1000, " s: no sign of rank ",
          missing, " (", last,
          "); every rank must call the same collectives; raise the limit with dtrain --timeout SECONDS");
  abort(text);
  fail(Code::distributed, text);
}

void Control::abort(const std::string& reason) {
  uint32_t none = 0;
  if (!segment_->aborted.compare_exchange_strong(none, 1)) return;  // the first reason is the one that counts
  segment_->abortedBy = rank_;
  snprintf(segment_->reason, sizeof segment_->reason, "%s", reason.c_str());
  segment_->aborted.store(2, std::memory_order_release);
  wakeAll(&segment_->wake);
}

}  // namespace dtrain
