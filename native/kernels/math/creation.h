// Formulas of kernels/creation.h; see math/convert.h for how it is included.

// How PyTorch rounds on the way to an element: not at all, of halves the distance of the ends, or all that is computed.
enum class Rounds { nothing, range, all };

// Element i of n from start to end: counted from the nearer end.
template <class T, class Round>
DT_HD T spacedAt(int64_t i, int64_t n, T start, T end, T step, Rounds rounds, const Round& round) {
  const bool first = n == 1 || i < n / 2;
  const T steps = static_cast<T>(first ? i : n - 1 - i), from = first ? start : end, by = first ? step : -step;
  return rounds == Rounds::all ? round(from + round(by * round(steps))) : std::fma(by, steps, from);
}
template <class T, class Round>
DT_HD T stepOf(int64_t n, T start, T end, Rounds rounds, const Round& round) {
  if (n <= 1) return T(0);
  const T range = end - start, steps = static_cast<T>(n - 1);
  if (rounds == Rounds::nothing) return range / steps;
  return rounds == Rounds::range ? round(range) / steps : round(round(range) / round(steps));
}
