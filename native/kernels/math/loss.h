// Formulas of kernels/loss.h; T is float or double. See math/convert.h for how it is included.

// d^2, with d = x - target
template <class T>
struct Mse {
  DT_HD T operator()(T x, T t) const { return (x - t) * (x - t); }
};
template <class T>
struct MseSlope {
  DT_HD T operator()(T x, T t) const { return T(2) * (x - t); }
};

// |d| < beta ? d^2 / (2 beta) : |d| - beta / 2
template <class T>
struct SmoothL1 {
  T alpha;
  DT_HD T operator()(T x, T t) const {
    const T d = x - t, size = d < T(0) ? -d : d;
    return size < alpha ? T(0.5) * d * d / alpha : size - T(0.5) * alpha;
  }
};
template <class T>
struct SmoothL1Slope {
  T alpha;
  DT_HD T operator()(T x, T t) const {
    const T d = x - t;
    return d <= -alpha ? T(-1) : d >= alpha ? T(1) : d / alpha;
  }
};

// |d| < delta ? d^2 / 2 : delta (|d| - delta / 2)
template <class T>
struct Huber {
  T alpha;
  DT_HD T operator()(T x, T t) const {
    const T d = x - t, size = d < T(0) ? -d : d;
    return size < alpha ? T(0.5) * d * d : alpha * (size - T(0.5) * alpha);
  }
};
template <class T>
struct HuberSlope {
  T alpha;
  DT_HD T operator()(T x, T t) const {
    const T d = x - t;
    return d <= -alpha ? -alpha : d >= alpha ? alpha : d;
  }
};

// (t - 1) log(1 - x) - t log x, where no logarithm is below -100, so that a wrong certainty costs no infinity. NaN
// unless x and t are from 0 to 1.
template <class T>
struct Entropy {
  DT_HD static T bounded(T log) { return log < T(-100) ? T(-100) : log; }
  DT_HD T operator()(T x, T t) const {
    const T loss = (t - T(1)) * bounded(DT_MATH(log1p)(-x)) - t * bounded(DT_MATH(log)(x));
    return t >= T(0) && t <= T(1) ? loss : T(__builtin_nanf(""));
  }
};
// (x - t) / (x (1 - x)), where the divisor is not below 1e-12 as a float
template <class T>
struct EntropySlope {
  DT_HD T operator()(T x, T t) const {
    const T divisor = (T(1) - x) * x;
    return (x - t) / (divisor < T(1e-12f) ? T(1e-12f) : divisor);
  }
};

// The same of sigmoid(x), without its logarithms: max(x, 0) - x t + log(1 + exp(-|x|))
template <class T>
struct LogitEntropy {
  DT_HD T operator()(T x, T t) const {
    const T size = x < T(0) ? -x : x;
    return (x < T(0) ? T(0) : x) - x * t + DT_MATH(log1p)(DT_MATH(exp)(-size));
  }
};
// sigmoid(x) - t
template <class T>
struct LogitEntropySlope {
  DT_HD T operator()(T x, T t) const { return T(1) / (T(1) + DT_MATH(exp)(-x)) - t; }
};
