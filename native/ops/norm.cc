// See norm.h. Made of other ops, so gradients of all orders follow from theirs.
#include "ops/norm.h"

#include <numeric>

#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

Tensor standardized(const Tensor& x, const Dims& dims, double eps) {
  const Tensor centred = sub(x, mean(x, dims, true, {}));
  return mul(centred, rsqrt(add(mean(mul(centred, centred), dims, true, {}), eps)));
}

// y times weight, plus bias, both in this shape.
Tensor affine(Tensor y, const MaybeTensor& weight, const MaybeTensor& bias, const Dims& shape) {
  if (weight.defined()) y = mul(y, reshape(widened(weight), shape));
  if (bias.defined()) y = add(y, reshape(widened(bias), shape));
  return y;
}

Dims channelShape(const Tensor& x) {
  Dims shape(x.dim(), 1);
  shape[1] = x.size(1);
  return shape;
}

// All dims but that of the channels.
Dims otherDims(const Tensor& x) {
  Dims dims(x.dim() - 1, 0);
  for (int i = 1; i < x.dim() - 1; i++) dims[i] = i + 1;
  return dims;
}

void checkChannels(const char* op, const char* name, const MaybeTensor& of, const Tensor& x) {
  if (!of.defined()) return;
  requireSameDevice(op, x, of);
  check(of.sizes() == Dims{x.size(1)}, Code::shape, op, ": expected ", name, " [", x.size(1),
        "], one for each channel, got ", of.sizes());
}

void checkStatistics(const char* op, const Tensor& x, const MaybeTensor& runningMean, const MaybeTensor& runningVar,
                     const MaybeTensor& weight, const MaybeTensor& bias) {
  requireFloat(op, x);
  check(x.dim() >= 2, Code::shape, op, ": expected at least 2 dimensions, [samples, channels, …], got ", x.sizes());
  checkChannels(op, "runningMean", runningMean, x);
  checkChannels(op, "runningVar", runningVar, x);
  checkChannels(op, "weight", weight, x);
  checkChannels(op, "bias", bias, x);
  check(runningMean.defined() == runningVar.defined(), Code::argument, op,
        ": expected both runningMean and runningVar, or neither");
}

// x moves towards y by that share, and is rounded once.
void move(const Tensor& x, const Tensor& y, double share) { copy_(x, add(mul(widened(x), 1 - share), y, share)); }

void checkSizes(const char* op, const Tensor& x, const Dims& sizes, const MaybeTensor& weight) {
  requireFloat(op, x);
  const int lead = x.dim() - static_cast<int>(sizes.size());
  check(!sizes.empty() && lead >= 0 && std::equal(sizes.begin(), sizes.end(), x.sizes().begin() + lead), Code::shape,
        op, ": expected the last dimensions to be ", sizes, ", got ", x.sizes());
  if (!weight.defined()) return;
  requireSameDevice(op, x, weight);
  check(weight.sizes() == sizes, Code::shape, op, ": expected weight and bias ", sizes, ", got ", weight.sizes());
}

Dims lastDims(const Dims& sizes) {
  Dims dims(sizes.size(), 0);
  std::iota(dims.begin(), dims.end(), -static_cast<int64_t>(sizes.size()));
  return dims;
}

}  // namespace

Tensor batchNorm(const Tensor& x, const MaybeTensor& runningMean, const MaybeTensor& runningVar,
                 const MaybeTensor& weight, const MaybeTensor& bias, bool training, double momentum, double eps) {
  if (x.dim() == 1 && x.numel() == 0) return clone(x);  // PyTorch lets it pass
  checkStatistics("batchNorm", x, runningMean, runningVar, weight, bias);
  check(training || runningMean.defined(), Code::argument, "batchNorm: expected runningMean and runningVar, ",
        "since it is not training");
  const Tensor xs = widened(x);
  const Dims shape = channelShape(x), dims = otherDims(x);
  if (!training) {
    const Tensor scale = rsqrt(add(reshape(widened(runningVar), shape), eps));
    return cast(affine(mul(sub(xs, reshape(widened(runningMean), shape)), scale), weight, bias, shape), x.dtype());
  }
  if (runningMean.defined() && x.numel() > 0) {
    const NoGrad guard;
    const double count = static_cast<double>(x.numel()) / std::max<int64_t>(1, x.size(1));
    move(runningMean, mean(xs, dims, false, {}), momentum);
    move(runningVar, var(xs, dims, count > 1 ? 1 : 0, false), momentum);
  }
  return cast(affine(standardized(xs, dims, eps), weight, bias, shape), x.dtype());
}

Tensor instanceNorm(const Tensor& x, const MaybeTensor& runningMean, const MaybeTensor& runningVar,
                    const MaybeTensor& weight, const MaybeTensor& bias, bool useInputStats, double momentum,
                    double eps) {
  checkStatistics("instanceNorm", x, runningMean, runningVar, weight, bias);
  if (!useInputStats) return batchNorm(x, runningMean, runningVar, weight, bias, false, momentum, eps);
  const Tensor xs = widened(x);
  Dims positions(x.dim() - 2, 0);
  std::iota(positions.begin(), positions.end(), 2);
  if (runningMean.defined()) {
    const NoGrad guard;
    move(runningMean, mean(mean(xs, positions, false, {}), Dims{0}, false, {}), momentum);
    move(runningVar, mean(var(xs, positions, 1, false), Dims{0}, false, {}), momentum);
  }
  return cast(affine(standardized(xs, positions, eps), weight, bias, channelShape(x)), x.dtype());
}

Tensor layerNorm(const Tensor& x, const Dims& sizes, const MaybeTensor& weight, const MaybeTensor& bias, double eps) {
  checkSizes("layerNorm", x, sizes, weight);
  checkSizes("layerNorm", x, sizes, bias);
  return cast(affine(standardized(widened(x), lastDims(sizes), eps), weight, bias, sizes), x.dtype());
}

Tensor groupNorm(const Tensor& x, int64_t groups, const MaybeTensor& weight, const MaybeTensor& bias, double eps) {
  checkStatistics("groupNorm", x, {}, {}, weight, bias);
  check(groups > 0 && x.size(1) % groups == 0, Code::argument, "groupNorm: ", x.size(1),
        " channels are not divisible into ", groups, " groups");
  const int64_t samples = x.size(0), inner = samples == 0 ? 0 : x.numel() / samples / groups;
  const Tensor rows = reshape(widened(x), {samples, groups, inner});
  return cast(affine(reshape(standardized(rows, {2}, eps), x.sizes()), weight, bias, channelShape(x)), x.dtype());
}

Tensor rmsNorm(const Tensor& x, const Dims& sizes, const MaybeTensor& weight, double eps) {
  checkSizes("rmsNorm", x, sizes, weight);
  const Tensor xs = widened(x);
  const Tensor y = mul(xs, rsqrt(add(mean(mul(xs, xs), lastDims(sizes), true, {}), eps)));
  return cast(affine(y, weight, {}, sizes), x.dtype());
}

}  // namespace dtrain
