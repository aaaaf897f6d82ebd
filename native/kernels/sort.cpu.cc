// Orders along a dimension of contiguous tensors seen as [outer, n, inner]: each line becomes keys that know their
// places. Whole lines are sorted byte by byte of their keys where they are long; of a part of the ranks only that part.
#include "kernels/sort.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "kernels/around.h"
#include "kernels/cpu/loops.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

#define DT_HD
#include "kernels/math/sort.h"

constexpr int64_t kManyKeys = 1024;  // fewer are sorted by comparing

// Sorts by the bytes of the keys from the lowest to the highest, each time into the other array. The keys come in the
// order of their places. A byte that is the same everywhere is left out.
template <class Key>
void sortByBytes(std::vector<Key>& keys, std::vector<Key>& other) {
  other.resize(keys.size());
  for (int shift = std::is_same_v<Key, ShortKey> ? 32 : 0; shift < 64; shift += 8) {
    std::array<size_t, 256> starts{};
    for (const Key& key : keys) starts[key.bits >> shift & 255]++;
    if (starts[keys[0].bits >> shift & 255] == keys.size()) continue;
    size_t start = 0;
    for (size_t& count : starts) {
      const size_t size = count;
      count = start;
      start += size;
    }
    for (const Key& key : keys) other[starts[key.bits >> shift & 255]++] = key;
    keys.swap(other);
  }
}

// PyTorch's quick select: afterwards keys[k] has rank k.
template <class Key>
void select(std::vector<Key>& keys, int64_t k) {
  const auto at = [&](int64_t i) -> Key& { return keys[static_cast<size_t>(i)]; };
  const auto beyond = [&](int64_t i, int64_t j) { return at(i).order() > at(j).order(); };
  int64_t left = 0, right = static_cast<int64_t>(keys.size()) - 1;
  while (right > left) {
    if (right == left + 1) {
      if (beyond(left, right)) std::swap(at(left), at(right));
      return;
    }
    std::swap(at(left + (right - left) / 2), at(left + 1));
    if (beyond(left + 1, right)) std::swap(at(left + 1), at(right));
    if (beyond(left, right)) std::swap(at(left), at(right));
    if (beyond(left + 1, left)) std::swap(at(left + 1), at(left));
    int64_t i = left + 1, j = right;
    while (true) {
      do i++;
      while (beyond(left, i));
      do j--;
      while (beyond(j, left));
      if (j < i) break;
      std::swap(at(i), at(j));
    }
    std::swap(at(left), at(j));
    if (j <= k) left = i;
    if (j >= k) right = j - 1;
  }
}

// PyTorch's way to the first k where they are many; see firstFew.
template <class Key>
void sortFirst(std::vector<Key>& keys, int64_t k) {
  const auto less = [](const Key& a, const Key& b) { return a.order() < b.order(); };
  std::nth_element(keys.begin(), keys.begin() + k - 1, keys.end(), less);
  std::sort(keys.begin(), keys.begin() + k - 1, less);
}

// And where they are few: std::partial_sort, whose heap of k keys meets each other key once, so that no others are
// kept.
template <class Key, class KeyAt>
void firstFew(std::vector<Key>& heap, int64_t k, int64_t n, const KeyAt& keyAt) {
  const auto less = [](const Key& a, const Key& b) { return a.order() < b.order(); };
  heap.resize(static_cast<size_t>(k) + 1);
  for (int64_t j = 0; j < k; j++) heap[static_cast<size_t>(j)] = keyAt(j);
  std::make_heap(heap.begin(), heap.end() - 1, less);
  for (int64_t j = k; j < n; j++) {
    const Key key = keyAt(j);
    if (!less(key, heap[0])) continue;
    heap.back() = key;
    std::pop_heap(heap.begin(), heap.end(), less);  // the largest leaves, and the new one sinks from the top
  }
  std::sort_heap(heap.begin(), heap.end() - 1, less);
}

// Afterwards the keys of ranks from, …, to - 1 are where they belong.
template <class Key>
void sortRanks(std::vector<Key>& keys, std::vector<Key>& other, int64_t from, int64_t to, Ties ties) {
  const auto n = static_cast<int64_t>(keys.size());
  if (ties == Ties::asTopk) return sortFirst(keys, to);
  if (ties == Ties::asKthvalue) return select(keys, from);
  if (ties == Ties::asMode)
    return std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) { return a.order() < b.order(); });
  if (to - from == n && n >= kManyKeys) return sortByBytes(keys, other);
  if (to - from == n) return std::sort(keys.begin(), keys.end());
  if (to - from == 1) return std::nth_element(keys.begin(), keys.begin() + from, keys.end());
  if (from > 0) std::nth_element(keys.begin(), keys.begin() + from, keys.end());
  std::partial_sort(keys.begin() + from, keys.begin() + to, keys.end());
}

template <class Key, class C, class T>
void orderAs(const Tensor& x, int dim, bool descending, int64_t from, int64_t to, Ties ties, const Tensor& indices) {
  const Around s(x.sizes(), dim);
  const T* data = x.data<T>();
  int64_t* places = indices.data<int64_t>();
  const bool few = ties == Ties::asTopk && to * 64 <= s.n;
  parallelFor(s.outer * s.inner, x.numel(), [&](int64_t begin, int64_t end) {
    std::vector<Key> keys(few ? 0 : static_cast<size_t>(s.n)), other;
    for (int64_t line = begin; line < end; line++) {
      const int64_t o = line / s.inner, i = line % s.inner;
      const auto keyAt = [&](int64_t j) {
        Key key;
        setKey(key, orderOf(static_cast<C>(data[(o * s.n + j) * s.inner + i])), descending, j);
        return key;
      };
      if (few) {
        firstFew(keys, to, s.n, keyAt);
      } else {
        for (int64_t j = 0; j < s.n; j++) keys[static_cast<size_t>(j)] = keyAt(j);
        sortRanks(keys, other, from, to, ties);
      }
      for (int64_t r = from; r < to; r++)
        places[(o * (to - from) + r - from) * s.inner + i] = keys[static_cast<size_t>(r)].index();
    }
  });
}

void order(const Tensor& x, int dim, bool descending, int64_t from, int64_t to, Ties ties, const Tensor& indices) {
  if (indices.numel() == 0) return;
  const bool isShort = x.size(dim) < int64_t{1} << 32;
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_same_v<T, int64_t>) {
      int64_t least = 0, most = 0;
      const auto& extreme = loops().reduce.row;
      const auto of = static_cast<int>(Compute::int64);
      extreme[static_cast<int>(Reduce::min)][of](x.numel(), x.bytes(), sizeof(T), &least);
      extreme[static_cast<int>(Reduce::max)][of](x.numel(), x.bytes(), sizeof(T), &most);
      if (isShort && least >= INT32_MIN && most <= INT32_MAX)
        return orderAs<ShortKey, int32_t, T>(x, dim, descending, from, to, ties, indices);
    }
    if constexpr (sizeof(T) == 8) {
      orderAs<LongKey, T, T>(x, dim, descending, from, to, ties, indices);
    } else {
      using C = std::conditional_t<isFloat(dtypeOf<T>()), float, int32_t>;
      if (isShort) orderAs<ShortKey, C, T>(x, dim, descending, from, to, ties, indices);
      else orderAs<LongKey, C, T>(x, dim, descending, from, to, ties, indices);
    }
  });
}

void search(const Tensor& sorted, const Tensor& values, bool right, const Tensor& out) {
  const int64_t count = values.numel(), n = sorted.size(1);
  if (count == 0) return;
  const int64_t each = count / sorted.size(0);
  dispatch(sorted.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = std::conditional_t<isHalf(dtypeOf<T>()), float, T>;
    const T* const from = values.data<T>();
    parallelFor(count, 16 * count, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const T* const row = sorted.data<T>() + i / each * n;
        const auto at = [row](int64_t j) { return static_cast<C>(row[j]); };
        out.data<int64_t>()[i] = countBefore(n, static_cast<C>(from[i]), right, at);
      }
    });
  });
}

}  // namespace

const Fill table(cpuTable<SortKernels>, {.order = order, .search = search});

}  // namespace dtrain::cpu
