// Formulas of kernels/select.h; T is float, double or int64. See math/convert.h for how it is included.

template <class T>
struct Where {
  DT_HD T operator()(T condition, T x, T y) const { return condition != T(0) ? x : y; }
};
// NaN wherever one of the three is; the upper bound where the bounds are the wrong way round.
template <class T>
struct Clamp {
  DT_HD T operator()(T x, T low, T high) const {
    const T larger = x < low ? low : x, raised = low == low ? larger : low;
    const T smaller = high < raised ? high : raised;
    return high == high ? smaller : high;
  }
};
// From the nearer end, so that weight 1 gives `end` itself.
template <class T>
struct Lerp {
  DT_HD T operator()(T x, T end, T weight) const {
    const T apart = end - x;
    return (weight < T(0) ? -weight : weight) < T(0.5) ? x + weight * apart : end - apart * (T(1) - weight);
  }
};
template <class T>
struct Addcmul {
  DT_HD T operator()(Wrapping<T> x, Wrapping<T> a, Wrapping<T> b) const { return static_cast<T>(x + a * b); }
};
