// What reductions are made of; see math/convert.h for how it is included.

// What sums of T, a type that is computed in, accumulate in: floats in double, integers in 64 bits, wrapping.
template <class T>
using Accumulator = std::conditional_t<std::is_same_v<T, int64_t>, uint64_t, double>;

// NaN is larger than everything: x == x is false only for NaN, and nothing is greater than NaN. In this order, since
// processors have an instruction for the first choice, and the second does not wait for it.
template <class T>
DT_HD T maxOf(T acc, T x) {
  const T larger = x > acc ? x : acc;
  return x == x ? larger : x;
}
// And smaller than everything.
template <class T>
DT_HD T minOf(T acc, T x) {
  const T smaller = x < acc ? x : acc;
  return x == x ? smaller : x;
}

constexpr double kInfinite = std::numeric_limits<double>::infinity();
// The accumulator of a norm without elements, and with one more: x is an element, or another sum for `combined`.
DT_HD inline double startOf(Norm norm) { return norm == Norm::smallest ? kInfinite : 0; }
DT_HD inline double combined(Norm norm, double acc, double x) {
  return norm == Norm::largest ? maxOf(acc, x) : norm == Norm::smallest ? minOf(acc, x) : acc + x;
}
DT_HD inline double termOf(Norm norm, double x, double p) {
  switch (norm) {
    case Norm::zero: return x != 0;
    case Norm::two: return x * x;
    case Norm::present: return x == x ? x : 0;
    case Norm::power: return pow(x < 0 ? -x : x, p);
    default: return x < 0 ? -x : x;
  }
}
DT_HD inline double rootOf(Norm norm, Powers acc) {
  return norm == Norm::two ? sqrt(acc.sum) : norm == Norm::power ? pow(acc.sum, 1 / acc.p) : acc.sum;
}

// Moments of two sets of elements together (Chan, Golub and LeVeque, 1983).
DT_HD inline Moments together(Moments a, Moments b) {
  if (b.count == 0) return a;
  const double count = a.count + b.count, apart = b.mean - a.mean, share = b.count / count;
  return {count, a.mean + apart * share, a.squares + b.squares + apart * apart * a.count * share};
}
DT_HD inline double varianceOf(Moments m, double correction, bool root) {
  const double degrees = m.count - correction, variance = m.squares / (degrees > 0 ? degrees : 0);
  return root ? sqrt(variance) : variance;
}
