// One-dimensional inner loops of the CPU kernels. loops.cc is compiled once per instruction set and the best table is
// chosen at run time. It includes only declarations and plain data, because an inline function of a library header
// compiled for AVX-512 could otherwise be the copy that the linker keeps for everybody.
//
// Strides are in bytes; rows index dtypes in the order of core/dtype.h. Null: the combination does not exist.
#pragma once

#include <cstdint>

#include "kernels/elementwise.h"
#include "kernels/optim.h"
#include "kernels/reduce.h"

namespace dtrain {

struct Loops {
  static constexpr int kTypes = 5;   // float32 float64 int64 uint8 bool
  static constexpr int kFloats = 2;  // float32 float64

  using UnaryLoop = void (*)(int64_t n, const char* x, int64_t sx, char* out, int64_t so);
  using BinaryLoop = void (*)(int64_t n, const char* x, int64_t sx, const char* y, int64_t sy, double alpha, char* out,
                              int64_t so);
  // Fold n elements into *acc (row), or element i into acc[i] (columns). Sums of floats accumulate in double, of
  // integers in int64; a maximum accumulates in its own type.
  using FoldLoop = void (*)(int64_t n, const char* x, int64_t sx, void* acc);
  using RowLoop = void (*)(int64_t n, const void* a, const void* b, void* out);  // contiguous
  using SgdLoop = void (*)(int64_t n, void* param, const void* grad, void* buffer, const Sgd& p);

  const char* name;
  UnaryLoop unary[kUnaries][kTypes];
  BinaryLoop binary[kBinaries][kTypes];
  UnaryLoop cast[kTypes][kTypes];  // [from][to]
  FoldLoop foldRow[kReduces][kTypes];
  FoldLoop foldColumns[kReduces][kTypes];
  RowLoop logSoftmax[kFloats];      // a = x, b unused
  RowLoop logSoftmaxGrad[kFloats];  // a = dy, b = y
  SgdLoop sgd[kFloats];
  // out[i] = weights[0] from[0][i] + weights[1] from[1][i] + …, in that order; out may be one of the sources
  void (*weightedSum[kFloats])(int64_t n, int sources, const void* const* from, const double* weights, void* out);
};

// The best table for this processor, or the one that DTRAIN_LOOPS names.
const Loops& loops();

}  // namespace dtrain
