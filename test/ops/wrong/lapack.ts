// Matrices that have no inverse, factor or solution, arguments that do not fit, and gradients that there are not.

import {
  ArgumentError,
  AutogradError,
  DTypeError,
  LinAlgError,
  ShapeError,
  UnsupportedError,
} from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { doubles, ints, leaf, type Wrong, zeros } from '../../support/wrong.ts'

const { linalg } = dt
const nothing = () => dt.full([2, 2], Number.NaN)
/** The second of two matrices is zeros. */
const pair = () => dt.stack([dt.eye(2), zeros(2, 2)])
const inverse = (order: number) =>
  `The diagonal element ${order} is zero, the inversion could not be completed because the input matrix is singular.`
const solver = 'The solver failed because the input matrix is singular.'
const pivot = (order: number) =>
  `U[${order},${order}] is zero and using it on luSolve would result in a division by zero. If you still want to ` +
  'perform the factorization, consider calling linalg.lu(a) or linalg.luFactorEx(a)'
const block = 'D[1,1] is zero and using it on ldlSolve would result in a division by zero.'
const infinite = 'The algorithm failed to converge because the input matrix contained non-finite values.'

const ones = () => dt.ones(2, 2)

const singular: Wrong[] = [
  ['inv', () => linalg.inv(ones()), LinAlgError, `linalg.inv: ${inverse(2)}`],
  ['inverse', () => pair().inverse(), LinAlgError, `inverse: (Batch element 1): ${inverse(1)}`],
  ['invEx', () => linalg.invEx(ones(), { checkErrors: true }), LinAlgError, `linalg.invEx: ${inverse(2)}`],
  ['solve', () => linalg.solve(pair(), zeros(2)), LinAlgError, `linalg.solve: (Batch element 1): ${solver}`],
  [
    'solveEx',
    () => linalg.solveEx(ones(), zeros(2, 1), { checkErrors: true }),
    LinAlgError,
    `linalg.solveEx: ${solver}`,
  ],
  ['luFactor', () => linalg.luFactor(ones()), LinAlgError, `linalg.luFactor: ${pivot(2)}`],
  ['lu', () => zeros(2, 2).lu(), LinAlgError, `lu: ${pivot(1)}`],
  ['luFactorEx', () => linalg.luFactorEx(ones(), { checkErrors: true }), LinAlgError, `linalg.luFactorEx: ${pivot(2)}`],
  ['ldlFactor', () => linalg.ldlFactor(zeros(2, 2)), LinAlgError, `linalg.ldlFactor: ${block}`],
  [
    'ldlFactorEx',
    () => linalg.ldlFactorEx(zeros(2, 2), { checkErrors: true }),
    LinAlgError,
    `linalg.ldlFactorEx: ${block}`,
  ],
  ['choleskyInverse', () => pair().choleskyInverse(), LinAlgError, `choleskyInverse: (Batch element 1): ${inverse(1)}`],
  [
    'lstsq: rank',
    () =>
      linalg.lstsq(
        dt.tensor([
          [1, 0],
          [1, 0],
        ]),
        zeros(2, 1),
        { driver: 'gels' },
      ), // 0 whatever the library adds up
    LinAlgError,
    'linalg.lstsq: The least squares solution could not be computed because the input matrix does not have full rank ' +
      '(error code: 2).',
  ],
  ['svd', () => linalg.svd(nothing()), LinAlgError, `linalg.svd: ${infinite}`],
  [
    'svdvals',
    () => linalg.svdvals(dt.stack([dt.eye(2), nothing()])),
    LinAlgError,
    `linalg.svdvals: (Batch element 1): ${infinite}`,
  ],
  ['pinv', () => linalg.pinv(nothing()), LinAlgError, `linalg.pinv: ${infinite}`],
  ['matrixRank', () => linalg.matrixRank(nothing()), LinAlgError, `linalg.matrixRank: ${infinite}`],
  [
    'eigh',
    () => linalg.eigh(dt.full([3, 3], Number.NaN)),
    LinAlgError,
    'linalg.eigh: The algorithm failed to converge because the input matrix is ill-conditioned or has too many ' +
      'repeated eigenvalues (error code: 2).',
  ],
]

const unfit: Wrong[] = [
  [
    'inv: not square',
    () => linalg.inv(zeros(2, 3)),
    ShapeError,
    'linalg.inv: expected square matrices, got shape [2, 3]',
  ],
  ['det: a vector', () => zeros(3).det(), ShapeError, 'linalg.det: expected at least 2 dimensions, got shape [3]'],
  [
    'slogdet: int64',
    () => ints(2, 2).slogdet(),
    DTypeError,
    'linalg.slogdet: not implemented for int64; convert with .float() or .double()',
  ],
  [
    'svd: bfloat16',
    () => zeros(2, 2).bfloat16().svd(),
    DTypeError,
    'linalg.svd: not implemented for bfloat16; convert with .float() or .double()',
  ],
  [
    'solve: sizes',
    () => linalg.solve(dt.eye(2), zeros(3, 1)),
    ShapeError,
    'linalg.solve: sizes do not fit A x = b: A [2, 2], b [3, 1]',
  ],
  [
    'solve: a vector on the right',
    () => linalg.solve(dt.eye(2), zeros(2), { left: false }),
    ShapeError,
    'linalg.solve: a vector b needs left, got A [2, 2], b [2]',
  ],
  [
    'solve: dtypes',
    () => linalg.solve(dt.eye(2), doubles(2, 1)),
    DTypeError,
    'linalg.solve: dtypes differ: float32 and float64; convert one with .to()',
  ],
  [
    'lu: pivot',
    () => linalg.lu(dt.eye(2), { pivot: false }),
    UnsupportedError,
    'linalg.lu: LU without pivoting is not implemented',
  ],
  [
    'luSolve: pivots of another dtype',
    () => linalg.luSolve(dt.eye(2), ints(2), zeros(2, 1)),
    DTypeError,
    'linalg.luSolve: pivots must be int32, as they come with the factors, got int64',
  ],
  [
    'luSolve: pivots of another matrix',
    () => zeros(2, 1).luSolve(dt.eye(2), dt.ones(3, { dtype: 'int32' })),
    ShapeError,
    'linalg.luSolve: expected pivots of shape [2], got [3]',
  ],
  [
    'luUnpack: no pivots',
    () => dt.luUnpack(dt.eye(2), dt.zeros(2, { dtype: 'int32' })),
    ArgumentError,
    'luUnpack: pivots must be from 1 to 2, got 0',
  ],
  [
    'qr: mode',
    () => linalg.qr(dt.eye(2), 'full' as 'r'),
    ArgumentError,
    "qr: mode: expected 'reduced', 'complete' or 'r', got 'full'",
  ],
  [
    'householderProduct: wide',
    () => linalg.householderProduct(zeros(2, 3), zeros(2)),
    ShapeError,
    'linalg.householderProduct: expected at least as many rows as columns, got shape [2, 3]',
  ],
  [
    'orgqr: tau',
    () => zeros(3, 2).orgqr(zeros(3)),
    ShapeError,
    'orgqr: expected tau to have the batch dimensions of a and at most as many elements as a has ' +
      'rows and columns, got a [3, 2], tau [3]',
  ],
  [
    'ormqr: sizes',
    () => zeros(3, 2).ormqr(zeros(2), zeros(2, 3)),
    ShapeError,
    'ormqr: sizes do not fit Q c: a [3, 2], c [2, 3]',
  ],
  [
    'eigh: UPLO',
    () => linalg.eigh(dt.eye(2), 'upper' as 'U'),
    ArgumentError,
    "eigh: UPLO must be 'L' or 'U', got 'upper'",
  ],
  [
    'lstsq: sizes',
    () => linalg.lstsq(zeros(3, 2), zeros(2, 1)),
    ShapeError,
    'linalg.lstsq: sizes do not fit A x = b: A [3, 2], b [2, 1]',
  ],
  [
    'lstsq: driver',
    () => linalg.lstsq(dt.eye(2), zeros(2, 1), { driver: 'qr' as 'gels' }),
    ArgumentError,
    "lstsq: driver: expected 'gels', 'gelsy', 'gelsd' or 'gelss', got 'qr'",
  ],
  ['tensorinv: ind', () => linalg.tensorinv(dt.eye(2), 0), ArgumentError, 'tensorinv: ind must be positive, got 0'],
  [
    'tensorinv: not square',
    () => linalg.tensorinv(zeros(2, 3), { ind: 1 }),
    ShapeError,
    'tensorinv: expected as many elements in the first 1 dimensions as in the others, got shape [2, 3]',
  ],
  [
    'tensorsolve: not square',
    () => linalg.tensorsolve(zeros(2, 3), zeros(2)),
    ShapeError,
    'tensorsolve: expected as many elements in the first 1 dimensions of a as in the others, got shape [2, 3]',
  ],
]

const norms: Wrong[] = [
  [
    'vectorNorm: ord',
    () => linalg.vectorNorm(zeros(2), 'fro' as never),
    ArgumentError,
    "vectorNorm: ord must be a number, got 'fro'",
  ],
  ['matrixNorm: ord', () => linalg.matrixNorm(zeros(2, 2), 3), ArgumentError, 'matrixNorm: ord 3 is not supported'],
  [
    'matrixNorm: a vector',
    () => linalg.matrixNorm(zeros(2)),
    ShapeError,
    'matrixNorm: expected at least 2 dimensions, got shape [2]',
  ],
  [
    'matrixNorm: one dim',
    () => linalg.matrixNorm(zeros(2, 2), { dim: [0] }),
    ArgumentError,
    'matrixNorm: dim must be two dimensions, got [0]',
  ],
  [
    'matrixNorm: one dim twice',
    () => linalg.matrixNorm(zeros(2, 2), { dim: [1, -1] }),
    ArgumentError,
    'matrixNorm: dimensions must be different, got [1, -1]',
  ],
  [
    'norm: three dims',
    () => linalg.norm(zeros(1, 1, 1), { dim: [0, 1, 2] }),
    ArgumentError,
    'norm: dim must be one or two dimensions, got [0, 1, 2]',
  ],
  [
    'norm: ord of three dims',
    () => linalg.norm(zeros(1, 1, 1), 'fro'),
    ShapeError,
    'norm: ord without dim needs 1 or 2 dimensions, got shape [1, 1, 1]',
  ],
  [
    'norm: nuc of a vector',
    () => linalg.norm(zeros(2), 'nuc'),
    ArgumentError,
    "norm: ord 'nuc' is for matrices, got one dimension",
  ],
  [
    'torch norm: nuc of a vector',
    () => zeros(2).norm('nuc'),
    ShapeError,
    "norm: 'nuc' is of two dimensions, got shape [2] and dim [0]",
  ],
  [
    'torch norm: p',
    () => zeros(2).norm('max' as 'fro'),
    ArgumentError,
    "norm: p must be a number, 'fro' or 'nuc', got 'max'",
  ],
]

const noGradient = (op: string) => `${op}: the gradient is not implemented, as in PyTorch; compute on x.detach()`
const gradients: Wrong[] = [
  [
    'qr: R alone',
    () => linalg.qr(leaf(2, 2), 'r')[1].sum().backward(),
    AutogradError,
    "linalg.qr: the gradient depends on Q, which is not computed when mode is 'r'; use mode 'reduced'",
  ],
  [
    'qr: complete',
    () => leaf(3, 2).qr(false)[0].sum().backward(),
    AutogradError,
    "linalg.qr: not differentiable when mode is 'complete' and there are more rows than columns",
  ],
  ['geqrf', () => leaf(2, 2).geqrf()[1].sum().backward(), AutogradError, noGradient('geqrf')],
  [
    'ldlFactor',
    () => linalg.ldlFactorEx(leaf(2, 2))[0].sum().backward(),
    AutogradError,
    noGradient('linalg.ldlFactorEx'),
  ],
  [
    'ldlSolve',
    () =>
      linalg
        .ldlSolve(...linalg.ldlFactor(dt.eye(2)), leaf(2, 1))
        .sum()
        .backward(),
    AutogradError,
    noGradient('linalg.ldlSolve'),
  ],
]

export const lapack: Wrong[] = [...singular, ...unfit, ...norms, ...gradients]
