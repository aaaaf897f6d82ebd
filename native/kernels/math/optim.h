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

// PyTorch's Adam and AdamW: g = ±grad + weightDecay p;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;
// p = keep p - size m / (sqrt(v) / root + eps). The class gives what depends on the number of the step, t: size is
// lr / (1 - beta1^t), root is sqrt(1 - beta2^t); keep is 1 - lr weightDecay where that is decoupled, and weightDecay is
// 0 then. With amsgrad the largest v so far takes the place of v; NaN is larger than everything.
template <class T>
struct Adam {
  T size, beta1, take1, beta2, take2, root, eps, decay, keep, sign;
  explicit Adam(const double* s)
      : size(static_cast<T>(s[0])), beta1(static_cast<T>(s[1])), take1(static_cast<T>(1 - s[1])),
        beta2(static_cast<T>(s[2])), take2(static_cast<T>(1 - s[2])), root(static_cast<T>(s[3])),
        eps(static_cast<T>(s[4])), decay(static_cast<T>(s[5])), keep(static_cast<T>(s[6])),
        sign(s[7] != 0 ? T(-1) : T(1)) {}

  DT_HD void average(T p, T grad, T& m, T& v) const {
    const T g = sign * grad + decay * p;
    m = beta1 * m + take1 * g;
    v = beta2 * v + take2 * (g * g);
  }
  DT_HD void descend(T& p, T m, T v) const { p = keep * p - size * (m / (DT_MATH(sqrt)(v) / root + eps)); }

  DT_HD void operator()(T& p, T grad, T& m, T& v) const {
    average(p, grad, m, v);
    descend(p, m, v);
  }
  DT_HD void operator()(T& p, T grad, T& m, T& v, T& largest) const {
    average(p, grad, m, v);
    largest = v > largest || v != v ? v : largest;
    descend(p, m, largest);
  }
};

// PyTorch's RMSprop: g = ±grad + weightDecay p;  s = alpha s + (1 - alpha) g^2;  b = momentum b + g / (sqrt(s) + eps);
// p -= lr b. Without momentum there is no b.
template <class T>
struct Rmsprop {
  T lr, alpha, take, eps, decay, momentum, sign;
  explicit Rmsprop(const double* s)
      : lr(static_cast<T>(s[0])), alpha(static_cast<T>(s[1])), take(static_cast<T>(1 - s[1])),
        eps(static_cast<T>(s[2])), decay(static_cast<T>(s[3])), momentum(static_cast<T>(s[4])),
        sign(s[5] != 0 ? T(-1) : T(1)) {}

  DT_HD T gradient(T p, T grad) const { return sign * grad + decay * p; }
  DT_HD T average(T old, T x) const { return alpha * old + take * x; }

  DT_HD void operator()(T& p, T grad, T& s) const {
    const T g = gradient(p, grad);
    s = average(s, g * g);
    p -= lr * (g / (DT_MATH(sqrt)(s) + eps));
  }
  DT_HD void operator()(T& p, T grad, T& s, T& b) const {
    const T g = gradient(p, grad);
    s = average(s, g * g);
    b = momentum * b + g / (DT_MATH(sqrt)(s) + eps);
    p -= lr * b;
  }
};
// The same divided by the deviation instead, sqrt(s - a^2), with a = alpha a + (1 - alpha) g.
template <class T>
struct CenteredRmsprop : Rmsprop<T> {
  using Rmsprop<T>::Rmsprop;

  DT_HD T direction(T g, T& s, T& a) const {
    s = this->average(s, g * g);
    a = this->average(a, g);
    return g / (DT_MATH(sqrt)(s - a * a) + this->eps);
  }

  DT_HD void operator()(T& p, T grad, T& s, T& a) const { p -= this->lr * direction(this->gradient(p, grad), s, a); }
  DT_HD void operator()(T& p, T grad, T& s, T& b, T& a) const {
    b = this->momentum * b + direction(this->gradient(p, grad), s, a);
    p -= this->lr * b;
  }
};

// PyTorch's Adagrad: g = ±grad + weightDecay p;  sum += g^2;  p -= lr g / (sqrt(sum) + eps). lr is that of the step.
template <class T>
struct Adagrad {
  T lr, decay, eps, sign;
  explicit Adagrad(const double* s)
      : lr(static_cast<T>(s[0])), decay(static_cast<T>(s[1])), eps(static_cast<T>(s[2])),
        sign(s[3] != 0 ? T(-1) : T(1)) {}

  DT_HD void operator()(T& p, T grad, T& sum) const {
    const T g = sign * grad + decay * p;
    sum += g * g;
    p -= lr * (g / (DT_MATH(sqrt)(sum) + eps));
  }
};

// PyTorch's Adadelta: g = ±grad + weightDecay p;  s = rho s + (1 - rho) g^2;  d = sqrt(a + eps) / sqrt(s + eps) g;
// a = rho a + (1 - rho) d^2;  p -= lr d.
template <class T>
struct Adadelta {
  T lr, rho, take, eps, decay, sign;
  explicit Adadelta(const double* s)
      : lr(static_cast<T>(s[0])), rho(static_cast<T>(s[1])), take(static_cast<T>(1 - s[1])), eps(static_cast<T>(s[2])),
        decay(static_cast<T>(s[3])), sign(s[4] != 0 ? T(-1) : T(1)) {}

  DT_HD void operator()(T& p, T grad, T& s, T& a) const {
    const T g = sign * grad + decay * p;
    s = rho * s + take * (g * g);
    const T d = DT_MATH(sqrt)(a + eps) / DT_MATH(sqrt)(s + eps) * g;
    a = rho * a + take * (d * d);
    p -= lr * d;
  }
};

// PyTorch's Adamax: g = ±grad + weightDecay p;  m = beta1 m + (1 - beta1) g;  u = max(beta2 u, |g| + eps);
// p -= size m / u, where size is lr / (1 - beta1^t). NaN is larger than everything.
template <class T>
struct Adamax {
  T size, beta1, take, beta2, eps, decay, sign;
  explicit Adamax(const double* s)
      : size(static_cast<T>(s[0])), beta1(static_cast<T>(s[1])), take(static_cast<T>(1 - s[1])),
        beta2(static_cast<T>(s[2])), eps(static_cast<T>(s[3])), decay(static_cast<T>(s[4])),
        sign(s[5] != 0 ? T(-1) : T(1)) {}

  DT_HD void operator()(T& p, T grad, T& m, T& u) const {
    const T g = sign * grad + decay * p;
    m = beta1 * m + take * g;
    const T kept = beta2 * u, now = (g < T(0) ? -g : g) + eps;
    u = now > kept || now != now ? now : kept;
    p -= size * (m / u);
  }
};

// PyTorch's ASGD: g = ±grad + weightDecay p;  p = keep p - eta g;  a += mu (p - a). keep is 1 - lambd eta; eta and mu
// fall as the class says.
template <class T>
struct Asgd {
  T eta, keep, mu, decay, sign;
  explicit Asgd(const double* s)
      : eta(static_cast<T>(s[0])), keep(static_cast<T>(s[1])), mu(static_cast<T>(s[2])), decay(static_cast<T>(s[3])),
        sign(s[4] != 0 ? T(-1) : T(1)) {}

  DT_HD void operator()(T& p, T grad, T& a) const {
    const T g = sign * grad + decay * p;
    p = keep * p - eta * g;
    a = mu == T(1) ? p : a + mu * (p - a);
  }
};

// PyTorch's NAdam: g, m and v as in Adam;  p = keep p - (sizeG g + sizeM m) / (sqrt(v / rest) + eps). The sizes come of
// the momenta of this step and the next, rest is 1 - beta2^t.
template <class T>
struct Nadam {
  T sizeG, sizeM, beta1, take1, beta2, take2, rest, eps, decay, keep, sign;
  explicit Nadam(const double* s)
      : sizeG(static_cast<T>(s[0])), sizeM(static_cast<T>(s[1])), beta1(static_cast<T>(s[2])),
        take1(static_cast<T>(1 - s[2])), beta2(static_cast<T>(s[3])), take2(static_cast<T>(1 - s[3])),
        rest(static_cast<T>(s[4])), eps(static_cast<T>(s[5])), decay(static_cast<T>(s[6])), keep(static_cast<T>(s[7])),
        sign(s[8] != 0 ? T(-1) : T(1)) {}

  DT_HD void operator()(T& p, T grad, T& m, T& v) const {
    const T g = sign * grad + decay * p;
    m = beta1 * m + take1 * g;
    v = beta2 * v + take2 * (g * g);
    p = keep * p - (sizeG * g + sizeM * m) / (DT_MATH(sqrt)(v / rest) + eps);
  }
};

// PyTorch's RAdam: g, m and v as in Adam;  p = keep p - size m (adaptive ? rise / (sqrt(v) + eps) : 1). size is
// lr / (1 - beta1^t); a step is adaptive once enough of them tell how far v may be trusted.
template <class T>
struct Radam {
  T size, beta1, take1, beta2, take2, rise, adaptive, eps, decay, keep, sign;
  explicit Radam(const double* s)
      : size(static_cast<T>(s[0])), beta1(static_cast<T>(s[1])), take1(static_cast<T>(1 - s[1])),
        beta2(static_cast<T>(s[2])), take2(static_cast<T>(1 - s[2])), rise(static_cast<T>(s[3])),
        adaptive(static_cast<T>(s[4])), eps(static_cast<T>(s[5])), decay(static_cast<T>(s[6])),
        keep(static_cast<T>(s[7])), sign(s[8] != 0 ? T(-1) : T(1)) {}

  DT_HD void operator()(T& p, T grad, T& m, T& v) const {
    const T g = sign * grad + decay * p;
    m = beta1 * m + take1 * g;
    v = beta2 * v + take2 * (g * g);
    const T rate = adaptive != T(0) ? rise / (DT_MATH(sqrt)(v) + eps) : T(1);
    p = keep * p - size * (m * rate);
  }
};

// PyTorch's Rprop, which looks at the signs of gradients only: a step grows by etaPlus while they agree, and shrinks by
// etaMinus where they do not; it is not taken there, and the next one has nothing to agree with.
template <class T>
struct Rprop {
  T etaMinus, etaPlus, least, most, sign;
  explicit Rprop(const double* s)
      : etaMinus(static_cast<T>(s[0])), etaPlus(static_cast<T>(s[1])), least(static_cast<T>(s[2])),
        most(static_cast<T>(s[3])), sign(s[4] != 0 ? T(-1) : T(1)) {}

  DT_HD void operator()(T& p, T grad, T& before, T& step) const {
    const T agree = sign * grad * before;
    const T scaled = step * (agree > T(0) ? etaPlus : agree < T(0) ? etaMinus : T(1));
    step = scaled < least ? least : scaled > most ? most : scaled;
    const T g = agree < T(0) ? T(0) : sign * grad;
    p -= g > T(0) ? step : g < T(0) ? -step : T(0);
    before = g;
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
