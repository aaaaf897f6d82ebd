// Factors of matrices by LAPACK, and what is solved by them; on GPUs by cuSOLVER, which has its functions. All of
// float32 or float64.
//
// Matrices are column major, as LAPACK has them: a tensor [batch, columns, rows], contiguous, which is given and
// changed in place. info [batch] (int32) is what LAPACK says of each matrix, 0 if all is well; pivots [batch, k]
// (int32) count from 1. No matrix is empty.
#pragma once

namespace dtrain {

class Tensor;

struct LapackKernels {
  // a becomes L below the diagonal, whose own is ones, and U: getrf.
  void (&lu)(const Tensor& a, const Tensor& pivots, const Tensor& info);
  // b becomes the x with A x = b, or A^T x = b: getrs.
  void (&luSolve)(const Tensor& lu, const Tensor& pivots, bool transposed, const Tensor& b);
  // a becomes R, and below the diagonal the vectors of the reflections whose product is Q; tau [batch, k] their
  // factors: geqrf.
  void (&qr)(const Tensor& a, const Tensor& tau);
  // Such vectors become the first columns of Q: orgqr.
  void (&householder)(const Tensor& a, const Tensor& tau);
  // c becomes Q c, Q^T c, c Q or c Q^T: ormqr.
  void (&multiplyByQ)(const Tensor& a, const Tensor& tau, bool left, bool transposed, const Tensor& c);
  // The triangle of a symmetric a is read, and becomes the eigenvectors if they are wanted, else is lost; values
  // [batch, n] go up: syevd.
  void (&eigh)(const Tensor& a, bool upper, bool vectors, const Tensor& values, const Tensor& info);
  // A = U diag(s) Vt, s [batch, k] going down; a is lost. U has all columns, and Vt all rows, or the first k. Both may
  // be undefined: gesdd, on GPUs gesvd.
  void (&svd)(const Tensor& a, const Tensor& u, const Tensor& s, const Tensor& vt, const Tensor& info);
  // The lower triangle of a symmetric a becomes L and D, with blocks of 1 and 2 on its diagonal: sytrf.
  void (&ldl)(const Tensor& a, const Tensor& pivots, const Tensor& info);
  // b becomes the x with A x = b: sytrs.
  void (&ldlSolve)(const Tensor& ldl, const Tensor& pivots, const Tensor& b);
};

}  // namespace dtrain
