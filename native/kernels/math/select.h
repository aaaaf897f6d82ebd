// Formulas of kernels/select.h; T is float, double or int64. See math/convert.h for how it is included.

template <class T>
struct Where {
  DT_HD T operator()(T condition, T x, T y) const { return condition != T(0) ? x : y; }
};
// NaN wherever one of the three is; the upper bound where the bounds are the wrong way round.
template <class T>
struct Clamp {
  DT_HD T operator()(T x, T low, T high) const {
    const T raised = x < low || low != low ? low : x;
    return high < raised || high != high ? high : raised;
  }
};
