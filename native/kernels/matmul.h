// Matrix products, of all dtypes but bool. float16 and bfloat16 are added up as float and rounded once, with the bias;
// integers wrap.
#pragma once

namespace dtrain {

class Tensor;

struct MatmulKernels {
  // c [m, n] = alpha a [m, k] b [k, n] + beta c + bias [n]; a and b need one unit stride each, c is row major, bias is
  // contiguous or undefined
  void (&gemm)(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& c, double alpha, double beta);
  // c [batch, m, n] = alpha a [batch, m, k] b [batch, k, n] + beta c; the matrices as above, any distance apart; c is
  // contiguous
  void (&bmm)(const Tensor& a, const Tensor& b, const Tensor& c, double alpha, double beta);
};

}  // namespace dtrain
