// Formulas of kernels/bitwise.h; T is int64. See math/convert.h for how it is included.

template <class T>
struct BitAnd {
  DT_HD T operator()(T x, T y) const { return x & y; }
};
template <class T>
struct BitOr {
  DT_HD T operator()(T x, T y) const { return x | y; }
};
template <class T>
struct BitXor {
  DT_HD T operator()(T x, T y) const { return x ^ y; }
};
template <class T>
struct ShiftLeft {
  DT_HD T operator()(T x, T y) const { return y < 0 || y > 63 ? 0 : static_cast<T>(Wrapping<T>(x) << y); }
};
template <class T>
struct ShiftRight {  // the sign stays
  DT_HD T operator()(T x, T y) const { return x >> (y < 0 || y > 63 ? 63 : y); }
};
template <class T>
struct Gcd {
  DT_HD T operator()(T x, T y) const {
    Wrapping<T> a = x < 0 ? -Wrapping<T>(x) : x, b = y < 0 ? -Wrapping<T>(y) : y;
    while (b != 0) {
      const Wrapping<T> rest = a % b;
      a = b;
      b = rest;
    }
    return static_cast<T>(a);
  }
};
template <class T>
struct Lcm {
  DT_HD T operator()(T x, T y) const {
    const T divisor = Gcd<T>()(x, y);
    if (divisor == 0) return 0;
    const T multiple = static_cast<T>(Wrapping<T>(x / divisor) * Wrapping<T>(y));
    return multiple < 0 ? static_cast<T>(-Wrapping<T>(multiple)) : multiple;
  }
};
