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
template <class T>
struct Erfc {
  DT_HD T operator()(T x) const { return DT_MATH(erfc)(x); }
};

// exp(x^2) erfc(x) for x >= 0, where neither factor need be representable: (1 + 2 x) times it, which stays between 1
// and 1.24, is a polynomial of t = (x - 4) / (x + 4), of the Chebyshev series to 2e-16 (M. M. Shepherd and J. G.
// Laframboise, Mathematics of Computation 36, 1981).
template <class T>
DT_HD T scaledTail(T x) {
  constexpr double c[] = {
      9.311744978232572e-10,   1.5738283774192037e-09,  -1.234686604382353e-08,  -1.6371779763566967e-08,
      1.0633855618594884e-07,  7.115337800585303e-08,   -8.210939042560568e-07,  2.9801353803031333e-07,
      5.706604414895734e-06,   -1.1225101875659178e-05, -2.4397746422436416e-05, 1.5062309720018628e-04,
      -1.9925714661091188e-04, -7.57773707063825e-04,   5.031970067657489e-03,   -1.6197733981455194e-02,
      3.716751552655567e-02,   -6.633036582031154e-02,  9.37328349990944e-02,    -1.0103906603586531e-01,
      6.809705425466908e-02,   1.5379652102610473e-02,  -1.396211168405623e-01,  1.2329951186255526};
  const T t = T(1) - T(8) / (x + T(4));
  T sum = 0;
  for (const double k : c) sum = sum * t + static_cast<T>(k);
  return sum / (T(1) + T(2) * x);
}

// exp(k x^2) for 0 <= x. The square is split into one without rounding and a small rest, for rounding x^2 would cost
// x^2 times the precision. Above 40 it is 0 or infinite either way, and x^2 may not be infinite here.
template <class T>
DT_HD T expOfSquare(T k, T x) {
  const T bounded = x > T(40) ? T(40) : x, main = DT_MATH(trunc)(bounded * T(16)) / T(16);
  return DT_MATH(exp)(k * main * main) * DT_MATH(exp)(k * (bounded - main) * (bounded + main));
}

// Below 0: 2 exp(x^2) - erfcx(-x)
template <class T>
struct Erfcx {
  DT_HD T operator()(T x) const {
    const T size = DT_MATH(fabs)(x), tail = scaledTail(size);
    return x < T(0) ? T(2) * expOfSquare(T(1), size) - tail : tail;
  }
};

// How likely a normal number is below x. Of the side that is the smaller one exp(-x^2 / 2) erfcx(|x| / sqrt 2) / 2.
template <class T>
struct Ndtr {
  DT_HD T operator()(T x) const {
    const T size = DT_MATH(fabs)(x);
    const T tail = T(0.5) * expOfSquare(T(-0.5), size) * scaledTail(size * T(0.70710678118654752440));
    return x < T(0) ? tail : T(1) - tail;
  }
};

// Its logarithm, which below 0 does not need the exponential: log(erfcx / 2) - x^2 / 2.
template <class T>
struct LogNdtr {
  DT_HD T operator()(T x) const {
    const T size = DT_MATH(fabs)(x), half = T(0.5) * scaledTail(size * T(0.70710678118654752440));
    const T below = DT_MATH(log)(half) - T(0.5) * x * x, above = DT_MATH(log1p)(-half * expOfSquare(T(-0.5), size));
    return x < T(0) ? below : above;
  }
};
template <class T>
struct Tan {
  DT_HD T operator()(T x) const { return DT_MATH(tan)(x); }
};
template <class T>
struct Asin {
  DT_HD T operator()(T x) const { return DT_MATH(asin)(x); }
};
template <class T>
struct Acos {
  DT_HD T operator()(T x) const { return DT_MATH(acos)(x); }
};
template <class T>
struct Atan {
  DT_HD T operator()(T x) const { return DT_MATH(atan)(x); }
};
template <class T>
struct Sinh {
  DT_HD T operator()(T x) const { return DT_MATH(sinh)(x); }
};
template <class T>
struct Cosh {
  DT_HD T operator()(T x) const { return DT_MATH(cosh)(x); }
};
template <class T>
struct Asinh {
  DT_HD T operator()(T x) const { return DT_MATH(asinh)(x); }
};
template <class T>
struct Acosh {
  DT_HD T operator()(T x) const { return DT_MATH(acosh)(x); }
};
template <class T>
struct Atanh {
  DT_HD T operator()(T x) const { return DT_MATH(atanh)(x); }
};

// 2 to the power of k, where that is a normal number.
DT_HD inline float powerOfTwo(float, int64_t k) {
  return __builtin_bit_cast(float, static_cast<uint32_t>((k + 127) << 23));
}
DT_HD inline double powerOfTwo(double, int64_t k) { return __builtin_bit_cast(double, (k + 1023) << 52); }

// x is its mantissa, from 0.5 to 1, times 2 to the power of its exponent. Of 0 and what is not finite the exponent is
// 0.
template <class T>
struct Exponent {
  DT_HD T operator()(T x) const { return x == T(0) || x - x != T(0) ? T(0) : DT_MATH(logb)(x) + T(1); }
};
template <class T>
struct Mantissa {
  DT_HD T operator()(T x) const {
    const int64_t exponent = static_cast<int64_t>(Exponent<T>()(x)), half = exponent / 2;  // the power may be too large
    return x * powerOfTwo(T(), -half) * powerOfTwo(T(), half - exponent);
  }
};
