// While training, elements are 0 with probability p and 1 / (1 - p) times what they were otherwise. featureDropout
// makes one choice for each [sample, channel]. x itself if nothing is to be done.
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor dropout(const Tensor& x, double p, bool training);
Tensor featureDropout(const Tensor& x, double p, bool training);
void dropout_(const Tensor& x, double p, bool training);
void featureDropout_(const Tensor& x, double p, bool training);

// For networks of SELU: what is left out becomes the value that SELU tends to, and mean and variance stay.
Tensor alphaDropout(const Tensor& x, double p, bool training);
Tensor featureAlphaDropout(const Tensor& x, double p, bool training);
void alphaDropout_(const Tensor& x, double p, bool training);
void featureAlphaDropout_(const Tensor& x, double p, bool training);

}  // namespace dtrain
