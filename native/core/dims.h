// A short list of 64-bit integers (sizes, strides, dimension lists) without heap allocation, and shape arithmetic.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "core/error.h"

namespace dtrain {

constexpr int kMaxDims = 12;

class Dims {
 public:
  Dims() = default;
  Dims(std::initializer_list<int64_t> values) {
    for (int64_t v : values) push(v);
  }
  Dims(int n, int64_t value) {
    for (int i = 0; i < n; i++) push(value);
  }

  int size() const { return n_; }
  bool empty() const { return n_ == 0; }
  int64_t& operator[](int i) { return values_[i]; }
  int64_t operator[](int i) const { return values_[i]; }
  int64_t back() const { return values_[n_ - 1]; }
  int64_t* begin() { return values_; }
  int64_t* end() { return values_ + n_; }
  const int64_t* begin() const { return values_; }
  const int64_t* end() const { return values_ + n_; }

  void push(int64_t value) {
    check(n_ < kMaxDims, Code::shape, "shape: a tensor has at most ", kMaxDims, " dimensions");
    values_[n_++] = value;
  }
  void erase(int i) {
    std::copy(values_ + i + 1, values_ + n_, values_ + i);
    n_--;
  }
  void insert(int i, int64_t value) {
    push(value);
    std::rotate(values_ + i, values_ + n_ - 1, values_ + n_);
  }
  bool operator==(const Dims& other) const { return n_ == other.n_ && std::equal(begin(), end(), other.begin()); }

 private:
  int n_ = 0;
  int64_t values_[kMaxDims];
};

// Number of elements; false when it does not fit.
inline bool countElements(const Dims& sizes, int64_t* n) {
  constexpr int64_t most = int64_t{1} << 58;  // leaves room for bytes
  bool fits = true;
  *n = 1;
  for (int64_t s : sizes) {
    if (s == 0) return *n = 0, true;
    fits = fits && !__builtin_mul_overflow(*n, s, n) && *n <= most;
  }
  return fits;
}

inline int64_t product(const Dims& sizes) {
  int64_t n;
  check(countElements(sizes, &n), Code::shape, "shape: sizes ", sizes, " have too many elements");
  return n;
}

inline Dims contiguousStrides(const Dims& sizes) {
  Dims strides(sizes.size(), 1);
  int64_t step = 1;
  for (int i = sizes.size() - 1; i >= 0; i--) {
    strides[i] = step;
    step *= std::max<int64_t>(sizes[i], 1);
  }
  return strides;
}

// PyTorch's broadcasting: sizes meet from the right, and equal each other or one of them is 1. False when they do not
// fit.
inline bool broadcastSizes(const Dims& a, const Dims& b, Dims* out) {
  *out = a.size() >= b.size() ? a : b;
  const Dims& shorter = a.size() >= b.size() ? b : a;
  const int lead = out->size() - shorter.size();
  bool fits = true;
  for (int i = 0; i < shorter.size(); i++) {
    int64_t& size = (*out)[lead + i];
    fits = fits && (size == shorter[i] || size == 1 || shorter[i] == 1);
    if (size == 1) size = shorter[i];
  }
  return fits;
}

// Maps -n..n-1 to 0..n-1. A 0-d tensor accepts -1 and 0, as in PyTorch.
inline int wrapDim(const char* op, int64_t dim, int n) {
  const int limit = std::max(n, 1);
  check(dim >= -limit && dim < limit, Code::index, op, ": dim ", dim, " is out of range for a tensor of ", n,
        " dimensions (expected ", -limit, " to ", limit - 1, ")");
  return static_cast<int>(dim < 0 ? dim + limit : dim);
}

}  // namespace dtrain
