// See ctc.h, and kernels/ctc.h for what is computed. As in PyTorch the gradient holds for log probabilities, not for
// any numbers, and has no gradient of its own.
#include "ops/ctc.h"

#include <algorithm>

#include "kernels/ctc.h"
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/select.h"
#include "ops/view.h"

namespace dtrain {

namespace {

constexpr const char* op = "ctcLoss";

struct Ctc {
  Saved logProbs, labels, plan, alpha, loss;
  int64_t blank;
  bool zeroInfinity;
};

Tensor onHost(const std::vector<int64_t>& values, const Dims& sizes) {
  const Tensor x = empty(sizes, DType::int64);
  std::copy(values.begin(), values.end(), x.data<int64_t>());
  return x;
}

void checkLengths(const char* name, const std::vector<int64_t>& lengths, int64_t samples) {
  check(static_cast<int64_t>(lengths.size()) == samples, Code::shape, op, ": expected ", samples, " ", name,
        ", one for each sample, got ", lengths.size());
  for (const int64_t length : lengths)
    check(length >= 0, Code::argument, op, ": ", name, " must not be negative, got ", length);
}

// Where the labels of each sample begin, how many there are, and its number of steps.
std::vector<int64_t> planOf(const Tensor& targets, const std::vector<int64_t>& inputLengths,
                            const std::vector<int64_t>& targetLengths) {
  std::vector<int64_t> plan;
  int64_t begin = 0;
  for (size_t n = 0; n < targetLengths.size(); n++) {
    plan.insert(plan.end(), {begin, targetLengths[n], inputLengths[n]});
    begin += targets.dim() == 1 ? targetLengths[n] : targets.size(1);
  }
  check(targets.dim() == 2 || begin == targets.numel(), Code::shape, op, ": expected ", begin,
        " targets, the sum of targetLengths, got ", targets.numel());
  return plan;
}

void checkLabels(const Tensor& labels, const std::vector<int64_t>& plan, int64_t classes) {
  for (size_t i = 0; i < plan.size(); i += 3)
    for (int64_t j = plan[i]; j < plan[i] + plan[i + 1]; j++) {
      const int64_t label = labels.data<int64_t>()[j];
      check(label >= 0 && label < classes, Code::index, op, ": target ", label, " is out of range for ", classes,
            " classes");
    }
}

Tensor gradient(const Tensor& dy, const Ctc& s) {
  const Tensor x = s.logProbs.get(), alpha = s.alpha.get(), dx = empty(x.sizes(), x.dtype(), x.device());
  {
    const NoGrad guard;
    const Tensor scratch = empty({alpha.size(0), 3, alpha.size(2)}, DType::float64, x.device());
    kernels<CtcKernels>(x).backward(contiguous(dy), x, s.labels.get(), s.plan.get(), s.blank, alpha, s.loss.get(),
                                    s.zeroInfinity, scratch, dx);
  }
  if (recording(dy, x))
    record("NotImplemented", dx, {dy, x},
           [](const Tensor&) -> Grads { fail(Code::unsupported, op, ": there is no second derivative"); });
  return dx;
}

}  // namespace

Tensor ctcLoss(const Tensor& logProbs, const Tensor& targets, const std::vector<int64_t>& inputLengths,
               const std::vector<int64_t>& targetLengths, int64_t blank, Reduction reduction, bool zeroInfinity) {
  requireSameDevice(op, logProbs, targets);
  if (logProbs.dim() == 2) {
    const Tensor one = targets.dim() == 1 ? unsqueeze(targets, 0) : targets;
    const Tensor loss =
        ctcLoss(unsqueeze(logProbs, 1), one, inputLengths, targetLengths, blank, reduction, zeroInfinity);
    return reduction == Reduction::none ? squeeze(loss, Dims{0}) : loss;
  }
  check(logProbs.dim() == 3, Code::shape, op, ": expected logProbs [T, N, C] or [T, C], got ", logProbs.sizes());
  check(targets.dim() == 1 || targets.dim() == 2, Code::shape, op, ": expected targets [N, S] or [all], got ",
        targets.sizes());
  check(targets.dtype() == DType::int64 || targets.dtype() == DType::int32, Code::dtype, op,
        ": expected targets of dtype int64, got ", targets.dtype(), "; convert with targets.to('int64')");
  const int64_t steps = logProbs.size(0), samples = logProbs.size(1), classes = logProbs.size(2);
  check(blank >= 0 && blank < classes, Code::argument, op, ": blank ", blank, " is out of range for ", classes,
        " classes");
  checkLengths("inputLengths", inputLengths, samples);
  checkLengths("targetLengths", targetLengths, samples);
  const int64_t longest = samples == 0 ? 0 : *std::max_element(inputLengths.begin(), inputLengths.end());
  check(longest <= steps, Code::argument, op, ": inputLengths must be at most ", steps, ", the number of steps, got ",
        longest);
  const int64_t labels = samples == 0 ? 0 : *std::max_element(targetLengths.begin(), targetLengths.end());
  check(targets.dim() == 1 || (targets.size(0) == samples && targets.size(1) >= labels), Code::shape, op,
        ": expected targets [", samples, ", at least ", labels, "], got ", targets.sizes());
  const std::vector<int64_t> plan = planOf(targets, inputLengths, targetLengths);
  const Device device = logProbs.device();
  const Tensor alpha = empty({samples, steps, 2 * labels + 1}, DType::float64, device);
  Tensor loss = empty({samples}, DType::float64, device);
  Ctc saved;
  {
    const NoGrad guard;
    const Tensor x = contiguous(logProbs), all = contiguous(cast(targets, DType::int64));
    if (device.isCpu()) checkLabels(all, plan, classes);
    const Tensor places = to(onHost(plan, {samples, 3}), device);
    kernels<CtcKernels>(x).forward(x, all, places, blank, alpha, loss);
    saved = {Saved(x), Saved(all), Saved(places), Saved(alpha), Saved(loss), blank, zeroInfinity};
  }
  Tensor y = zeroInfinity ? where(eq(loss, HUGE_VAL), Operand(0.0), loss) : clone(loss);
  if (recording(logProbs))
    record("CtcLossBackward0", y, logProbs, [saved](const Tensor& dy) {
      note("blank", saved.blank);
      note("zero_infinity", saved.zeroInfinity);
      return gradient(dy, saved);
    });
  if (reduction == Reduction::mean) {
    std::vector<int64_t> counts = targetLengths;
    for (int64_t& count : counts) count = std::max<int64_t>(count, 1);
    y = mean(div(y, to(onHost(counts, {samples}), device)), std::nullopt, false, std::nullopt);
  }
  if (reduction == Reduction::sum) y = sum(y, std::nullopt, false, std::nullopt);
  return cast(y, logProbs.dtype());
}

}  // namespace dtrain
