// The control segment: one page-aligned structure that the launcher creates without a name and every rank of the
// machine maps. It holds what the ranks say to each other (who is here, which collective, where a buffer is) and
// doubles as the record from which a message can say who is missing. Tensor data never passes through it.
//
// Note [Barrier]
// Each rank counts the phases it has reached in its own slot, and waits until every slot has reached the same phase. A
// phase publishes everything written before it (release) to everyone who has seen it (acquire). Waiting spins briefly
// and then sleeps on one futex word that every arrival bumps; every wake-up, and at least every 50 ms, checks for an
// abort, for dead peers and for the deadline, so a missing rank is an error and never a hang.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "comm/communicator.h"

namespace dtrain {

constexpr int kMaxRanks = 256;

// What a rank is about to do. All ranks must agree on everything but weight and fd.
struct Signature {
  uint64_t sequence;
  CollectiveOp op;
  uint32_t detail;  // ReduceOp or root
  DType dtype;
  int64_t count;
  double weight;
  int64_t fd, bytes;  // CollectiveOp::share
  uint64_t place;     // averageShared: which shared buffer, and where in it
};

struct alignas(64) RankSlot {
  std::atomic<int32_t> pid;
  std::atomic<uint64_t> phase;
  // By parity of the collective: nobody can be two collectives ahead, so what a slow rank still reads is never
  // overwritten.
  Signature signatures[2];
  std::atomic<uint32_t> latest;
};

struct ControlSegment {
  // By rank, set to 1 by the launcher when the rank's process has ended (launcher/shm.ts writes it at offset 0).
  std::atomic<uint8_t> ended[kMaxRanks];
  std::atomic<uint32_t> wake;     // futex
  std::atomic<uint32_t> aborted;  // 0 no, 1 being written, 2 reason is valid
  int32_t abortedBy;
  char reason[512];
  RankSlot slots[kMaxRanks];
};

class Control {
 public:
  Control(int rank, int worldSize, int fd, int64_t timeoutMs);  // maps and waits for everybody
  ~Control();

  // Posts the signature, waits for all ranks, checks that all agree.
  void enter(const Signature& mine);
  // One more phase of the collective that was entered.
  void sync();
  // What a rank posted for the collective that was entered.
  const Signature& signature(int rank) const { return segment_->slots[rank].signatures[parity_]; }
  int pid(int rank) const { return segment_->slots[rank].pid.load(); }
  void abort(const std::string& reason);

 private:
  void arriveAndWait(const char* what);
  void checkPeers();
  void failMissing(uint64_t phase, const char* what);
  std::string describe(const Signature& s) const;
  std::string describeLatest(int rank) const;

  const int rank_, worldSize_;
  const int64_t timeoutMs_;
  ControlSegment* segment_;
  uint64_t phase_ = 0;
  uint32_t parity_ = 0;
};

}  // namespace dtrain
