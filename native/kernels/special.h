// Special functions. Of one operand: the inverse of erf, log |gamma| and its derivative, the modified Bessel functions
// of orders 0 and 1, sin(pi x) / (pi x). Of two: the y-th derivative of digamma, x log y, and the regularised
// incomplete gamma functions of x from 0 to y and from y on.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_SPECIAL(X)               \
  X(erfinv, ErfInv, floats, cold)   \
  X(lgamma, LogGamma, floats, cold) \
  X(digamma, Digamma, floats, cold) \
  X(i0, BesselI0, floats, cold)     \
  X(i1, BesselI1, floats, cold)     \
  X(sinc, Sinc, floats, cold)

#define DT_SPECIAL_OF_TWO(X)            \
  X(polygamma, Polygamma, floats, cold) \
  X(xlogy, XLogY, floats, cold)         \
  X(igamma, Igamma, floats, cold)       \
  X(igammac, Igammac, floats, cold)

DT_ELEMENTWISE(Special, DT_SPECIAL)
DT_ELEMENTWISE(SpecialOfTwo, DT_SPECIAL_OF_TWO)

struct SpecialKernels {
  void (&run)(Special op, const Tensor& x, DType common, const Tensor& out);
  void (&ofTwo)(SpecialOfTwo op, const Operand& x, const Operand& y, DType common, const Tensor& out);
};

}  // namespace dtrain
