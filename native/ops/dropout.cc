// Dropout is a product with noise, which bernoulli_ draws from the default generator: the draws of PyTorch's CPU, whose
// recipe this is.
#include "ops/dropout.h"

#include <cmath>

#include "kernels/arithmetic.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/random.h"
#include "ops/record.h"

namespace dtrain {

namespace {

// 1 for what stays, else 0; undefined where nothing is to be done.
Tensor noiseFor(const char* op, const Tensor& x, bool features, double p, bool training) {
  check(p >= 0 && p <= 1, Code::argument, op, ": p must be from 0 to 1, got ", p);
  if (p == 0 || !training || x.numel() == 0) return {};
  if (features)
    check(x.dim() >= 2, Code::shape, op, ": expected at least 2 dimensions, [samples, channels, …], got ", x.sizes());
  requireFloat(op, x);
  const NoGrad guard;
  Tensor noise;
  if (features) {
    Dims sizes(x.dim(), 1);
    std::copy_n(x.sizes().begin(), 2, sizes.begin());
    noise = empty(sizes, x.dtype(), x.device());
  } else {
    noise = emptyLike(x, x.dtype());
  }
  if (p == 1) zero_(noise);
  else bernoulli_(noise, 1 - p, nullptr);
  return noise;
}

// d (x noise) = noise
Tensor dropped(const char* op, const Tensor& x, bool features, double p, bool training, bool inPlace) {
  const Tensor noise = noiseFor(op, x, features, p, training);
  if (!noise.defined()) return x;
  if (p < 1) div_(noise, 1 - p);
  const Tensor y = destination(op, x, x.dtype(), inPlace);
  kernels<ArithmeticKernels>(x).run(Arithmetic::mul, x, noise, 1, x.dtype(), y);
  if (recording(x))
    record("MulBackward0", y, x, [noise = Saved(noise)](const Tensor& dy) {
      note("other", noise);
      return mul(dy, noise.get());
    });
  return y;
}

// What is left out becomes -alpha, which SELU tends to; a and b bring mean and variance back.
Tensor alphaDropped(const char* op, const Tensor& x, bool features, double p, bool training, bool inPlace) {
  const Tensor noise = noiseFor(op, x, features, p, training);
  if (!noise.defined()) return x;
  constexpr double alpha = 1.7580993408473766;
  Tensor b;
  if (p < 1) {
    const NoGrad guard;
    const double a = 1 / std::sqrt((alpha * alpha * p + 1) * (1 - p));
    b = add(mul(add(noise, -1), alpha * a), alpha * a * p);
    mul_(noise, a);
  }
  if (!inPlace) return b.defined() ? add(mul(x, noise), b) : mul(x, noise);
  mul_(x, noise);
  if (b.defined()) add_(x, b);
  return x;
}

}  // namespace

Tensor dropout(const Tensor& x, double p, bool training) { return dropped("dropout", x, false, p, training, false); }
Tensor featureDropout(const Tensor& x, double p, bool training) {
  return dropped("dropout2d", x, true, p, training, false);
}
void dropout_(const Tensor& x, double p, bool training) { dropped("dropout", x, false, p, training, true); }
void featureDropout_(const Tensor& x, double p, bool training) { dropped("dropout2d", x, true, p, training, true); }

Tensor alphaDropout(const Tensor& x, double p, bool training) {
  return alphaDropped("alphaDropout", x, false, p, training, false);
}
Tensor featureAlphaDropout(const Tensor& x, double p, bool training) {
  return alphaDropped("featureAlphaDropout", x, true, p, training, false);
}
void alphaDropout_(const Tensor& x, double p, bool training) {
  alphaDropped("alphaDropout", x, false, p, training, true);
}
void featureAlphaDropout_(const Tensor& x, double p, bool training) {
  alphaDropped("featureAlphaDropout", x, true, p, training, true);
}

}  // namespace dtrain
