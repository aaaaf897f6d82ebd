// One-dimensional inner loops of the CPU kernels. The files of cpu/loops/ are compiled once per instruction set and the
// best tables are chosen at run time. They include only plain data, because an inline function of a library header
// compiled for AVX-512 could otherwise be the copy that the linker keeps for everybody.
//
// Strides are in bytes. Null: the combination does not exist.
#pragma once

#include "kernels/activation.h"
#include "kernels/arithmetic.h"
#include "kernels/bitwise.h"
#include "kernels/compare.h"
#include "kernels/loss.h"
#include "kernels/optim.h"
#include "kernels/reduce.h"
#include "kernels/select.h"
#include "kernels/special.h"
#include "kernels/unary.h"

namespace dtrain {

using UnaryLoop = void (*)(int64_t n, const char* x, int64_t sx, char* out, int64_t so);
using BinaryLoop = void (*)(int64_t n, const char* x, int64_t sx, const char* y, int64_t sy, double alpha, char* out,
                            int64_t so);
using TernaryLoop = void (*)(int64_t n, const char* const* in, const int64_t* strides, char* out, int64_t so);
// Of a formula for float, double and int64, in the order of Compute.
using UnaryRow = UnaryLoop[kComputes];
using BinaryRow = BinaryLoop[kComputes];
using TernaryRow = TernaryLoop[kComputes];

struct ConvertLoops {
  UnaryLoop load[kDTypes][kComputes];   // elements of a dtype to what they, or wider ones, are computed in
  UnaryLoop store[kComputes][kDTypes];  // and back, rounded once
  UnaryLoop move[4];                    // elements of 1, 2, 4 and 8 bytes
};
struct ArithmeticLoops {
  BinaryRow of[kArithmeticCount];
};
struct CompareLoops {  // out is bool
  BinaryRow of[kCompareCount];
};
struct BitwiseLoops {
  BinaryRow of[kBitwiseCount];
};
struct SpecialLoops {
  UnaryRow of[kSpecialCount];
  BinaryRow ofTwo[kSpecialOfTwoCount];
};
struct UnaryLoops {
  UnaryRow of[kUnaryCount];
};
struct ActivationLoops {
  UnaryRow of[kActivationCount];
  BinaryRow grad[kActivationGradCount];
  BinaryRow ofTwo[kActivationOfTwoCount];
  TernaryRow ofThree[kActivationOfThreeCount];
};
struct SelectLoops {
  TernaryRow of[kSelectCount];
};
struct LossLoops {
  BinaryRow pair[kPairLossCount];
  BinaryRow slope[kPairLossCount];
};

struct ReduceLoops {
  // Fold n elements into *acc (row), or of several rows, `step` bytes apart, element i into acc[i] (columns). Sums and
  // products of floats accumulate in double, of integers in 64 bits; an extreme accumulates in its own type, a norm in
  // Powers, a variance in Moments.
  using Fold = void (*)(int64_t n, const char* x, int64_t sx, void* acc);
  using ColumnFold = void (*)(int64_t rows, int64_t step, int64_t n, const char* x, int64_t sx, void* acc);
  Fold row[kReduceCount][kComputes];
  Fold trueRow;  // how many bool elements are true, in 64 bits
  ColumnFold columns[kReduceCount][kComputes];
  Fold normRow[kNormCount][2];  // for float and double
  ColumnFold normColumns[kNormCount][2];
  Fold varianceRow[2];
  ColumnFold varianceColumns[2];
  // out[i] = weights[0] from[0][i] + weights[1] from[1][i] + …, in that order, for float and double; out may be one of
  // the sources
  void (*weightedSum[2])(int64_t n, int sources, const void* const* from, const double* weights, void* out);
};
struct SoftmaxLoops {  // for float and double; rows are contiguous
  using Row = void (*)(int64_t n, const void* a, const void* b, void* out);
  Row softmax[2], logSoftmax[2];          // a = x, b unused
  Row softmaxGrad[2], logSoftmaxGrad[2];  // a = dy, b = y
};
struct NormLoops {  // for float and double; scale is 1 / sqrt(variance + eps)
  void (*moments[2])(int64_t n, const void* x, double* mean, double* squares);
  // A row has a weight and a bias for each element, a run one of each.
  void (*normalizeRow[2])(int64_t n, const void* x, double mean, double scale, const void* w, const void* b, void* y);
  void (*normalizeRun[2])(int64_t n, const void* x, double mean, double scale, double shift, void* y);
  // Added to sums: of w dy and of w dy xhat (of a run without w); to dw and db: dy xhat and dy of each element.
  void (*sumsOfRow[2])(int64_t n, const void* dy, const void* x, double mean, double scale, const void* w, double* sums,
                       double* dw, double* db);
  void (*sumsOfRun[2])(int64_t n, const void* dy, const void* x, double mean, double scale, double* sums);
  void (*gradRow[2])(int64_t n, const void* dy, const void* x, double mean, double scale, const void* w, double slope,
                     double product, void* dx);
  void (*gradRun[2])(int64_t n, const void* dy, const void* x, double mean, double scale, double w, double slope,
                     double product, void* dx);
};
struct AttentionLoops {  // for float and double; rows are contiguous
  // Scores become exp(score - top), of the largest so far; sum is of all so far. By what those before shrink.
  double (*powers[2])(int64_t n, void* scores, double* top, double* sum);
  // Scores become p = exp(score - log), and d becomes p (d - mean).
  void (*slopes[2])(int64_t n, void* scores, double log, double mean, void* d);
  double (*dot[2])(int64_t n, const void* a, const void* b);
  void (*times[2])(int64_t n, void* x, double factor);
};
struct MatmulLoops {
  // c[m, n] += alpha a[m, k] b[k, n] for integers, which wrap; the distances of rows and columns are in elements, and
  // columns of c are neighbours
  void (*product)(int64_t m, int64_t n, int64_t k, int64_t alpha, const int64_t* a, int64_t rowA, int64_t columnA,
                  const int64_t* b, int64_t rowB, int64_t columnB, int64_t* c, int64_t rowC);
};
struct RandomLoops {
  // of every sixteen of n numbers in [0, 1) sixteen normal ones, in place
  void (*normals)(int64_t n, float* d, float mean, float std);
  // numbers in [0, 1) from the low 24 bits
  void (*uniforms)(int64_t n, const uint32_t* words, float* out);
};
struct OptimLoops {  // for float and double
  // arrays: parameter, gradient, states; contiguous
  using Update = void (*)(int64_t n, void* const* arrays, int states, const double* scalars);
  Update update[std::size(kOptimizers)][2];
};

struct Loops {
  const char* name;
  const ConvertLoops& convert;
  const ArithmeticLoops& arithmetic;
  const CompareLoops& compare;
  const UnaryLoops& unary;
  const ActivationLoops& activation;
  const SelectLoops& select;
  const ReduceLoops& reduce;
  const SoftmaxLoops& softmax;
  const NormLoops& norm;
  const AttentionLoops& attention;
  const OptimLoops& optim;
  const MatmulLoops& matmul;
  const LossLoops& loss;
  const BitwiseLoops& bitwise;
  const SpecialLoops& special;
  const RandomLoops& random;
};

// The best table for this processor, or the one that DTRAIN_LOOPS names.
const Loops& loops();

}  // namespace dtrain
