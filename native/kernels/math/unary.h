// Formulas of kernels/unary.h; T is float, double or int64. See math/convert.h for how it is included.

template <class T>
struct Neg {
  DT_HD T operator()(Wrapping<T> x) const { return static_cast<T>(-x); }
};
template <class T>
struct Exp {
  DT_HD T operator()(T x) const { return DT_MATH(exp)(x); }
};
template <class T>
struct Log {
  DT_HD T operator()(T x) const { return DT_MATH(log)(x); }
};
