// Connectionist temporal classification: sequences and labels that nobody has aligned.
#pragma once

#include <vector>

#include "kernels/loss.h"

namespace dtrain {

// logProbs [T, N, C], or [T, C] of one sample; targets [N, S], or those of all samples one after the other. The mean is
// over the samples, each loss divided by its number of labels. zeroInfinity: what is impossible costs nothing.
Tensor ctcLoss(const Tensor& logProbs, const Tensor& targets, const std::vector<int64_t>& inputLengths,
               const std::vector<int64_t>& targetLengths, int64_t blank, Reduction reduction, bool zeroInfinity);

}  // namespace dtrain
