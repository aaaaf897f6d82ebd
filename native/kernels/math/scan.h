// What scans accumulate; see math/convert.h for how it is included. Every `together` is associative.

// What sums and products of T, a type that is computed in, accumulate in.
template <class T>
using Running = std::conditional_t<std::is_same_v<T, int64_t>, uint64_t, double>;

template <class A>
struct RunningSum {
  A value;
};
template <class A>
struct RunningProduct {
  A value;
};
// log sum exp
struct RunningLogarithm {
  double value;
};
// A largest or smallest value, and where it stands.
template <class T, bool kLargest>
struct RunningExtreme {
  T value;
  int64_t index;
};
// The map from y to a y + b.
struct RunningLine {
  double a, b;
};

template <class A>
DT_HD RunningSum<A> together(RunningSum<A> first, RunningSum<A> second) {
  return {first.value + second.value};
}
template <class A>
DT_HD RunningProduct<A> together(RunningProduct<A> first, RunningProduct<A> second) {
  return {first.value * second.value};
}
DT_HD inline RunningLogarithm together(RunningLogarithm first, RunningLogarithm second) {
  const double x = first.value, y = second.value, most = x > y || x != x ? x : y, least = x > y || x != x ? y : x;
  if (most == least) return {most + 0.69314718055994530942};  // also of equal infinities
  return {most + log1p(exp(least - most))};
}
// NaN is beyond all, and the later of equal ones wins.
template <class T, bool kLargest>
DT_HD RunningExtreme<T, kLargest> together(RunningExtreme<T, kLargest> first, RunningExtreme<T, kLargest> second) {
  if (second.value != second.value) return second;
  if (first.value != first.value) return first;
  return (kLargest ? second.value >= first.value : second.value <= first.value) ? second : first;
}
DT_HD inline RunningLine together(RunningLine first, RunningLine second) {
  return {first.a * second.a, second.a * first.b + second.b};
}
