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
template <class T>
struct Abs {
  DT_HD T operator()(T x) const {
    if constexpr (std::is_integral_v<T>) return x < 0 ? static_cast<T>(-Wrapping<T>(x)) : x;
    else return DT_MATH(fabs)(x);
  }
};
template <class T>
struct Sign {  // of NaN 0, as in PyTorch
  DT_HD T operator()(T x) const { return static_cast<T>((x > T(0)) - (x < T(0))); }
};
template <class T>
struct Floor {
  DT_HD T operator()(T x) const {
    if constexpr (std::is_integral_v<T>) return x;
    else return DT_MATH(floor)(x);
  }
};
template <class T>
struct Ceil {
  DT_HD T operator()(T x) const {
    if constexpr (std::is_integral_v<T>) return x;
    else return DT_MATH(ceil)(x);
  }
};
template <class T>
struct Round {  // halves to the even neighbour
  DT_HD T operator()(T x) const {
    if constexpr (std::is_integral_v<T>) return x;
    else return DT_MATH(rint)(x);
  }
};
template <class T>
struct Trunc {
  DT_HD T operator()(T x) const {
    if constexpr (std::is_integral_v<T>) return x;
    else return DT_MATH(trunc)(x);
  }
};
template <class T>
struct Reciprocal {
  DT_HD T operator()(T x) const { return T(1) / x; }
};
template <class T>
struct Sqrt {
  DT_HD T operator()(T x) const { return DT_MATH(sqrt)(x); }
};
template <class T>
struct Rsqrt {
  DT_HD T operator()(T x) const { return T(1) / DT_MATH(sqrt)(x); }
};
template <class T>
struct Sigmoid {
  DT_HD T operator()(T x) const { return T(1) / (T(1) + DT_MATH(exp)(-x)); }
};
template <class T>
struct Tanh {
  DT_HD T operator()(T x) const { return DT_MATH(tanh)(x); }
};
template <class T>
struct Sin {
  DT_HD T operator()(T x) const { return DT_MATH(sin)(x); }
};
template <class T>
struct Cos {
  DT_HD T operator()(T x) const { return DT_MATH(cos)(x); }
};
template <class T>
struct Log1p {
  DT_HD T operator()(T x) const { return DT_MATH(log1p)(x); }
};
template <class T>
struct Expm1 {
  DT_HD T operator()(T x) const { return DT_MATH(expm1)(x); }
};
template <class T>
struct Log2 {
  DT_HD T operator()(T x) const { return DT_MATH(log2)(x); }
};
template <class T>
struct Log10 {
  DT_HD T operator()(T x) const { return DT_MATH(log10)(x); }
};
template <class T>
struct Exp2 {
  DT_HD T operator()(T x) const { return DT_MATH(exp2)(x); }
};
template <class T>
struct Erf {
  DT_HD T operator()(T x) const { return DT_MATH(erf)(x); }
};
