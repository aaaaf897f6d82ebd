// Maths of one element, written once for every backend: DT_HD is empty on CPU and `__host__ __device__` under CUDA,
// DT_MATH(exp) is a function overloaded for float and double. The file is included inside a namespace of the backend
// (or of the instruction set), so that no two builds share a symbol; hence no #pragma once.
//
// Unary: T operator()(T x). Binary: R operator()(T x, T y). Their names are in the lists of elementwise.h.

// Between dtypes. A float beyond int64's range is undefined in C++; uint8 goes through int64 so that it wraps as
// PyTorch's does.
template <class To>
struct Convert {
  template <class From>
  DT_HD To operator()(From x) const {
    return static_cast<To>(x);
  }
};
template <>
struct Convert<uint8_t> {
  template <class From>
  DT_HD uint8_t operator()(From x) const {
    return static_cast<uint8_t>(static_cast<int64_t>(x));
  }
};
template <>
struct Convert<bool> {
  template <class From>
  DT_HD bool operator()(From x) const {
    return x != From(0);
  }
};

// What arithmetic on T is done in. Integers wrap as in PyTorch, which C++ promises only for unsigned ones.
template <class T>
struct ArithmeticOf {
  using type = T;
};
template <>
struct ArithmeticOf<int64_t> {
  using type = uint64_t;
};
template <class T>
using Arithmetic = typename ArithmeticOf<T>::type;

template <class T>
struct Neg {
  DT_HD T operator()(Arithmetic<T> x) const { return static_cast<T>(-x); }
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
  DT_HD T operator()(T x) const {
    T zero = T(0);  // a variable, because nvcc warns of an unsigned number below a literal 0
    return x < zero ? zero : x;
  }
};

template <class T>
struct Add {
  Arithmetic<T> alpha;
  DT_HD T operator()(Arithmetic<T> x, Arithmetic<T> y) const { return static_cast<T>(x + alpha * y); }
};
template <>
struct Add<bool> {
  bool alpha;
  DT_HD bool operator()(bool x, bool y) const { return x | (alpha & y); }
};
template <class T>
struct Sub {
  Arithmetic<T> alpha;
  DT_HD T operator()(Arithmetic<T> x, Arithmetic<T> y) const { return static_cast<T>(x - alpha * y); }
};
template <class T>
struct Mul {
  DT_HD T operator()(Arithmetic<T> x, Arithmetic<T> y) const { return static_cast<T>(x * y); }
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

// A binary functor over elements of type T, with alpha if it keeps one.
template <class F, class T>
DT_HD F withAlpha(double alpha) {
  if constexpr (requires(F f) { f.alpha; }) return F{static_cast<decltype(F::alpha)>(Convert<T>()(alpha))};
  else return F{};
}

// What sums of T accumulate in: of integers as int64, wrapping.
template <class T>
struct AccumulatorOf {
  using type = Arithmetic<int64_t>;
};
template <>
struct AccumulatorOf<float> {
  using type = double;
};
template <>
struct AccumulatorOf<double> {
  using type = double;
};

// NaN is larger than everything: x != x is true only for NaN, and nothing is greater than NaN.
template <class T>
DT_HD T maxOf(T acc, T x) {
  return (x > acc || x != x) ? x : acc;
}

// PyTorch's SGD: g = ±grad + weightDecay p;  b = momentum b + (1 - dampening) g;  g = nesterov ? g + momentum b : b;
// p -= lr g. The first step takes b = g.
template <class T, bool kMomentum, bool kFresh>
struct SgdStep {
  explicit SgdStep(const Sgd& p)
      : sign(p.maximize ? T(-1) : T(1)), decay(static_cast<T>(p.weightDecay)), lr(static_cast<T>(p.lr)),
        momentum(static_cast<T>(p.momentum)), take(static_cast<T>(1 - p.dampening)), nesterov(T(p.nesterov)) {}
  T sign, decay, lr, momentum, take, nesterov;  // nesterov is 0 or 1

  DT_HD void operator()(T& param, T grad, T* buffer) const {  // buffer is null without momentum
    T g = sign * grad + decay * param;
    if constexpr (kMomentum) {
      const T b = kFresh ? g : momentum * *buffer + take * g;
      *buffer = b;
      g = nesterov != T(0) ? g + momentum * b : b;
    }
    param -= lr * g;
  }
};
