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
template <class T>
struct DivTrunc {
  DT_HD T operator()(T x, T y) const {
    if constexpr (std::is_integral_v<T>) return y == 0 ? 0 : y == -1 ? static_cast<T>(-Wrapping<T>(x)) : x / y;
    else return DT_MATH(trunc)(x / y);
  }
};
// PyTorch's, which is exact where x / y rounds up to an integer: from the remainder.
template <class T>
struct DivFloor {
  DT_HD T operator()(T x, T y) const {
    if constexpr (std::is_integral_v<T>) {
      const T quotient = DivTrunc<T>()(x, y);
      return y != 0 && (x < 0) != (y < 0) && quotient * Wrapping<T>(y) != Wrapping<T>(x) ? quotient - 1 : quotient;
    } else {
      if (y == 0) return x / y;
      const T rest = DT_MATH(fmod)(x, y);
      T quotient = (x - rest) / y;
      if (rest != 0 && (y < 0) != (rest < 0)) quotient -= 1;
      if (quotient == 0) return T(0) * (x / y);  // with its sign
      const T down = DT_MATH(floor)(quotient);
      return quotient - down > T(0.5) ? down + 1 : down;
    }
  }
};
// What divTrunc leaves over; it has the sign of x.
template <class T>
struct Fmod {
  DT_HD T operator()(T x, T y) const {
    if constexpr (std::is_integral_v<T>) return y == 0 || y == -1 ? 0 : x % y;
    else return DT_MATH(fmod)(x, y);
  }
};
// What divFloor leaves over; it has the sign of y.
template <class T>
struct Remainder {
  DT_HD T operator()(T x, T y) const {
    const T rest = Fmod<T>()(x, y);
    return rest != T(0) && (rest < T(0)) != (y < T(0)) ? rest + y : rest;
  }
};
template <class T>
struct Pow {
  DT_HD T operator()(T x, T y) const {
    if constexpr (std::is_integral_v<T>) {
      if (y < 0) return x == 1 ? 1 : x != -1 ? 0 : y % 2 == 0 ? 1 : -1;
      Wrapping<T> power = 1;
      for (Wrapping<T> base = x; y > 0; y /= 2, base *= base)
        if (y % 2 != 0) power *= base;
      return static_cast<T>(power);
    } else {
      return DT_MATH(pow)(x, y);
    }
  }
};
// NaN wherever one of both is. Two choices, of which processors have the first as one instruction.
template <class T>
struct Maximum {
  DT_HD T operator()(T x, T y) const {
    const T larger = x < y ? y : x;
    return y == y ? larger : y;
  }
};
template <class T>
struct Minimum {
  DT_HD T operator()(T x, T y) const {
    const T smaller = y < x ? y : x;
    return y == y ? smaller : y;
  }
};
// The other one where one of both is NaN.
template <class T>
struct Fmax {
  DT_HD T operator()(T x, T y) const { return x < y || x != x ? y : x; }
};
template <class T>
struct Fmin {
  DT_HD T operator()(T x, T y) const { return y < x || x != x ? y : x; }
};
template <class T>
struct Atan2 {
  DT_HD T operator()(T x, T y) const { return DT_MATH(atan2)(x, y); }
};
template <class T>
struct Hypot {
  DT_HD T operator()(T x, T y) const { return DT_MATH(hypot)(x, y); }
};
template <class T>
struct CopySign {
  DT_HD T operator()(T x, T y) const { return DT_MATH(copysign)(x, y); }
};
// From the larger of both, so that nothing overflows. Equals are left alone, since two infinities have no difference.
template <class T>
struct LogAddExp {
  DT_HD T operator()(T x, T y) const {
    const T apart = x == y ? T(0) : DT_MATH(fabs)(x - y);
    return (x < y ? y : x) + DT_MATH(log1p)(DT_MATH(exp)(-apart));
  }
};
template <class T>
struct LogAddExp2 {
  DT_HD T operator()(T x, T y) const {
    const T apart = x == y ? T(0) : DT_MATH(fabs)(x - y);
    return (x < y ? y : x) + DT_MATH(log1p)(DT_MATH(exp2)(-apart)) * T(1.4426950408889634074);
  }
};
