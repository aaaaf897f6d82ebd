// Optimizer steps of one element, written once for every backend; math/convert.h says how such a file is included.
//
// A functor is made of the numbers that its class in src/optim gives, in that order. It is called with a parameter, its
// gradient and its states: one overload for each number of states. Options that are no state are numbers, 0 or 1, so
// that no loop has a branch. T is float, for halves too, or double.

// PyTorch's SGD: g = ±grad + weightDecay p;  b = momentum b + (1 - dampening) g;  g = nesterov ? g + momentum b : b;
// p -= lr g. Without momentum there is no b.
template <class T>
struct Sgd {
  T lr, momentum, take, decay, nesterov, sign;
  explicit Sgd(const double* s)
      : lr(static_cast<T>(s[0])), momentum(static_cast<T>(s[1])), take(static_cast<T>(1 - s[2])),
        decay(static_cast<T>(s[3])), nesterov(static_cast<T>(s[4])), sign(s[5] != 0 ? T(-1) : T(1)) {}

  DT_HD T gradient(T p, T grad) const { return sign * grad + decay * p; }

  DT_HD void operator()(T& p, T grad) const { p -= lr * gradient(p, grad); }
  DT_HD void operator()(T& p, T grad, T& b) const {
    const T g = gradient(p, grad);
    b = momentum * b + take * g;
    p -= lr * (nesterov != T(0) ? g + momentum * b : b);
  }
};

// Element i of the arrays: parameter, gradient, states.
template <class Step, class T, int kArrays>
DT_HD void updateElement(const Step& step, T* const (&at)[kArrays], int64_t i) {
  static_assert(kArrays <= 2 + kMostStates);
  if constexpr (kArrays == 2) step(at[0][i], at[1][i]);
  if constexpr (kArrays == 3) step(at[0][i], at[1][i], at[2][i]);
  if constexpr (kArrays == 4) step(at[0][i], at[1][i], at[2][i], at[3][i]);
  if constexpr (kArrays == 5) step(at[0][i], at[1][i], at[2][i], at[3][i], at[4][i]);
}

// f(States<n>()) for the n of kLeast to kMost that `states` is.
template <int n>
struct States {};
template <int kLeast, int kMost, class F>
void withStates(int states, F&& f) {
  if constexpr (kLeast < kMost) {
    if (states > kLeast) return withStates<kLeast + 1, kMost>(states, f);
  }
  f(States<kLeast>());
}
