// Formulas of kernels/compare.h; T is float, double or int64. See math/convert.h for how it is included.

template <class T>
struct Eq {
  DT_HD bool operator()(T x, T y) const { return x == y; }
};
template <class T>
struct Ne {
  DT_HD bool operator()(T x, T y) const { return x != y; }
};
template <class T>
struct Lt {
  DT_HD bool operator()(T x, T y) const { return x < y; }
};
template <class T>
struct Le {
  DT_HD bool operator()(T x, T y) const { return x <= y; }
};
template <class T>
struct Gt {
  DT_HD bool operator()(T x, T y) const { return x > y; }
};
template <class T>
struct Ge {
  DT_HD bool operator()(T x, T y) const { return x >= y; }
};
