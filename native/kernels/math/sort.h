// Keys of elements for sorting, as unsigned integers; see math/convert.h for how it is included.

// A key and where its element stands; they are all different, so every way of sorting keeps the order of equal
// elements. Short ones have elements of at most 32 bits and lines of fewer than 2^32.
struct ShortKey {
  uint64_t bits;
  DT_HD uint64_t order() const { return bits >> 32; }
  DT_HD int64_t index() const { return static_cast<int64_t>(bits & 0xffffffff); }
};
struct LongKey {
  uint64_t bits;
  int64_t at;
  DT_HD uint64_t order() const { return bits; }
  DT_HD int64_t index() const { return at; }
};
DT_HD inline bool operator<(ShortKey a, ShortKey b) { return a.bits < b.bits; }
DT_HD inline bool operator<(LongKey a, LongKey b) { return a.bits != b.bits ? a.bits < b.bits : a.at < b.at; }

// Integers in the order of the numbers: of negative floats the bits are turned round, -0 is 0, and all NaN are one.
DT_HD inline uint64_t orderOf(float x) {
  if (x != x) return 0xffffffff;
  uint32_t bits;
  const float value = x == 0 ? 0 : x;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits >> 31 ? ~bits : bits | 0x80000000;
}
DT_HD inline uint64_t orderOf(double x) {
  if (x != x) return ~uint64_t{0};
  uint64_t bits;
  const double value = x == 0 ? 0 : x;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits >> 63 ? ~bits : bits | uint64_t{1} << 63;
}
DT_HD inline uint64_t orderOf(int64_t x) {
  return static_cast<uint64_t>(x) ^ uint64_t { 1 } << 63;
}
DT_HD inline uint64_t orderOf(int32_t x) { return static_cast<uint32_t>(x) ^ 0x80000000; }

DT_HD inline void setKey(ShortKey& key, uint64_t order, bool descending, int64_t index) {
  key.bits = (descending ? 0xffffffff - order : order) << 32 | static_cast<uint64_t>(index);
}
DT_HD inline void setKey(LongKey& key, uint64_t order, bool descending, int64_t index) {
  key = {descending ? ~order : order, index};
}

// How many of n ascending elements at(0), at(1), … are less than a value, or with `right` at most that. NaN is larger
// than all of them.
template <class T, class At>
DT_HD int64_t countBefore(int64_t n, T value, bool right, const At& at) {
  int64_t first = 0, last = n;
  while (first < last) {
    const int64_t middle = first + (last - first) / 2;
    const T element = at(middle);
    if (right ? !(element > value) : !(element >= value)) first = middle + 1;
    else last = middle;
  }
  return first;
}
