// Formulas of kernels/special.h; T is float or double. See math/convert.h for how it is included. Sums and fractions
// are computed in double for both. PyTorch's methods, so that its numbers come out: digamma, zeta and the incomplete
// gamma functions after the Cephes library (S. L. Moshier), erfinv after G. L. Pavlis.

constexpr double kPi = 3.14159265358979323846;

// Two steps of Newton's method from a rational approximation.
DT_HD inline double erfinvOf(double y) {
  const double size = DT_MATH(fabs)(y);
  if (!(size < 1)) return (size == 1 ? y : y - y) / (size - size);  // infinite at the ends, NaN beyond
  double x;
  if (size <= 0.7) {
    const double z = y * y;
    x = y * (((-0.140543331 * z + 0.914624893) * z - 1.645349621) * z + 0.886226899) /
        ((((0.012229801 * z - 0.329097515) * z + 1.442710462) * z - 2.118377725) * z + 1);
  } else {
    const double z = DT_MATH(sqrt)(-DT_MATH(log)((1 - size) / 2));
    x = DT_MATH(copysign)(((1.641345311 * z + 3.429567803) * z - 1.624906493) * z - 1.970840454, y) /
        ((1.637067800 * z + 3.543889200) * z + 1);
  }
  for (int step = 0; step < 2; step++) x -= (DT_MATH(erf)(x) - y) / (1.12837916709551257390 * DT_MATH(exp)(-x * x));
  return x;
}
template <class T>
struct ErfInv {
  DT_HD T operator()(T x) const { return static_cast<T>(erfinvOf(x)); }
};

template <class T>
struct LogGamma {
  DT_HD T operator()(T x) const { return DT_MATH(lgamma)(x); }
};

// Below 0 by reflection; above by the asymptotic series from 10 on.
DT_HD inline double digammaOf(double x) {
  if (x == 0) return -1 / x;
  double result = 0;
  if (x < 0) {
    const double fraction = x - DT_MATH(trunc)(x);
    if (fraction == 0) return fraction / fraction;
    result = -kPi / DT_MATH(tan)(kPi * fraction);
    x = 1 - x;
  }
  for (; x < 10; x += 1) result -= 1 / x;
  constexpr double c[] = {1.0 / 12, -691.0 / 32760, 1.0 / 132, -1.0 / 240, 1.0 / 252, -1.0 / 120, 1.0 / 12};
  const double z = 1 / (x * x);
  double series = 0;
  for (const double k : c) series = series * z + k;
  return result + (DT_MATH(log)(x) - 0.5 / x - series * z);
}
template <class T>
struct Digamma {
  DT_HD T operator()(T x) const { return static_cast<T>(digammaOf(x)); }
};

// The sum of (q + k)^-x over k from 0 on, by Euler and Maclaurin.
DT_HD inline double zeta(double x, double q) {
  constexpr double c[] = {12.0,
                          -720.0,
                          30240.0,
                          -1209600.0,
                          47900160.0,
                          -1.8924375803183791606e9,
                          7.47242496e10,
                          -2.950130727918164224e12,
                          1.1646782814350067249e14,
                          -4.5979787224074726105e15,
                          1.8152105401943546773e17,
                          -7.1661652561756670113e18};
  constexpr double precision = 0x1p-53;
  if (q <= 0 && q == DT_MATH(floor)(q)) return 1 / (q - q);
  double sum = DT_MATH(pow)(q, -x), at = q, term = 0;
  for (int i = 0; i < 9 || at <= 9; i++) {
    at += 1;
    term = DT_MATH(pow)(at, -x);
    sum += term;
    if (DT_MATH(fabs)(term) < precision * DT_MATH(fabs)(sum)) return sum;
  }
  sum += term * at / (x - 1) - term / 2;
  double factor = 1, k = 0;
  for (const double divisor : c) {
    factor *= x + k;
    term /= at;
    const double more = factor * term / divisor;
    sum += more;
    if (DT_MATH(fabs)(more / sum) < precision) break;
    k += 1;
    factor *= x + k;
    term /= at;
    k += 1;
  }
  return sum;
}

// PyTorch's precision: about eight digits.
DT_HD inline double trigammaOf(double x) {
  const bool reflected = x < 0.5;
  double sum = 0;
  if (reflected) {
    const double sine = DT_MATH(sin)(kPi * x);
    sum = -kPi * kPi / (sine * sine);
    x = 1 - x;
  }
  for (int i = 0; i < 6; i++, x += 1) sum += 1 / (x * x);
  const double z = 1 / (x * x);
  sum += (1 + 1 / (2 * x) + z * (1.0 / 6 - z * (1.0 / 30 - z * (1.0 / 42)))) / x;
  return reflected ? -sum : sum;
}

// The n-th derivative of digamma at x.
template <class T>
struct Polygamma {
  DT_HD T operator()(T x, T n) const {
    if (n == T(0)) return static_cast<T>(digammaOf(x));
    if (n == T(1)) return static_cast<T>(trigammaOf(x));
    const double order = n, size = DT_MATH(exp)(DT_MATH(lgamma)(order + 1)) * zeta(order + 1, x);
    return static_cast<T>(DT_MATH(fmod)(order, 2.0) == 0 ? -size : size);
  }
};

// The power series, whose terms are all positive, or beyond 30 the asymptotic one.
DT_HD inline double besselI(int order, double x) {
  const double size = DT_MATH(fabs)(x), square = x * x / 4;
  double sum = 1, term = 1;
  if (size <= 30) {
    for (int k = 1; term > 0x1p-60 * sum; k++) sum += term *= square / (static_cast<double>(k) * (k + order));
    return order == 0 ? sum : sum * x / 2;
  }
  for (int k = 1; k < 30; k++) {
    const double odd = 2 * k - 1;
    sum += term *= (odd * odd - 4 * order) / (8 * k * size);
  }
  const double result = DT_MATH(exp)(size) / DT_MATH(sqrt)(2 * kPi * size) * sum;
  return order == 1 && x < 0 ? -result : result;
}
template <class T>
struct BesselI0 {
  DT_HD T operator()(T x) const { return static_cast<T>(besselI(0, x)); }
};
template <class T>
struct BesselI1 {
  DT_HD T operator()(T x) const { return static_cast<T>(besselI(1, x)); }
};

template <class T>
struct Sinc {
  DT_HD T operator()(T x) const {
    const T angle = T(kPi) * x;
    return x == T(0) ? T(1) : DT_MATH(sin)(angle) / angle;
  }
};

template <class T>
struct XLogY {
  DT_HD T operator()(T x, T y) const { return x == T(0) && y == y ? T(0) : x * DT_MATH(log)(y); }
};

// x^a exp(-x) / gamma(a), near x = a by Lanczos, where its factors would be far from 1.
DT_HD inline double gammaFactor(double a, double x) {
  if (DT_MATH(fabs)(a - x) > 0.4 * a) return DT_MATH(exp)(a * DT_MATH(log)(x) - x - DT_MATH(lgamma)(a));
  constexpr double above[] = {0.006061842346248906525783753964555936883222, 0.5098416655656676188125178644804694509993,
                              19.51992788247617482847860966235652136208,    449.9445569063168119446858607650988409623,
                              6955.999602515376140356310115515198987526,    75999.29304014542649875303443598909137092,
                              601859.6171681098786670226533699352302507,    3481712.15498064590882071018964774556468,
                              14605578.08768506808414169982791359218571,    43338889.32467613834773723740590533316085,
                              86363131.28813859145546927288977868422342,    103794043.1163445451906271053616070238554,
                              56906521.91347156388090791033559122686859};
  constexpr double below[] = {1,        66,        1925,      32670,     357423,   2637558, 13339535,
                              45995730, 105258076, 150917976, 120543840, 39916800, 0};
  double numerator = 0, denominator = 0;  // of powers of 1 / a, which stay small
  for (int i = 12; i >= 0; i--) {
    numerator = numerator / a + above[i];
    denominator = denominator / a + below[i];
  }
  constexpr double g = 6.024680040776729583740234375;
  const double shifted = a + g - 0.5, scale = DT_MATH(sqrt)(shifted / 2.71828182845904523536) * denominator / numerator;
  if (a < 200 && x < 200) return scale * DT_MATH(exp)(a - x) * DT_MATH(pow)(x / shifted, a);
  const double apart = (x - a - g + 0.5) / shifted;
  return scale * DT_MATH(exp)(a * (DT_MATH(log1p)(apart) - apart) + x * (0.5 - g) / shifted);
}

// Below 1 or a by the power series, beyond by Lentz's continued fraction of the rest. `upper`: the rest itself.
DT_HD inline double incompleteGamma(double a, double x, bool upper) {
  constexpr double precision = 0x1p-53;
  if (!(x >= 0 && a >= 0) || (a == 0 && x == 0) || (a - a != 0 && x - x != 0)) return (x - x) / (x - x);
  if (x == 0 || a - a != 0) return upper ? 1 : 0;
  if (a == 0 || x - x != 0) return upper ? 0 : 1;
  const double factor = gammaFactor(a, x);
  constexpr int most = 100000;
  if (x <= 1 || x <= a) {
    double sum = 1, term = 1;
    for (int k = 1; k < most && term > precision * sum; k++) sum += term *= x / (a + k);
    const double lower = factor * sum / a;
    return upper ? 1 - lower : lower;
  }
  double b = x + 1 - a, c = 1 / 1e-300, d = 1 / b, fraction = d;
  for (int k = 1; k < most; k++) {
    const double step = k * (a - k);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    fraction *= c * d;
    if (DT_MATH(fabs)(c * d - 1) < 2 * precision) break;
  }
  const double rest = factor * fraction;
  return upper ? rest : 1 - rest;
}
template <class T>
struct Igamma {
  DT_HD T operator()(T x, T y) const { return static_cast<T>(incompleteGamma(x, y, false)); }
};
template <class T>
struct Igammac {
  DT_HD T operator()(T x, T y) const { return static_cast<T>(incompleteGamma(x, y, true)); }
};
