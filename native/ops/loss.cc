// Losses over classes; see loss.h. The kernel sees x as [N, C, S] with S the product of the trailing dimensions.
#include "ops/loss.h"

#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/softmax.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

struct Saves {
  const char* op;
  Saved target, weight;  // the caller's memory
  Tensor totalWeight;
  Dims seen, inputSizes, outputSizes;  // x as the kernel sees it, [N, C, S], and as the caller does
  Reduction reduction;
  int64_t ignoreIndex;
};

void checkInput(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight) {
  requireFloat(op, x);
  requireSameDevice(op, x, target);
  requireSameDevice(op, x, weight);
  check(x.dim() >= 1, Code::shape, op, ": expected input [N, C, …] or [C], got ", x.sizes());
  const int64_t classes = x.size(x.dim() == 1 ? 0 : 1);
  check(!weight.defined() || (weight.dim() == 1 && weight.size(0) == classes && weight.dtype() == x.dtype()),
        Code::shape, op, ": expected weight ", x.dtype(), " [", classes, "], got ",
        weight.defined() ? str(weight.dtype(), " ", weight.sizes()) : "");
}

void checkArguments(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight) {
  checkInput(op, x, target, weight);
  check(target.dtype() == DType::int64 || target.dtype() == DType::uint8, Code::dtype, op,
        ": expected class indices of dtype int64 (or uint8) as target, got ", target.dtype(),
        "; convert with target.to('int64')");
  Dims expected = x.sizes();
  expected.erase(x.dim() == 1 ? 0 : 1);
  check(target.sizes() == expected, Code::shape, op, ": expected target ", expected, " for input ", x.sizes(), ", got ",
        target.sizes());
}

// The loss is linear in x: y = A x with A holding -weight[t] (/ total weight) at the target classes. So dx = A^T dy,
// and the derivative of that is A again.
Tensor lossOf(const Tensor& x, const Saves& s);

Tensor gradInput(const Tensor& dy, const Saves& s) {
  Tensor dx = empty(s.inputSizes, dy.dtype(), dy.device());
  {
    const NoGrad guard;
    kernels<LossKernels>(dy).nllLossGrad(s.op, contiguous(dy), s.target.get(), s.weight.get(), s.reduction,
                                         s.ignoreIndex, s.totalWeight, view(dx, s.seen));
  }
  if (recording(dy)) record("NllLossBackwardBackward0", dx, dy, [s](const Tensor& g) { return lossOf(g, s); });
  return dx;
}

Tensor lossOf(const Tensor& x, const Saves& s) {
  Tensor y = empty(s.outputSizes, x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<LossKernels>(x).nllLoss(s.op, view(contiguous(x), s.seen), s.target.get(), s.weight.get(), s.reduction,
                                    s.ignoreIndex, y, s.totalWeight);
  }
  if (recording(x))
    record("NllLossBackward0", y, x, [s](const Tensor& dy) {
      note("reduction", static_cast<int>(s.reduction));
      note("ignore_index", s.ignoreIndex);
      note("target", s.target);
      note("weight", s.weight);
      return gradInput(dy, s);
    });
  return y;
}

Tensor nll(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight, Reduction reduction,
           int64_t ignoreIndex) {
  const int64_t n = x.dim() == 1 ? 1 : x.size(0), c = x.dim() == 1 ? x.size(0) : x.size(1);
  int64_t spatial = 1;
  for (int i = 2; i < x.dim(); i++) spatial *= x.size(i);
  const Saves s{op,
                Saved(reshape(contiguous(cast(target, DType::int64)), {n, spatial})),
                weight.defined() ? Saved(contiguous(detach(weight))) : Saved(),
                empty({}, typeOf(computeOf(x.dtype())), x.device()),
                {n, c, spatial},
                x.sizes(),
                reduction == Reduction::none ? target.sizes() : Dims{},
                reduction,
                ignoreIndex};
  return lossOf(x, s);
}

}  // namespace

Tensor nllLoss(const Tensor& x, const Tensor& target, const MaybeTensor& weight, Reduction reduction,
               int64_t ignoreIndex) {
  checkArguments("nllLoss", x, target, weight);
  return nll("nllLoss", x, target, weight, reduction, ignoreIndex);
}

namespace {

Tensor sumAll(const Tensor& x) { return sum(x, std::nullopt, false, std::nullopt); }

// -sum over the classes of logs times weight [C], for each sample.
Tensor allClasses(const Tensor& logs, const Tensor& weight, int dim) {
  if (!weight.defined()) return neg(sum(logs, Dims{dim}, false, std::nullopt));
  Dims sizes(logs.dim(), 1);
  sizes[dim] = weight.size(0);
  return neg(sum(mul(logs, reshape(weight, sizes)), Dims{dim}, false, std::nullopt));
}

Tensor withProbabilities(const Tensor& logs, const Tensor& target, const Tensor& weight, Reduction reduction, int dim,
                         double smoothing) {
  const double classes = static_cast<double>(logs.size(dim));
  const Tensor goal = smoothing > 0 ? add(mul(target, 1 - smoothing), smoothing / classes) : target;
  const Tensor each = allClasses(mul(logs, goal), weight, dim);
  if (reduction == Reduction::none) return each;
  return reduction == Reduction::sum ? sumAll(each) : div(sumAll(each), static_cast<double>(each.numel()));
}

// What smoothing adds for class indices: the loss of every class alike, over the samples that count.
Tensor uniformLoss(const Tensor& logs, const Tensor& target, const Tensor& weight, Reduction reduction,
                   int64_t ignoreIndex, int dim) {
  const Tensor index = cast(target, DType::int64);
  const Tensor counts = ne(index, static_cast<double>(ignoreIndex)), keep = cast(counts, logs.dtype());
  const Tensor each = mul(allClasses(logs, weight, dim), keep);
  if (reduction == Reduction::none) return each;
  if (reduction == Reduction::sum) return sumAll(each);
  if (!weight.defined()) return div(sumAll(each), sumAll(keep));
  const Tensor inside = mul(index, cast(counts, DType::int64));  // no class is out of range
  const Tensor weights = indexSelect(weight, 0, reshape(inside, {inside.numel()}));
  return div(sumAll(each), sumAll(mul(weights, reshape(keep, {keep.numel()}))));
}

}  // namespace

Tensor crossEntropy(const Tensor& x, const Tensor& target, const MaybeTensor& weight, Reduction reduction,
                    int64_t ignoreIndex, double labelSmoothing) {
  constexpr const char* op = "crossEntropy";
  check(labelSmoothing >= 0 && labelSmoothing <= 1, Code::argument, op,
        ": labelSmoothing must be between 0 and 1, got ", labelSmoothing);
  const int dim = x.dim() == 1 ? 0 : 1;
  if (target.sizes() == x.sizes()) {
    check(isFloat(target.dtype()), Code::dtype, op,
          ": expected class probabilities of a floating dtype as target, got ", target.dtype());
    check(ignoreIndex < 0, Code::argument, op, ": ignoreIndex does not go with class probabilities");
    checkInput(op, x, target, weight);
    return withProbabilities(logSoftmax(x, dim, std::nullopt), target, weight, reduction, dim, labelSmoothing);
  }
  checkArguments(op, x, target, weight);
  const Tensor logs = logSoftmax(x, dim, std::nullopt);
  const Tensor loss = nll(op, logs, target, weight, reduction, ignoreIndex);
  if (labelSmoothing == 0) return loss;
  const Tensor uniform = uniformLoss(logs, target, weight, reduction, ignoreIndex, dim);
  return add(mul(loss, 1 - labelSmoothing), mul(uniform, labelSmoothing / static_cast<double>(x.size(dim))));
}

}  // namespace dtrain
