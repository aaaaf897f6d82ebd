// The control segment: one page-aligned structure that the launcher creates without a name and every rank of the
// machine maps. It holds what the ranks say to each other (who is here, which collective, where a buffer is) and
// doubles as the record from which a message can say who is missing. Tensor data never passes through it.
//
// Note [Barrier]
// Each rank counts the phases it has reached in its own slot, and waits until every slot has reached the same phase. A
// phase publishes everything written before it (release) to everyone who has seen it (acquire). Waiting spins briefly
// and then sleeps on one futex word that every arrival bumps; every wake-up, and at least every 50 ms, checks for an
// abort, for dead peers and for the deadline, so a missing rank is an error and never a hang.
//
// Note [Calls]
// All ranks call the same collectives in the same order, whichever engine they go to. So each rank numbers its calls
// and posts them into a ring in its slot when they are made, and compares each with what the others have posted under
// the same number. Of two ranks at least one sees the other's call, since each posts before it looks: ranks that call
// different things are found by the last to arrive, at once, and before it hands anything to a GPU, whose collectives
// have no barrier before them. Nobody posts more than a ring ahead of the slowest rank; hence an entry is never
// overwritten while somebody may still compare with it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "comm/communicator.h"
#include "core/error.h"

namespace dtrain {

constexpr int kMaxRanks = 256;
constexpr int kCallRing = 64;

// What a rank is about to do. All ranks must agree on all of it.
struct Call {
  uint64_t sequence = 0;
  int64_t count = 0;  // elements; bytes of a share; when NCCL is joined, its version
  Dims sizes;         // of the tensor
  CollectiveOp op{};
  uint32_t detail = 0;  // ReduceOp or root
  int32_t bucket = -1;  // of gradients
  DType dtype{};
  Device::Type device = Device::cpu;
  uint64_t place = 0;  // of an average on the CPU: which shared buffer, and where in it
  bool operator==(const Call&) const = default;
};

// With what the CPU engine says beside it, which may differ.
struct Signature {
  Call call;
  double weight = 1;  // of an average
  int64_t fd = -1;    // of a share
};

struct alignas(64) RankSlot {
  std::atomic<int32_t> pid;

  // See Note [Calls].
  std::atomic<uint64_t> posted;
  Call calls[kCallRing];
  // Numbers of the latest call that this rank's GPU has come to, and that it has completed.
  std::atomic<uint64_t> reached, completed;

  // See Note [Barrier]. By parity of the collective: nobody can be two collectives ahead, so what a slow rank still
  // reads is never overwritten.
  std::atomic<uint64_t> phase;
  Signature signatures[2];
};

struct ControlSegment {
  // By rank, set to 1 by the launcher (launcher/control/shm.ts, at offset 0) when the rank's process has ended.
  std::atomic<uint8_t> ended[kMaxRanks];
  std::atomic<uint32_t> wake;     // futex
  std::atomic<uint32_t> aborted;  // 0 no, 1 being written, 2 reason is valid
  int32_t abortedBy;
  int32_t culprit;  // who is missing, or whoever has aborted; -1 where ranks differ and nobody knows who is right
  char reason[2048];
  std::atomic<uint32_t> noted;  // as `aborted`: who keeps the others waiting for long, which the launcher says once
  char note[1024];
  RankSlot slots[kMaxRanks];  // as many as there are ranks
};
constexpr size_t segmentBytes(int ranks) { return offsetof(ControlSegment, slots) + ranks * sizeof(RankSlot); }
static_assert(offsetof(ControlSegment, slots) <= 4096 && sizeof(RankSlot) <= 16384,
              "what launcher/control/shm.ts makes");
static_assert(offsetof(ControlSegment, aborted) == 260 && offsetof(ControlSegment, culprit) == 268 &&
                  offsetof(ControlSegment, reason) == 272 && offsetof(ControlSegment, noted) == 2320 &&
                  offsetof(ControlSegment, note) == 2324,
              "where launcher/control/shm.ts looks");

std::string describe(const Call& call);
std::string ncclVersionText(int64_t version);  // 2.30.7 for 23007
// A span of the step trace for it, or for a group of calls like it; see core/trace.h.
int64_t traceCall(const Call& call, size_t calls = 1);

class Control {
 public:
  Control(int rank, int worldSize, int fd, int64_t timeoutMs);  // maps and waits for everybody
  ~Control();
  const int rank, worldSize;
  const int64_t timeoutMs;

  // Any thread. Everything pending and later fails, here and on the other ranks, with the first reason given.
  void abort(const std::string& reason) { abort(reason, rank); }
  void throwIfAborted() const;

  // Numbers the call, posts it and compares: see Note [Calls]. Throws when ranks differ, and after an abort. The caller
  // makes sure that the engine is given its calls in the order of their numbers.
  void post(Call& call);

  // The CPU engine's thread.
  // Says that this rank has come to the call, and waits for all ranks.
  void enter(const Signature& mine);
  // One more phase of the collective that was entered.
  void sync();
  // What a rank said about the collective that was entered.
  const Signature& signature(int rank) const { return segment_->slots[rank].signatures[parity_]; }
  int pid(int rank) const { return segment_->slots[rank].pid.load(); }

  // The engine of a GPU.
  void reached(uint64_t sequence) { segment_->slots[rank].reached.store(sequence); }
  void completed(uint64_t sequence) { segment_->slots[rank].completed.store(sequence); }
  // Throws when a rank that has not completed the call has ended; when another rank has aborted.
  void checkCallPeers(const Call& call);
  // Leaves word of who keeps a call from ending when that has taken long; throws it after the time limit.
  void waited(const Call& call, std::chrono::nanoseconds time);
  // Waits until every rank has completed the call.
  void awaitCompleted(const Call& call);

 private:
  RankSlot& slot(int rank) const { return segment_->slots[rank]; }
  struct Late {
    std::vector<int> ranks;
    std::string why;
  };
  Late lateIn(const Call& call) const;
  bool isLong(std::chrono::nanoseconds time) const;
  void waited(const std::string& what, std::chrono::nanoseconds time, const std::function<Late()>& late);
  void arriveAndWait(const Call* call);
  void checkPhasePeers(const Call* call);
  bool hasEnded(int rank) const;
  [[noreturn]] void failDifferent(int a, const Call& callOfA, int b, const Call& callOfB);
  // `late`: who keeps the others waiting, if that is known.
  [[noreturn]] void failTimedOut(const std::string& what, const std::vector<int>& late, const std::string& why);
  [[noreturn]] void failEnded(int rank, const std::string& what);
  // Aborts, and throws the reason that counts, which may be another rank's.
  [[noreturn]] void failAll(const std::string& reason, int culprit);
  void abort(const std::string& reason, int culprit);
  std::string noSignOf(const std::vector<int>& ranks) const;
  std::string describeLatest(int rank) const;

  ControlSegment* segment_;
  std::mutex posting_;
  uint64_t sequence_ = 0;
  uint64_t phase_ = 0;
  uint32_t parity_ = 0;
};

}  // namespace dtrain
