// Elementwise maths, written once for every backend: DT_HD is empty on CPU and `__host__ __device__` under CUDA. The
// file is included inside a namespace of the backend (or of the instruction set), so that no two builds share a symbol.
//
// Unary: T operator()(T x). Binary: R operator()(T x, T y); add and sub also carry alpha. Cast: Cast<To>(x).

template <class T>
struct Neg {
  DT_HD T operator()(T x) const { return static_cast<T>(-x); }
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
struct Relu {  // NaN stays NaN, as in PyTorch
  DT_HD T operator()(T x) const { return x < T(0) ? T(0) : x; }
};

template <class T>
struct Add {
  T alpha;
  DT_HD T operator()(T x, T y) const { return static_cast<T>(x + alpha * y); }
};
template <>
struct Add<bool> {
  bool alpha;
  DT_HD bool operator()(bool x, bool y) const { return x | (alpha & y); }
};
template <class T>
struct Sub {
  T alpha;
  DT_HD T operator()(T x, T y) const { return static_cast<T>(x - alpha * y); }
};
template <class T>
struct Mul {
  DT_HD T operator()(T x, T y) const { return static_cast<T>(x * y); }
};
template <class T>
struct Div {
  DT_HD T operator()(T x, T y) const { return x / y; }
};
// d relu: the gradient passes where the output is positive (or NaN, as in PyTorch).
template <class T>
struct ReluGrad {
  DT_HD T operator()(T dy, T y) const { return y <= T(0) ? T(0) : dy; }
};

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
