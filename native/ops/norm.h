// Normalization: (x - mean) / sqrt(variance + eps), times weight, plus bias. Variances are those of the population, but
// for running ones. Weight and bias may be undefined; of halves everything is computed in float32 and rounded once.
#pragma once

#include <vector>

#include "core/operand.h"

namespace dtrain {

// Of each channel, dim 1, over samples and positions. In training by their own mean and variance, which then move the
// running ones, if defined, by the share `momentum`; else by the running ones.
Tensor batchNorm(const Tensor& x, const MaybeTensor& runningMean, const MaybeTensor& runningVar,
                 const MaybeTensor& weight, const MaybeTensor& bias, bool training, double momentum, double eps);
// Of each channel of each sample, over positions; the running statistics are the means of the samples'.
Tensor instanceNorm(const Tensor& x, const MaybeTensor& runningMean, const MaybeTensor& runningVar,
                    const MaybeTensor& weight, const MaybeTensor& bias, bool useInputStats, double momentum,
                    double eps);
// Over the last dims, which have these sizes; so have weight and bias.
Tensor layerNorm(const Tensor& x, const Dims& sizes, const MaybeTensor& weight, const MaybeTensor& bias, double eps);
// Of each of so many groups of channels of each sample; weight and bias are of channels.
Tensor groupNorm(const Tensor& x, int64_t groups, const MaybeTensor& weight, const MaybeTensor& bias, double eps);
// The same with the mean and 1 / sqrt(variance + eps) of each set, which have no gradient but those of groups; none of
// a batch by running statistics. x of groups has the elements of [n, c, positions].
std::vector<Tensor> nativeBatchNorm(const Tensor& x, const MaybeTensor& weight, const MaybeTensor& bias,
                                    const MaybeTensor& runningMean, const MaybeTensor& runningVar, bool training,
                                    double momentum, double eps);
std::vector<Tensor> nativeLayerNorm(const Tensor& x, const Dims& sizes, const MaybeTensor& weight,
                                    const MaybeTensor& bias, double eps);
std::vector<Tensor> nativeGroupNorm(const Tensor& x, const MaybeTensor& weight, const MaybeTensor& bias, int64_t n,
                                    int64_t c, int64_t positions, int64_t groups, double eps);
// x / sqrt(mean of squares + eps), without a mean.
Tensor rmsNorm(const Tensor& x, const Dims& sizes, const MaybeTensor& weight, double eps);

}  // namespace dtrain
