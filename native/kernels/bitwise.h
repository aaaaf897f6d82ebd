// Bits and divisors of integers: x and y, x or y, either, x shifted by y places, and the greatest common divisor and
// least common multiple. A shift by more places than there are, or by fewer than 0, shifts all bits out.
#pragma once

#include "kernels/elementwise.h"

namespace dtrain {

#define DT_BITWISE(X)                              \
  X(bitwiseAnd, BitAnd, integers, cold)            \
  X(bitwiseOr, BitOr, integers, cold)              \
  X(bitwiseXor, BitXor, integers, cold)            \
  X(bitwiseLeftShift, ShiftLeft, integers, cold)   \
  X(bitwiseRightShift, ShiftRight, integers, cold) \
  X(gcd, Gcd, integers, cold)                      \
  X(lcm, Lcm, integers, cold)

DT_ELEMENTWISE(Bitwise, DT_BITWISE)

struct BitwiseKernels {
  void (&run)(Bitwise op, const Operand& x, const Operand& y, DType common, const Tensor& out);
};

}  // namespace dtrain
