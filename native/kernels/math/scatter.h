// Formulas of kernels/scatter.h; T is float, double or int64. See math/convert.h for how it is included.

template <class T>
DT_HD T combined(Combine how, T x, T y) {
  using W = Wrapping<T>;
  switch (how) {
    case Combine::sum: return static_cast<T>(static_cast<W>(x) + static_cast<W>(y));
    case Combine::prod: return static_cast<T>(static_cast<W>(x) * static_cast<W>(y));
    case Combine::amax: return x != x || x > y ? x : y;
    case Combine::amin: return x != x || x < y ? x : y;
    default: return y;
  }
}
