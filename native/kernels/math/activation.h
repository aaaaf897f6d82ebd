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
