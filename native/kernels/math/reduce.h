// What reductions are made of; see math/convert.h for how it is included.

// What sums of T, a type that is computed in, accumulate in: floats in double, integers in 64 bits, wrapping.
template <class T>
using Accumulator = std::conditional_t<std::is_same_v<T, int64_t>, uint64_t, double>;

// NaN is larger than everything: x != x is true only for NaN, and nothing is greater than NaN.
template <class T>
DT_HD T maxOf(T acc, T x) {
  return (x > acc || x != x) ? x : acc;
}
