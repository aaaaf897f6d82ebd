// The loop nest of an elementwise kernel: dimensions of size 1 dropped, neighbours merged where all operands allow it,
// ordered so that the innermost loop walks the output with its smallest stride. Contiguous operands become one loop.
#pragma once

#include <array>
#include <cstdlib>

#include "kernels/cpu.h"

namespace dtrain::cpu {

template <int N>  // operand 0 is the output
struct Plan {
  int dims = 0;
  int64_t sizes[kMaxDims];
  int64_t strides[N][kMaxDims];  // bytes
  char* data[N];

  explicit Plan(const Tensor& out) : shape_(out.sizes()) { set(0, out); }

  // x must be broadcastable to the output.
  void set(int operand, const Tensor& x) {
    data[operand] = x.bytes();
    const int lead = shape_.size() - x.dim();
    for (int i = 0; i < shape_.size(); i++) {
      const bool repeat = i < lead || (x.size(i - lead) == 1 && shape_[i] != 1);
      raw_[operand][i] = repeat ? 0 : x.stride(i - lead) * itemSize(x.dtype());
    }
  }
  void setScalar(int operand, void* value) {
    data[operand] = static_cast<char*>(value);
    std::fill_n(raw_[operand], kMaxDims, int64_t{0});
  }

  // Calls f(n, pointers, strides) for every inner loop, on several threads unless `serial` (then in memory order).
  template <class F>
  void run(F&& f, bool serial = false) {
    const int64_t total = product(shape_), work = serial ? 0 : total;
    if (total == 0) return;
    merge();
    if (dims <= 1) {
      const int64_t n = dims == 0 ? 1 : sizes[0];
      parallelFor(n, work, [&](int64_t begin, int64_t end) {
        std::array<char*, N> p;
        std::array<int64_t, N> s;
        for (int o = 0; o < N; o++) {
          s[o] = dims == 0 ? 0 : strides[o][0];
          p[o] = data[o] + begin * s[o];
        }
        f(end - begin, p, s);
      });
      return;
    }
    const int64_t inner = sizes[dims - 1];
    parallelFor(total / inner, work, [&](int64_t begin, int64_t end) {
      int64_t index[kMaxDims];
      std::array<char*, N> p;
      std::array<int64_t, N> s;
      for (int o = 0; o < N; o++) {
        p[o] = data[o];
        s[o] = strides[o][dims - 1];
      }
      for (int64_t rest = begin, d = dims - 2; d >= 0; d--) {
        index[d] = rest % sizes[d];
        rest /= sizes[d];
        for (int o = 0; o < N; o++) p[o] += index[d] * strides[o][d];
      }
      for (int64_t i = begin; i < end; i++) {
        f(inner, p, s);
        for (int d = dims - 2; d >= 0; d--) {
          for (int o = 0; o < N; o++) p[o] += strides[o][d];
          if (++index[d] < sizes[d]) break;
          for (int o = 0; o < N; o++) p[o] -= index[d] * strides[o][d];
          index[d] = 0;
        }
      }
    });
  }

 private:
  void merge() {
    int order[kMaxDims], n = 0;
    for (int i = 0; i < shape_.size(); i++) {
      if (shape_[i] == 1) continue;
      int at = n++;  // insertion sort by decreasing output stride, stable
      for (; at > 0 && std::abs(raw_[0][order[at - 1]]) < std::abs(raw_[0][i]); at--) order[at] = order[at - 1];
      order[at] = i;
    }
    for (int k = 0; k < n; k++) {
      const int i = order[k];
      bool fits = dims > 0;
      for (int o = 0; o < N && fits; o++) fits = strides[o][dims - 1] == raw_[o][i] * shape_[i];
      if (!fits) {
        sizes[dims] = 1;
        dims++;
      }
      sizes[dims - 1] *= shape_[i];
      for (int o = 0; o < N; o++) strides[o][dims - 1] = raw_[o][i];
    }
  }

  const Dims shape_;
  int64_t raw_[N][kMaxDims];
};

}  // namespace dtrain::cpu
