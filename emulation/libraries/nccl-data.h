// What the collectives of the emulated NCCL do to data: every function runs on a stream's thread of each rank, and
// moves a call through the clique's slots piece by piece. All return early when the rank is aborted.
//
// Sums are taken in rank order, so all ranks end with the same bits. Elements are scaled before they are added, in
// their own type, as NCCL does for ncclAvg of floats and for ncclRedOpCreatePreMulSum; halves are rounded after each
// step.
#pragma once

#include <cmath>
#include <type_traits>
#include <vector>

#include "emulation/libraries/halves.h"
#include "emulation/libraries/nccl-clique.h"
#include "nccl.h"

namespace emulation {

inline size_t itemSize(ncclDataType_t type) {
  constexpr std::array<size_t, ncclNumTypes> bytes{1, 1, 4, 4, 8, 8, 2, 4, 8, 2, 1, 1};
  return type >= 0 && type < ncclNumTypes ? bytes[type] : 0;
}

inline bool reducible(ncclDataType_t type) { return type != ncclFloat8e4m3 && type != ncclFloat8e5m2; }

// A reduction as the ranks carry it out. `scale` is a value of the element type, here or in device memory.
struct Reduction {
  enum class Combine { sum, prod, max, min } combine = Combine::sum;
  enum class Scale { none, value, device } scaling = Scale::none;
  ncclDataType_t type = ncclFloat32;
  uint64_t scale = 0;
  const void* deviceScale = nullptr;
  int divisor = 1;  // of the sum; integers are averaged like this
};

// Integers wrap around.
template <class T>
T add(T a, T b) {
  if constexpr (std::is_integral_v<T>) return static_cast<T>(std::make_unsigned_t<T>(a) + std::make_unsigned_t<T>(b));
  else return a + b;
}
template <class T>
T multiply(T a, T b) {
  if constexpr (std::is_integral_v<T>) return static_cast<T>(uint64_t(a) * uint64_t(b));
  else return a * b;
}
template <class T>
T larger(T a, T b) {
  if constexpr (std::is_integral_v<T>) return std::max(a, b);
  else return std::fmax(a, b);
}
template <class T>
T smaller(T a, T b) {
  if constexpr (std::is_integral_v<T>) return std::min(a, b);
  else return std::fmin(a, b);
}

template <class T, class F>
void fold(const std::vector<const T*>& from, T* to, size_t n, F&& f) {
  for (size_t i = 0; i < n; i++) {
    T value = from[0][i];
    for (size_t r = 1; r < from.size(); r++) value = f(value, from[r][i]);
    to[i] = value;
  }
}

// `to` may be one of the inputs.
template <class T>
void combine(const Reduction& reduction, const std::vector<const T*>& from, T* to, size_t n) {
  switch (reduction.combine) {
    case Reduction::Combine::sum: fold(from, to, n, add<T>); break;
    case Reduction::Combine::prod: fold(from, to, n, multiply<T>); break;
    case Reduction::Combine::max: fold(from, to, n, larger<T>); break;
    case Reduction::Combine::min: fold(from, to, n, smaller<T>); break;
  }
  if (reduction.divisor != 1)
    for (size_t i = 0; i < n; i++) to[i] = static_cast<T>(to[i] / static_cast<T>(reduction.divisor));
}

template <class T>
T* typed(char* p) {
  return reinterpret_cast<T*>(p);
}

// A copy of n elements for the others to see, scaled. Reads a scale in device memory now.
template <class T>
void stage(const Reduction& reduction, const T* from, T* to, size_t n) {
  if (reduction.scaling == Reduction::Scale::none) {
    std::copy_n(from, n, to);
    return;
  }
  T scale;
  const bool here = reduction.scaling == Reduction::Scale::value;
  std::memcpy(&scale, here ? static_cast<const void*>(&reduction.scale) : reduction.deviceScale, sizeof scale);
  for (size_t i = 0; i < n; i++) to[i] = multiply(from[i], scale);
}

// The slots of all ranks, from element `begin`.
template <class T>
std::vector<const T*> slots(Clique& clique, size_t begin) {
  std::vector<const T*> out;
  for (int r = 0; r < clique.ranks; r++) out.push_back(typed<T>(clique.slot(r)) + begin);
  return out;
}

// Each rank reduces one part of a piece, and all copy the parts.
template <class T>
void allReduce(Clique& clique, const Reduction& reduction, const T* from, T* to, size_t count) {
  const size_t piece = kSlotBytes / sizeof(T);
  for (size_t at = 0; at < count; at += piece, clique.nextTurn()) {
    const size_t n = std::min(piece, count - at);
    const auto part = [&](int r) { return n * static_cast<size_t>(r) / static_cast<size_t>(clique.ranks); };
    const size_t begin = part(clique.rank), end = part(clique.rank + 1);
    T* mine = typed<T>(clique.slot(clique.rank));
    stage(reduction, from + at, mine, n);
    if (!clique.meet()) return;
    combine(reduction, slots<T>(clique, begin), mine + begin, end - begin);
    if (!clique.meet()) return;
    for (int r = 0; r < clique.ranks; r++)
      std::copy(typed<T>(clique.slot(r)) + part(r), typed<T>(clique.slot(r)) + part(r + 1), to + at + part(r));
  }
}

// Each rank reduces what it keeps; `count` is that.
template <class T>
void reduceScatter(Clique& clique, const Reduction& reduction, const T* from, T* to, size_t count) {
  const size_t piece = kSlotBytes / sizeof(T) / static_cast<size_t>(clique.ranks);
  for (size_t at = 0; at < count; at += piece, clique.nextTurn()) {
    const size_t n = std::min(piece, count - at);
    for (int r = 0; r < clique.ranks; r++)
      stage(reduction, from + r * count + at, typed<T>(clique.slot(clique.rank)) + r * n, n);
    if (!clique.meet()) return;
    combine(reduction, slots<T>(clique, clique.rank * n), to + at, n);
  }
}

inline void broadcast(Clique& clique, int root, const char* from, char* to, size_t bytes) {
  for (size_t at = 0; at < bytes; at += kSlotBytes, clique.nextTurn()) {
    const size_t n = std::min(kSlotBytes, bytes - at);
    if (clique.rank == root) std::copy_n(from + at, n, clique.slot(root));
    if (!clique.meet()) return;
    std::copy_n(clique.slot(root), n, to + at);
  }
}

inline void allGather(Clique& clique, const char* from, char* to, size_t bytes) {
  for (size_t at = 0; at < bytes; at += kSlotBytes, clique.nextTurn()) {
    const size_t n = std::min(kSlotBytes, bytes - at);
    std::copy_n(from + at, n, clique.slot(clique.rank));
    if (!clique.meet()) return;
    for (int r = 0; r < clique.ranks; r++) std::copy_n(clique.slot(r), n, to + r * bytes + at);
  }
}

// One ncclSend or ncclRecv. On the way, the data stands behind its length, which the receiver compares with its own.
struct Transfer {
  bool send;
  int peer;
  char* data;
  uint64_t bytes;
  uint64_t moved = 0;  // of the length and the data together

  bool done() const { return moved == sizeof bytes + bytes; }

  // Moves what can be moved without waiting; false when nothing could. Sides that disagree about the length never end.
  bool advance(Clique& clique) {
    if (done()) return false;
    Mailbox& box = send ? clique.mail(clique.rank, peer) : clique.mail(peer, clique.rank);
    const uint64_t written = box.written.load(std::memory_order_acquire),
                   read = box.read.load(std::memory_order_acquire);
    const uint64_t room = send ? kMailBytes - (written - read) : written - read;
    const uint64_t n = std::min(room, sizeof bytes + bytes - moved);
    if (n == 0 || (!send && !lengthFits(box, read, written))) return false;
    for (uint64_t i = 0; i < n; i++, moved++) {
      char& onItsWay = box.bytes[((send ? written : read) + i) % kMailBytes];
      if (moved < sizeof bytes) {
        if (send) onItsWay = reinterpret_cast<const char*>(&bytes)[moved];
      } else {
        char& here = data[moved - sizeof bytes];
        (send ? onItsWay : here) = send ? here : onItsWay;
      }
    }
    (send ? box.written : box.read).fetch_add(n, std::memory_order_release);
    clique.ring();
    return true;
  }

 private:
  bool lengthFits(const Mailbox& box, uint64_t read, uint64_t written) const {
    if (moved > 0) return true;
    if (written - read < sizeof bytes) return false;
    uint64_t length;
    for (size_t i = 0; i < sizeof length; i++) reinterpret_cast<char*>(&length)[i] = box.bytes[(read + i) % kMailBytes];
    return length == bytes;
  }
};

// The transfers of one group proceed side by side; those of one pair of ranks in their order.
inline void transfer(Clique& clique, std::vector<Transfer> transfers) {
  clique.waitUntil([&] {
    for (bool progress = true; progress;) {
      progress = false;
      for (size_t i = 0; i < transfers.size(); i++) {
        Transfer& t = transfers[i];
        const bool first = std::none_of(transfers.begin(), transfers.begin() + i, [&](const Transfer& before) {
          return before.send == t.send && before.peer == t.peer && !before.done();
        });
        if (first && t.advance(clique)) progress = true;
      }
    }
    return std::all_of(transfers.begin(), transfers.end(), [](const Transfer& t) { return t.done(); });
  });
}

}  // namespace emulation
