// beta input + alpha times a product, made of matmul's ops; with an underscore in place. beta = 0 leaves input out,
// even where it is NaN.
#pragma once

#include "core/tensor.h"

namespace dtrain {

void addmm_(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha);
// A matrix by a vector.
Tensor addmv(const Tensor& input, const Tensor& matrix, const Tensor& vector, double beta, double alpha);
void addmv_(const Tensor& input, const Tensor& matrix, const Tensor& vector, double beta, double alpha);
// The outer product of two vectors.
Tensor addr(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha);
void addr_(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha);
// The sum of the products of a batch of matrices.
Tensor addbmm(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha);
void addbmm_(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha);
void baddbmm_(const Tensor& input, const Tensor& x, const Tensor& y, double beta, double alpha);

}  // namespace dtrain
