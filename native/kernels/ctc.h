// Connectionist temporal classification (Graves et al., 2006): the probability of all ways in which T steps can spell a
// target with blanks between its labels. A target of S labels has 2 S + 1 places: blank, label, blank, …, blank.
//   alpha[t, s] = log of the sum over ways to be at place s at step t, that step included; beta the same to the end
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;

struct CtcKernels {
  // logProbs [T, N, C] float32 or float64; labels int64, those of all samples; plan int64 [N, 3]: where a sample's
  // labels begin, how many there are, and its number of steps. alpha float64 [N, T, 2 S + 1], S the most labels; loss
  // float64 [N], infinite where no way is possible. All contiguous.
  void (&forward)(const Tensor& logProbs, const Tensor& labels, const Tensor& plan, int64_t blank, const Tensor& alpha,
                  const Tensor& loss);
  // dy float64 [N]; dx of logProbs, which are taken for what log-softmax gives, as in PyTorch:
  // dx[t, n, c] = dy (exp(logProbs) - sum over the places s of label c of exp(alpha + beta - logProbs + loss));
  // 0 beyond a sample's steps, and NaN where its loss is infinite, or 0 with zeroInfinity. scratch float64 [N, 3,
  // 2 S + 1].
  void (&backward)(const Tensor& dy, const Tensor& logProbs, const Tensor& labels, const Tensor& plan, int64_t blank,
                   const Tensor& alpha, const Tensor& loss, bool zeroInfinity, const Tensor& scratch, const Tensor& dx);
};

}  // namespace dtrain
