// Formulas of kernels/creation.h; see math/convert.h for how it is included.

// Element i of n from start to end: counted from the nearer end, and rounded once, as PyTorch's are.
template <class T>
DT_HD T spacedAt(int64_t i, int64_t n, T start, T end, T step) {
  if (n == 1 || i < n / 2) return std::fma(step, static_cast<T>(i), start);
  return std::fma(-step, static_cast<T>(n - 1 - i), end);
}
template <class T>
DT_HD T stepOf(int64_t n, T start, T end) {
  return n > 1 ? (end - start) / static_cast<T>(n - 1) : T(0);
}
