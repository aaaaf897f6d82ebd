// Dropout is a product with noise, which bernoulli_ draws from the default generator: the draws of PyTorch's CPU, whose
// recipe this is.
#include "ops/dropout.h"

#include "kernels/arithmetic.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/random.h"
#include "ops/record.h"

namespace dtrain {

namespace {

// What x is multiplied with; undefined where nothing is to be done.
Tensor noiseFor(const char* op, const Tensor& x, bool features, double p, bool training) {
  check(p >= 0 && p <= 1, Code::argument, op, ": p must be from 0 to 1, got ", p);
  if (features)
    check(x.dim() >= 2, Code::shape, op, ": expected at least 2 dimensions, [samples, channels, …], got ", x.sizes());
  if (p == 0 || !training || x.numel() == 0) return {};
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
  if (p == 1) {
    zero_(noise);
  } else {
    bernoulli_(noise, 1 - p, nullptr);
    div_(noise, 1 - p);
  }
  return noise;
}

// d (x noise) = noise
Tensor dropped(const char* op, const Tensor& x, bool features, double p, bool training, bool inPlace) {
  const Tensor noise = noiseFor(op, x, features, p, training);
  if (!noise.defined()) return x;
  const Tensor y = destination(op, x, x.dtype(), inPlace);
  kernels<ArithmeticKernels>(x).run(Arithmetic::mul, x, noise, 1, x.dtype(), y);
  if (recording(x))
    record("MulBackward0", y, x, [noise = Saved(noise)](const Tensor& dy) {
      note("other", noise);
      return mul(dy, noise.get());
    });
  return y;
}

}  // namespace

Tensor dropout(const Tensor& x, double p, bool training) { return dropped("dropout", x, false, p, training, false); }
Tensor featureDropout(const Tensor& x, double p, bool training) {
  return dropped("dropout2d", x, true, p, training, false);
}
void dropout_(const Tensor& x, double p, bool training) { dropped("dropout", x, false, p, training, true); }
void featureDropout_(const Tensor& x, double p, bool training) { dropped("dropout2d", x, true, p, training, true); }

}  // namespace dtrain
