// See norm.h. One kernel normalizes sets of elements, whatever they are sets of, and one computes all gradients; second
// derivatives are made of other ops, and so is what has no statistics of its own to compute.
#include "ops/norm.h"

#include <cmath>
#include <numeric>

#include "kernels/norm.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

Tensor wide(const MaybeTensor& x) { return x.defined() ? widened(x) : Tensor(); }

// The same in ops, for second derivatives: of (x - mean) / sqrt(variance + eps) times weight, plus bias.
Grads gradInOps(const NormSizes& z, const Tensor& dy, const Tensor& x, const Tensor& weight, double eps) {
  const Dims set{0, 3, 4}, weights{0, 1, 4};
  const auto nested = [&](const Tensor& v) { return reshape(v, {z.runs, z.outer, z.groups, z.channels, z.inner}); };
  const auto average = [&](const Tensor& v) { return mean(v, set, true, {}); };
  const Tensor xs = nested(x), d = nested(dy), centred = sub(xs, average(xs));
  const Tensor scale = rsqrt(add(average(mul(centred, centred)), eps)), xhat = mul(centred, scale);
  const Tensor slope = weight.defined() ? mul(d, reshape(weight, {1, 1, z.groups, z.channels, 1})) : d;
  const Tensor dx = mul(scale, sub(sub(slope, average(slope)), mul(xhat, average(mul(slope, xhat)))));
  return {reshape(dx, x.sizes()), sum(mul(d, xhat), weights, false, {}), sum(d, weights, false, {})};
}

struct Normalized {
  Tensor y, mean, variance;  // mean and variance have an element for each set, and are not recorded
};

// Elements of sets, by their mean and variance; times weight, plus bias. Float or double; weight and bias have so many
// elements as the sizes say, in any shape.
Normalized normalized(const char* node, const NormSizes& sizes, const Tensor& input, const Tensor& weight,
                      const Tensor& bias, double eps) {
  const auto rows = [](const Tensor& v) { return v.defined() ? contiguous(v) : v; };
  const auto like = [&](const Dims& shape) { return empty(shape, input.dtype(), input.device()); };
  const Tensor x = contiguous(input), w = rows(weight);
  const Normalized out{like(x.sizes()), like({sizes.sets()}), like({sizes.sets()})};
  if (x.numel() > 0) {
    const NoGrad guard;
    kernels<NormKernels>(x).normalize(sizes, x, w, rows(bias), eps, out.mean, out.variance, out.y);
  }
  if (!recording(x, weight, bias)) return out;
  const bool wants[] = {requiresGrad(x), requiresGrad(weight), requiresGrad(bias)};
  const Dims ofWeight = weight.defined() ? weight.sizes() : Dims{}, ofBias = bias.defined() ? bias.sizes() : Dims{};
  record(node, out.y, {x, w, bias},
         [=, x = Saved(x), w = Saved(w), mean = out.mean, variance = out.variance](const Tensor& d) {
           note("input", x);
           note("weight", w);
           note("eps", eps);
           const Tensor from = x.get(), factor = w.get();
           const auto shaped = [](const Tensor& v, bool wanted, const Dims& shape) {
             return wanted ? reshape(v, shape) : Tensor();
           };
           if (recording(d, from, factor) || from.numel() == 0) {
             const Grads all = gradInOps(sizes, d, from, factor, eps);
             return Grads{all[0], shaped(all[1], wants[1], ofWeight), shaped(all[2], wants[2], ofBias)};
           }
           const auto room = [&](bool wanted, const Dims& shape) {
             return wanted ? empty(shape, from.dtype(), from.device()) : Tensor();
           };
           const Grads all{room(wants[0], from.sizes()), room(wants[1], ofWeight), room(wants[2], ofBias)};
           kernels<NormKernels>(from).normalizeGrad(sizes, contiguous(d), from, mean, variance, factor, eps, all[0],
                                                    all[1], all[2]);
           return all;
         });
  return out;
}

// Elements that no other has for a neighbour would be read one by one.
constexpr int64_t kShort = 16;

// [N, C, …] by channel
Normalized ofChannels(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps) {
  constexpr const char* node = "NativeBatchNormBackward0";
  const int64_t samples = x.size(0), channels = x.size(1),
                inner = samples * channels == 0 ? 0 : x.numel() / samples / channels;
  if (inner >= kShort || samples <= 1)
    return normalized(node, {.runs = samples, .groups = channels, .inner = inner}, x, weight, bias, eps);
  const Tensor turned = transpose(x, 0, 1);
  Normalized out = normalized(node, {.groups = channels, .inner = samples * inner}, turned, weight, bias, eps);
  out.y = contiguous(transpose(out.y, 0, 1));
  return out;
}

// y times weight, plus bias, both in this shape.
Tensor affine(Tensor y, const MaybeTensor& weight, const MaybeTensor& bias, const Dims& shape) {
  if (weight.defined()) y = mul(y, reshape(weight, shape));
  if (bias.defined()) y = add(y, reshape(bias, shape));
  return y;
}

// Of running variances, which are those of a population's sample.
Tensor unbiased(const Tensor& variance, int64_t count) {
  return count > 1 ? mul(variance, static_cast<double>(count) / static_cast<double>(count - 1)) : variance;
}

Dims channelShape(const Tensor& x) {
  Dims shape(x.dim(), 1);
  shape[1] = x.size(1);
  return shape;
}

void checkDType(const char* op, const char* name, const Tensor& of, const Tensor& x) {
  check(of.dtype() == x.dtype() || (isHalf(x.dtype()) && of.dtype() == DType::float32), Code::dtype, op, ": ", name,
        " is ", of.dtype(), " and the input ", x.dtype(), "; convert one with .to()");
}

void checkChannels(const char* op, const char* name, const MaybeTensor& of, const Tensor& x) {
  if (!of.defined()) return;
  requireSameDevice(op, x, of);
  check(of.sizes() == Dims{x.size(1)}, Code::shape, op, ": expected ", name, " [", x.size(1),
        "], one for each channel, got ", of.sizes());
  checkDType(op, name, of, x);
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
  checkDType(op, "weight or bias", weight, x);
}

Dims lastDims(const Dims& sizes) {
  Dims dims(sizes.size(), 0);
  std::iota(dims.begin(), dims.end(), -static_cast<int64_t>(sizes.size()));
  return dims;
}

// batchNorm; without training there is no mean and no variance.
Normalized batchNormalized(const Tensor& x, const MaybeTensor& runningMean, const MaybeTensor& runningVar,
                           const MaybeTensor& weight, const MaybeTensor& bias, bool training, double momentum,
                           double eps) {
  if (x.dim() == 1 && x.numel() == 0) return {clone(x), {}, {}};  // PyTorch lets it pass
  checkStatistics("batchNorm", x, runningMean, runningVar, weight, bias);
  check(training || runningMean.defined(), Code::argument, "batchNorm: expected runningMean and runningVar, ",
        "since it is not training");
  const Tensor xs = widened(x), w = wide(weight), b = wide(bias);
  if (!training) {
    const Dims shape = channelShape(x);
    const Tensor scale = rsqrt(add(reshape(widened(runningVar), shape), eps));
    return {cast(affine(mul(sub(xs, reshape(widened(runningMean), shape)), scale), w, b, shape), x.dtype()), {}, {}};
  }
  Normalized out = ofChannels(xs, w, b, eps);
  if (runningMean.defined() && x.numel() > 0) {
    const NoGrad guard;
    move(runningMean, out.mean, momentum);
    move(runningVar, unbiased(out.variance, x.numel() / x.size(1)), momentum);
  }
  out.y = cast(out.y, x.dtype());
  return out;
}

Normalized layerNormalized(const Tensor& x, const Dims& sizes, const MaybeTensor& weight, const MaybeTensor& bias,
                           double eps) {
  checkSizes("layerNorm", x, sizes, weight);
  checkSizes("layerNorm", x, sizes, bias);
  const int64_t row = product(sizes);
  const NormSizes of{.outer = row == 0 ? 0 : x.numel() / row, .channels = row};
  Normalized out = normalized("NativeLayerNormBackward0", of, widened(x), wide(weight), wide(bias), eps);
  out.y = cast(out.y, x.dtype());
  return out;
}

Normalized groupNormalized(const Tensor& x, int64_t groups, const MaybeTensor& weight, const MaybeTensor& bias,
                           double eps) {
  checkStatistics("groupNorm", x, {}, {}, weight, bias);
  check(groups > 0 && x.size(1) % groups == 0, Code::argument, "groupNorm: ", x.size(1),
        " channels are not divisible into ", groups, " groups");
  const int64_t channels = x.size(1) / groups, each = x.size(0) * x.size(1);
  const NormSizes of{
      .outer = x.size(0), .groups = groups, .channels = channels, .inner = each == 0 ? 0 : x.numel() / each};
  Normalized out = normalized("NativeGroupNormBackward0", of, widened(x), wide(weight), wide(bias), eps);
  out.y = cast(out.y, x.dtype());
  return out;
}

// The result with the mean and 1 / sqrt(variance + eps) in this shape; of halves they have the dtype of what is given
// for channels.
std::vector<Tensor> withStatistics(const Normalized& of, const Dims& shape, double eps, DType dtype) {
  const auto shaped = [&](const Tensor& v) { return cast(reshape(v, shape), dtype); };
  const auto filled = [&](double value) { return full(shape, value, dtype, of.y.device()); };
  if (of.y.numel() == 0 && !recording(of.mean)) return {of.y, filled(0), filled(std::nan(""))};
  return {of.y, shaped(of.mean), shaped(rsqrt(add(of.variance, eps)))};
}

DType dtypeAmong(const Tensor& x, const Tensor& weight, const Tensor& other) {
  return weight.defined() ? weight.dtype() : other.defined() ? other.dtype() : x.dtype();
}

}  // namespace

Tensor batchNorm(const Tensor& x, const MaybeTensor& runningMean, const MaybeTensor& runningVar,
                 const MaybeTensor& weight, const MaybeTensor& bias, bool training, double momentum, double eps) {
  return batchNormalized(x, runningMean, runningVar, weight, bias, training, momentum, eps).y;
}

Tensor instanceNorm(const Tensor& x, const MaybeTensor& runningMean, const MaybeTensor& runningVar,
                    const MaybeTensor& weight, const MaybeTensor& bias, bool useInputStats, double momentum,
                    double eps) {
  checkStatistics("instanceNorm", x, runningMean, runningVar, weight, bias);
  if (!useInputStats) return batchNorm(x, runningMean, runningVar, weight, bias, false, momentum, eps);
  const int64_t samples = x.size(0), channels = x.size(1), sets = samples * channels;
  const int64_t inner = sets == 0 ? 0 : x.numel() / sets;
  const Normalized out = normalized("NativeBatchNormBackward0", {.outer = samples, .groups = channels, .inner = inner},
                                    widened(x), wide(weight), wide(bias), eps);
  if (runningMean.defined()) {
    const NoGrad guard;
    const auto ofSamples = [&](const Tensor& v) { return mean(reshape(v, {samples, channels}), Dims{0}, false, {}); };
    move(runningMean, ofSamples(out.mean), momentum);
    move(runningVar, ofSamples(unbiased(out.variance, inner)), momentum);
  }
  return cast(out.y, x.dtype());
}

Tensor layerNorm(const Tensor& x, const Dims& sizes, const MaybeTensor& weight, const MaybeTensor& bias, double eps) {
  return layerNormalized(x, sizes, weight, bias, eps).y;
}

Tensor groupNorm(const Tensor& x, int64_t groups, const MaybeTensor& weight, const MaybeTensor& bias, double eps) {
  return groupNormalized(x, groups, weight, bias, eps).y;
}

std::vector<Tensor> nativeBatchNorm(const Tensor& x, const MaybeTensor& weight, const MaybeTensor& bias,
                                    const MaybeTensor& runningMean, const MaybeTensor& runningVar, bool training,
                                    double momentum, double eps) {
  check(!training || x.numel() > 0, Code::shape, "nativeBatchNorm: expected at least one element, got shape ",
        x.sizes());
  const Normalized out = batchNormalized(x, runningMean, runningVar, weight, bias, training, momentum, eps);
  const DType dtype = dtypeAmong(x, weight, runningMean);
  if (out.mean.defined()) return withStatistics(out, out.mean.sizes(), eps, dtype);
  const Tensor none = empty({0}, dtype, x.device());
  return {out.y, none, clone(none)};
}

std::vector<Tensor> nativeLayerNorm(const Tensor& x, const Dims& sizes, const MaybeTensor& weight,
                                    const MaybeTensor& bias, double eps) {
  Dims shape = x.sizes();
  const Normalized out = layerNormalized(x, sizes, weight, bias, eps);
  for (int i = x.dim() - sizes.size(); i < x.dim(); i++) shape[i] = 1;
  return withStatistics(out, shape, eps, dtypeAmong(x, weight, bias));
}

std::vector<Tensor> nativeGroupNorm(const Tensor& x, const MaybeTensor& weight, const MaybeTensor& bias, int64_t n,
                                    int64_t c, int64_t positions, int64_t groups, double eps) {
  const Dims shape{n, c, positions}, sets{n, groups};
  check(x.numel() == product(shape), Code::shape, "nativeGroupNorm: expected elements of shape ", shape, ", got ",
        x.sizes());
  const Tensor rows = reshape(x, shape);
  Normalized out = groupNormalized(rows, groups, weight, bias, eps);
  out.y = reshape(out.y, x.sizes());
  if (recording(x)) {
    const Tensor ofSets = reshape(widened(x), {n, groups, c / groups * positions});
    out.mean = mean(ofSets, Dims{2}, false, {});
    out.variance = var(ofSets, Dims{2}, 0, false);
  }
  return withStatistics(out, sets, eps, dtypeAmong(x, weight, bias));
}

Tensor rmsNorm(const Tensor& x, const Dims& sizes, const MaybeTensor& weight, double eps) {
  checkSizes("rmsNorm", x, sizes, weight);
  const Tensor xs = widened(x);
  const Tensor y = mul(xs, rsqrt(add(mean(mul(xs, xs), lastDims(sizes), true, {}), eps)));
  return cast(affine(y, wide(weight), {}, sizes), x.dtype());
}

}  // namespace dtrain
