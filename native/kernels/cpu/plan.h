// Runs an inner loop along the nest of its operands (nest.h), on several threads.
#pragma once

#include <array>

#include "kernels/cpu/parallel.h"
#include "kernels/nest.h"

namespace dtrain::cpu {

template <int N>  // operand 0 is the output
class Plan {
 public:
  explicit Plan(const Tensor& out) : shape_(out.sizes()) { set(0, out); }

  // x must be broadcastable to the output.
  void set(int operand, const Tensor& x) {
    data_[operand] = x.bytes();
    repeat(x, shape_, strides_[operand]);
  }
  void setScalar(int operand, void* value) {
    data_[operand] = static_cast<char*>(value);
    std::fill_n(strides_[operand], kMaxDims, int64_t{0});
  }

  // Of a copy whose sides walk memory in different orders, in tiles of which both sides stay in the cache: calls
  // f(n, pointers, strides) for every row of a tile. False where one order suits both.
  template <class F>
  bool runInTiles(F&& f) {
    static_assert(N == 2);
    constexpr int64_t kTile = 32;
    Nest<2> nest;
    nest.build(shape_, strides_);
    const int64_t total = product(shape_), last = nest.dims - 1;
    int across = -1;  // the dimension along which operand 1 has its smallest stride
    for (int d = 0; d < nest.dims; d++)
      if (nest.strides[1][d] != 0 && (across < 0 || std::abs(nest.strides[1][d]) < std::abs(nest.strides[1][across])))
        across = d;
    if (total < 2048 || across < 0 || across == last || nest.sizes[last] < 8 || nest.sizes[across] < 8) return false;
    if (std::abs(nest.strides[1][last]) < 64) return false;
    const int64_t wide = nest.sizes[last], high = nest.sizes[across];
    const int64_t columns = (wide + kTile - 1) / kTile, rows = (high + kTile - 1) / kTile;
    const std::array<int64_t, 2> s{nest.strides[0][last], nest.strides[1][last]};
    parallelFor(total / (wide * high) * rows * columns, total, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t column = i % columns * kTile, row = i / columns % rows * kTile;
        std::array<char*, 2> p;
        for (int o = 0; o < 2; o++) p[o] = data_[o] + column * s[o] + row * nest.strides[o][across];
        for (int64_t rest = i / columns / rows, d = last - 1; d >= 0; d--) {
          if (d == across) continue;
          for (int o = 0; o < 2; o++) p[o] += rest % nest.sizes[d] * nest.strides[o][d];
          rest /= nest.sizes[d];
        }
        for (int64_t r = row; r < std::min(high, row + kTile); r++) {
          f(std::min(kTile, wide - column), p, s);
          for (int o = 0; o < 2; o++) p[o] += nest.strides[o][across];
        }
      }
    });
    return true;
  }

  // Calls f(n, pointers, strides) for every inner loop, on several threads unless `serial` (then in memory order).
  template <class F>
  void run(F&& f, bool serial = false) {
    const int64_t total = product(shape_), work = serial ? 0 : total;
    if (total == 0) return;
    Nest<N> nest;
    nest.build(shape_, strides_);
    std::array<int64_t, N> s;
    for (int o = 0; o < N; o++) s[o] = nest.stride(o);
    if (nest.dims <= 1) {
      parallelFor(total, work, [&](int64_t begin, int64_t end) {
        std::array<char*, N> p;
        for (int o = 0; o < N; o++) p[o] = data_[o] + begin * s[o];
        f(end - begin, p, s);
      });
      return;
    }
    const int64_t inner = nest.sizes[nest.dims - 1];
    parallelFor(total / inner, work, [&](int64_t begin, int64_t end) {
      int64_t index[kMaxDims];
      std::array<char*, N> p;
      for (int o = 0; o < N; o++) p[o] = data_[o];
      for (int64_t rest = begin, d = nest.dims - 2; d >= 0; d--) {
        index[d] = rest % nest.sizes[d];
        rest /= nest.sizes[d];
        for (int o = 0; o < N; o++) p[o] += index[d] * nest.strides[o][d];
      }
      for (int64_t i = begin; i < end; i++) {
        f(inner, p, s);
        for (int d = nest.dims - 2; d >= 0; d--) {
          for (int o = 0; o < N; o++) p[o] += nest.strides[o][d];
          if (++index[d] < nest.sizes[d]) break;
          for (int o = 0; o < N; o++) p[o] -= index[d] * nest.strides[o][d];
          index[d] = 0;
        }
      }
    });
  }

 private:
  const Dims shape_;
  char* data_[N];
  Strides<N> strides_;
};

}  // namespace dtrain::cpu
