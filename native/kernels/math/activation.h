// Formulas of kernels/activation.h; T is float, double or int64. See math/convert.h for how it is included.

template <class T>
struct Relu {  // NaN stays NaN, as in PyTorch
  DT_HD T operator()(T x) const { return x < T(0) ? T(0) : x; }
};
// The gradient passes where the output is positive (or NaN, as in PyTorch).
template <class T>
struct ReluGrad {
  DT_HD T operator()(T dy, T y) const { return y <= T(0) ? T(0) : dy; }
};

template <class T>
struct Gelu {
  DT_HD T operator()(T x) const { return x * T(0.5) * (T(1) + DT_MATH(erf)(x * T(0.70710678118654752440))); }
};
template <class T>
struct GeluTanh {
  DT_HD T operator()(T x) const {
    const T inner = T(0.79788456080286535588) * (x + T(0.044715) * x * x * x);
    return x * T(0.5) * (T(1) + DT_MATH(tanh)(inner));
  }
};
template <class T>
struct Silu {
  DT_HD T operator()(T x) const { return x / (T(1) + DT_MATH(exp)(-x)); }
};
// Exponents stay below 0, so that the branch that is not taken is finite; NaN goes through both.
template <class T>
struct Selu {
  DT_HD T operator()(T x) const {
    const T below = T(1.6732632423543772848170429916717) * DT_MATH(expm1)(x > T(0) ? T(0) : x);
    return T(1.0507009873554804934193349852946) * (x > T(0) ? x : below);
  }
};
template <class T>
struct LogSigmoid {
  DT_HD T operator()(T x) const { return (x > T(0) ? T(0) : x) - DT_MATH(log1p)(DT_MATH(exp)(-DT_MATH(fabs)(x))); }
};
// (x + 3) / 6 between 0 and 1, NaN stays NaN; a product with the rounded sixth would not be 1 at 3.
template <class T>
struct Hardsigmoid {
  DT_HD T operator()(T x) const {
    const T y = x + T(3);
    return (y < T(0) ? T(0) : y > T(6) ? T(6) : y) / T(6);
  }
};
template <class T>
struct Hardswish {
  DT_HD T operator()(T x) const {
    const T y = x + T(3);
    return x * (y < T(0) ? T(0) : y > T(6) ? T(6) : y) / T(6);
  }
};
// log1p(exp(x)) is x far above zero, where exp would overflow.
template <class T>
struct Mish {
  DT_HD T operator()(T x) const {
    const T above = x > T(0) ? x : T(0);
    return x * DT_MATH(tanh)(above + DT_MATH(log1p)(DT_MATH(exp)(-DT_MATH(fabs)(x))));
  }
};
template <class T>
struct Hardshrink {  // NaN stays NaN
  DT_HD T operator()(T x, T limit) const { return x >= -limit && x <= limit ? T(0) : x; }
};
template <class T>
struct Softshrink {  // NaN stays NaN
  DT_HD T operator()(T x, T by) const { return x > by ? x - by : x < -by ? x + by : x * T(0); }
};

template <class T>
struct LeakyRelu {
  DT_HD T operator()(T x, T slope) const { return x > T(0) ? x : x * slope; }
};
template <class T>
struct Elu {
  DT_HD T operator()(T x, T alpha, T scale) const {
    const T below = alpha * DT_MATH(expm1)(x > T(0) ? T(0) : x * scale);
    return x > T(0) ? x : below;
  }
};
// x itself beyond the threshold, where exp would overflow.
template <class T>
struct Softplus {
  DT_HD T operator()(T x, T beta, T threshold) const {
    const T scaled = x * beta, bent = DT_MATH(log1p)(DT_MATH(exp)(scaled > threshold ? T(0) : scaled)) / beta;
    return scaled > threshold ? x : bent;
  }
};
