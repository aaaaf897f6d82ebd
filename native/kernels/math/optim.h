// Optimizer steps of one element; see math/convert.h for how it is included.

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
