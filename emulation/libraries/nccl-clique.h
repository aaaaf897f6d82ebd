// The ranks of one emulated NCCL communicator and the memory they share: a file without a name (memfd) that rank 0
// makes and its peers open through /proc/<pid>/fd, so nothing is left behind, whoever is killed when.
//
// Nothing here ever gives up. A rank that waits for a peer waits until the peer comes or until this rank is aborted,
// because that is what NCCL's kernels do on a GPU: a dead peer, a late one and one that called something else all look
// the same. Only a rank that is aborted lets its peers go on, which is worse: its kernels run to their end without
// waiting, so the peers take whatever stands in its slot for data, and their collective ends as if all were well.
#pragma once

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace emulation {

constexpr int kMaxRanks = 32;
constexpr size_t kSlotBytes = size_t{1} << 20;  // what a rank shows at once
constexpr size_t kMailBytes = size_t{1} << 15;  // what may be under way from one rank to another

// The contents of an ncclUniqueId.
struct CliqueId {
  std::array<char, 16> magic;
  std::array<uint64_t, 2> nonce;
  int pid, fd;
};
constexpr std::array<char, 16> kCliqueMagic{"dtrain-emu-nccl"};

// What a rank is about to do. Ranks whose calls differ never meet.
struct CallSignature {
  int32_t kind, type, op, root;
  uint64_t count;
  bool operator==(const CallSignature&) const = default;
};

struct SharedRank {
  alignas(64) std::atomic<int32_t> state;  // 0 nobody, 1 claimed, 2 described
  int32_t version;                         // of the library
  std::array<char, 32> device;             // its bus address, which is unique in the machine
  std::atomic<int32_t> pid;
  std::atomic<uint64_t> arrived;      // how often it came to meet()
  std::atomic<uint32_t> connected;    // to all peers, for which kinds of calls: bits
  std::atomic<bool> left;             // aborted, and nothing of it runs any more
  std::array<CallSignature, 2> call;  // by turns, so that nobody overwrites what others still read
};

// Bytes on their way from one rank to another.
struct Mailbox {
  std::atomic<uint64_t> written, read;
  std::array<char, kMailBytes> bytes;
};

struct SharedMemory {
  CliqueId id;
  std::atomic<int32_t> ranks;  // in the clique, as the first rank said
  std::atomic<uint32_t> bell;  // changes whenever something has happened
  std::array<SharedRank, kMaxRanks> rank;
  alignas(4096) std::array<std::array<std::array<char, kSlotBytes>, 2>, kMaxRanks> slot;  // [rank][turn]
  std::array<std::array<Mailbox, kMaxRanks>, kMaxRanks> mail;                             // [from][to]
};
static_assert(std::atomic<uint64_t>::is_always_lock_free);

// Ranks that are threads of one process share the mapping too, so that ThreadSanitizer sees what they do to each other.
class Segment {
 public:
  // A new clique; its file stays open until everybody has come, or the process ends.
  static bool create(CliqueId& id) {
    const int fd = memfd_create("nccl", MFD_CLOEXEC);
    if (fd < 0) return false;
    id = {kCliqueMagic, {}, getpid(), fd};
    // Pages that nobody writes cost nothing.
    if (ftruncate(fd, sizeof(SharedMemory)) != 0 || getrandom(id.nonce.data(), sizeof id.nonce, 0) < 0 ||
        pwrite(fd, &id, sizeof id, 0) != sizeof id) {
      close(fd);
      return false;
    }
    return true;
  }

  // Null when the id's maker is gone.
  static std::shared_ptr<Segment> open(const CliqueId& id) {
    Table& t = table();
    std::lock_guard lock(t.mutex);
    if (t.sealed.contains(id.nonce)) return nullptr;
    if (auto known = t.open[id.nonce].lock()) return known;
    const std::string path = "/proc/" + std::to_string(id.pid) + "/fd/" + std::to_string(id.fd);
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) return nullptr;
    CliqueId found;  // the number may be another file by now
    const bool same = pread(fd, &found, sizeof found, 0) == sizeof found && std::memcmp(&found, &id, sizeof id) == 0;
    void* p = same ? mmap(nullptr, sizeof(SharedMemory), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    close(fd);
    if (p == MAP_FAILED) return nullptr;
    auto segment = std::make_shared<Segment>(static_cast<SharedMemory*>(p));
    t.open[id.nonce] = segment;
    return segment;
  }

  // Everybody has come: nobody else may. Called by all ranks, of which the maker closes its file.
  static void seal(const CliqueId& id) {
    Table& t = table();
    std::lock_guard lock(t.mutex);
    if (t.sealed.insert(id.nonce).second && id.pid == getpid()) close(id.fd);
  }

  explicit Segment(SharedMemory* memory) : memory(memory) {}
  ~Segment() { munmap(memory, sizeof(SharedMemory)); }
  Segment(const Segment&) = delete;

  SharedMemory* const memory;

 private:
  struct Table {
    std::mutex mutex;
    std::map<std::array<uint64_t, 2>, std::weak_ptr<Segment>> open;
    std::set<std::array<uint64_t, 2>> sealed;
  };
  static Table& table() {
    static auto& t = *new Table;  // streams may still run while the process ends
    return t;
  }
};

// One rank of a clique. The methods that may wait return false when the rank was aborted meanwhile.
class Clique {
 public:
  Clique(int rank, int ranks, std::string device) : rank(rank), ranks(ranks), device_(std::move(device)) {}

  const int rank, ranks;

  enum class Joined { yes, aborted, noSuchId, otherVersion, deviceTwice };
  struct Outcome {
    Joined joined;
    int peer = -1;  // the one of another version, or with the same device
  };
  // Waits for all ranks. A rank number that is taken, or ranks that disagree about their number, wait for good. So do
  // three ranks of one device where two may share it: a real one has no room for their kernels.
  Outcome join(const CliqueId& id, int version, bool share) {
    segment_ = Segment::open(id);
    if (!segment_) return {Joined::noSuchId};
    open_.store(true, std::memory_order_release);
    SharedMemory& m = memory();
    int32_t agreed = 0, nobody = 0;
    const bool fits = m.ranks.compare_exchange_strong(agreed, ranks) || agreed == ranks;
    if (!fits || !m.rank[rank].state.compare_exchange_strong(nobody, 1)) {
      hang();
      return {Joined::aborted};
    }
    m.rank[rank].version = version;
    std::copy_n(device_.data(), std::min(device_.size(), m.rank[rank].device.size()), m.rank[rank].device.begin());
    m.rank[rank].pid.store(getpid());
    m.rank[rank].state.store(2, std::memory_order_release);
    ring();
    const bool all = waitUntil([&] {
      return std::all_of(m.rank.begin(), m.rank.begin() + ranks,
                         [](const SharedRank& r) { return r.state.load(std::memory_order_acquire) == 2; });
    });
    if (!all) return {Joined::aborted};
    Segment::seal(id);
    for (int i = 0; i < ranks; i++)
      if (m.rank[i].version != version) return {Joined::otherVersion, i};
    for (int i = 0; i < ranks; i++) {
      int others = 0;
      for (int j = 0; j < ranks; j++) {
        if (i == j || m.rank[i].device != m.rank[j].device) continue;
        if (!share) return {Joined::deviceTwice, i == rank ? j : i};
        if (++others == 2) return hang(), Outcome{Joined::aborted};
      }
    }
    return {Joined::yes};
  }
  int versionOf(int peer) { return memory().rank[peer].version; }

  // Ends all waiting of this rank, now and later.
  void abort() {
    aborted_.store(true, std::memory_order_release);
    if (open_.load(std::memory_order_acquire)) ring();
  }
  // After abort(), when nothing of this rank runs any more. Waits, but not longer than `patience`, until all ranks have
  // left or their processes have ended: NCCL's proxy thread, which serves the peers' connections, does not end before.
  void leave(std::chrono::microseconds patience) {
    if (!open_.load(std::memory_order_acquire)) return;
    SharedMemory& m = memory();
    m.rank[rank].left.store(true, std::memory_order_release);
    ring();
    const auto gone = [](const SharedRank& r) {
      return r.left.load() || r.state.load() != 2 || hasEnded(r.pid.load());
    };
    for (const auto until = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < until;) {
      if (std::all_of(m.rank.begin(), m.rank.begin() + ranks, gone)) return;
      usleep(2000);
    }
  }
  bool aborted() const { return aborted_.load(std::memory_order_acquire); }

  // Returns when all ranks have come to their first call of this kind.
  bool connect(int kind) {
    SharedMemory& m = memory();
    const uint32_t bit = 1u << kind;
    m.rank[rank].connected.fetch_or(bit, std::memory_order_release);
    ring();
    return waitForAll([&](const SharedRank& r) { return (r.connected.load(std::memory_order_acquire) & bit) != 0; });
  }

  // What the peers see of rank `of` this turn.
  char* slot(int of) { return memory().slot[of][turn_].data(); }

  // Returns when all ranks are here, and what they wrote before is visible.
  bool meet() {
    SharedMemory& m = memory();
    const uint64_t visit = ++visits_;
    m.rank[rank].arrived.store(visit, std::memory_order_release);
    ring();
    return waitForAll([&](const SharedRank& r) { return r.arrived.load(std::memory_order_acquire) >= visit; });
  }

  // Slots have two turns. Whoever writes to the next one has met since everybody read the one before.
  void nextTurn() { turn_ ^= 1; }

  // Returns when all ranks are about to do the same; waits for good when they are not.
  bool agree(const CallSignature& call) {
    SharedMemory& m = memory();
    const size_t turn = calls_++ % 2;
    m.rank[rank].call[turn] = call;
    if (!meet()) return false;
    const bool same = std::all_of(m.rank.begin(), m.rank.begin() + ranks,
                                  [&](const SharedRank& r) { return hasLeft(r) || r.call[turn] == call; });
    return same || hang();
  }

  Mailbox& mail(int from, int to) { return memory().mail[from][to]; }

  // Waits until it is aborted.
  bool hang() {
    return waitUntil([] { return false; });
  }

  // Waits for ready(), which is asked again whenever a rank of the clique has done something.
  template <class F>
  bool waitUntil(F&& ready) {
    for (;;) {
      const uint32_t heard = memory().bell.load(std::memory_order_acquire);
      if (aborted()) return false;
      if (ready()) return true;
      const timespec patience{0, 2'000'000};  // 2 ms, for an abort that rings just before we sleep
      syscall(SYS_futex, &memory().bell, FUTEX_WAIT, heard, &patience, nullptr, 0);
    }
  }

  void ring() {
    memory().bell.fetch_add(1, std::memory_order_release);
    syscall(SYS_futex, &memory().bell, FUTEX_WAKE, INT32_MAX, nullptr, nullptr, 0);
  }

 private:
  SharedMemory& memory() { return *segment_->memory; }

  static bool hasLeft(const SharedRank& r) { return r.left.load(std::memory_order_acquire); }
  template <class F>
  bool waitForAll(F&& here) {
    SharedMemory& m = memory();
    return waitUntil([&] {
      return std::all_of(m.rank.begin(), m.rank.begin() + ranks,
                         [&](const SharedRank& r) { return hasLeft(r) || here(r); });
    });
  }
  // Also of one that its parent has not collected yet.
  static bool hasEnded(int pid) {
    if (kill(pid, 0) != 0) return errno == ESRCH;
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string stat;
    std::getline(file, stat);
    const size_t name = stat.rfind(')');
    return name != stat.npos && name + 2 < stat.size() && (stat[name + 2] == 'Z' || stat[name + 2] == 'X');
  }

  const std::string device_;
  std::shared_ptr<Segment> segment_;
  std::atomic<bool> open_{false};  // segment_ is there
  std::atomic<bool> aborted_{false};
  uint64_t visits_ = 0, calls_ = 0;
  int turn_ = 0;
};

}  // namespace emulation
