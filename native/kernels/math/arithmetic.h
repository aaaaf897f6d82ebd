// Formulas of kernels/arithmetic.h; T is float, double or int64. See math/convert.h for how it is included.

template <class T>
struct Add {
  Wrapping<T> alpha;
  DT_HD T operator()(Wrapping<T> x, Wrapping<T> y) const { return static_cast<T>(x + alpha * y); }
};
template <class T>
struct Sub {
  Wrapping<T> alpha;
  DT_HD T operator()(Wrapping<T> x, Wrapping<T> y) const { return static_cast<T>(x - alpha * y); }
};
template <class T>
struct Mul {
  DT_HD T operator()(Wrapping<T> x, Wrapping<T> y) const { return static_cast<T>(x * y); }
};
template <class T>
struct Div {
  DT_HD T operator()(T x, T y) const { return x / y; }
};
