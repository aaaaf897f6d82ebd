// Matrices that do not fit or have no factor, diagonals, and special functions.

import { ArgumentError, DTypeError, IndexError, LinAlgError, ShapeError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { doubles, ints, type Wrong, zeros } from '../../support/wrong.ts'

const { linalg, special } = dt

const notPositive = (op: string, order: number, which = '') =>
  `linalg.${op}: ${which}The factorization could not be completed because the input is not positive-definite ` +
  `(the leading minor of order ${order} is not positive-definite).`

const indefinite = () =>
  dt.tensor([
    [1, 2],
    [2, 1],
  ])

export const matrices: Wrong[] = [
  ['cholesky: not positive', () => linalg.cholesky(indefinite()), LinAlgError, notPositive('cholesky', 2)],
  [
    'cholesky: one of several',
    () => linalg.cholesky(dt.stack([dt.eye(2), indefinite(), zeros(2, 2)]), { upper: true }),
    LinAlgError,
    notPositive('cholesky', 2, '(Batch element 1): '),
  ],
  [
    'choleskyEx: not positive',
    () => linalg.choleskyEx(zeros(2, 2), { checkErrors: true }),
    LinAlgError,
    notPositive('choleskyEx', 1),
  ],
  [
    'cholesky: a vector',
    () => linalg.cholesky(zeros(3)),
    ShapeError,
    'linalg.cholesky: expected at least 2 dimensions, got shape [3]',
  ],
  [
    'cholesky: not square',
    () => linalg.cholesky(zeros(4, 2, 3)),
    ShapeError,
    'linalg.cholesky: expected square matrices, got shape [4, 2, 3]',
  ],
  [
    'cholesky: int64',
    () => linalg.cholesky(ints(2, 2)),
    DTypeError,
    'linalg.cholesky: not implemented for int64; convert with .float() or .double()',
  ],
  [
    'cholesky: float16',
    () => linalg.cholesky(zeros(2, 2).half()),
    DTypeError,
    'linalg.cholesky: not implemented for float16; convert with .float() or .double()',
  ],
  [
    'cholesky: upper is no boolean',
    () => linalg.cholesky(dt.eye(2), { upper: 1 as never }),
    ArgumentError,
    'cholesky: upper: expected true or false, got a number',
  ],
  [
    'solveTriangular: which triangle',
    () => linalg.solveTriangular(dt.eye(2), zeros(2, 1), {} as never),
    ArgumentError,
    'solveTriangular: upper: expected true or false, got undefined',
  ],
  [
    'solveTriangular: sizes',
    () => linalg.solveTriangular(dt.eye(2), zeros(3, 1), { upper: true }),
    ShapeError,
    'linalg.solveTriangular: sizes do not fit A x = b: A [2, 2], b [3, 1]',
  ],
  [
    'solveTriangular: sizes on the right',
    () => linalg.solveTriangular(dt.eye(2), zeros(2, 3), { upper: true, left: false }),
    ShapeError,
    'linalg.solveTriangular: sizes do not fit x A = b: A [2, 2], b [2, 3]',
  ],
  [
    'solveTriangular: batches',
    () => linalg.solveTriangular(zeros(2, 2, 2), zeros(3, 2, 1), { upper: true }),
    ShapeError,
    'linalg.solveTriangular: sizes do not fit A x = b: A [2, 2, 2], b [3, 2, 1]',
  ],
  [
    'solveTriangular: a vector',
    () => linalg.solveTriangular(dt.eye(2), zeros(2), { upper: true }),
    ShapeError,
    'linalg.solveTriangular: expected at least 2 dimensions, got shape [2]',
  ],
  [
    'solveTriangular: dtypes',
    () => linalg.solveTriangular(dt.eye(2), doubles(2, 1), { upper: true }),
    DTypeError,
    'linalg.solveTriangular: dtypes differ: float32 and float64; convert one with .to()',
  ],
  [
    'choleskySolve: sizes',
    () => zeros(3, 1).choleskySolve(dt.eye(2)),
    ShapeError,
    'choleskySolve: sizes do not fit A x = b: A [2, 2], b [3, 1]',
  ],
  [
    'diagonal: one dim twice',
    () => zeros(2, 2).diagonal({ dim1: 1 }),
    ArgumentError,
    'diagonal: expected two dimensions that differ, got 1 and 1',
  ],
  [
    'diagonal: a vector',
    () => zeros(2).diagonal(),
    IndexError,
    'diagonal: dim 1 is out of range for a tensor of 1 dimensions (expected -1 to 0)',
  ],
  [
    'diagEmbed: one dim twice',
    () => zeros(2).diagEmbed({ dim1: -1 }),
    ArgumentError,
    'diagEmbed: expected two dimensions that differ, got -1 and -1',
  ],
  [
    'diag: three dims',
    () => zeros(2, 2, 2).diag(),
    ShapeError,
    'diag: expected 1 or 2 dimensions, got shape [2, 2, 2]',
  ],
  [
    'diagEmbed: no dims',
    () => dt.tensor(1).diagEmbed(),
    ShapeError,
    'diagEmbed: expected at least 1 dimension, got a 0-d tensor',
  ],
  [
    'erfcx: float16',
    () => special.erfcx(zeros(2).half()),
    DTypeError,
    'erfcx: not implemented for float16; convert with .float() first',
  ],
  [
    'logNdtr: bfloat16',
    () => special.logNdtr(zeros(2).bfloat16()),
    DTypeError,
    'logNdtr: not implemented for bfloat16; convert with .float() first',
  ],
]
