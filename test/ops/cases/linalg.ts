// cholesky choleskyEx solveTriangular choleskySolve. What surprises: of a symmetric or triangular matrix one triangle
// is read, and yet the gradient of a Cholesky factor is symmetric; batch dims broadcast, and their gradients are
// summed.

import {
  type Case,
  type DType,
  type Dtrain,
  type Input,
  layouts,
  leaf,
  shapePair,
  show,
  type Tensor,
} from '../../support/case.ts'

const doubleOrSingle = ['float32', 'float64'] as const
const inf = Infinity
const oneTriangle = 'one triangle is read, and the gradient is that of both'

const turned = (x: Tensor) => x.transpose(-2, -1)
/** x with so much more on its diagonal, and the same in Python. */
const raised = (dt: Dtrain, x: Tensor, by: number) =>
  x.add(dt.eye(x.shape.at(-1)!, { dtype: x.dtype, device: x.device }).mul(by))
const plus = (x: string, by: number) => `(${x} + ${by} * torch.eye(${x}.shape[-1], dtype=${x}.dtype))`
/** A positive-definite matrix of any square one. */
const positive = (dt: Dtrain, x: Tensor) => raised(dt, x.matmul(turned(x)), 1)
const definite = plus('(x0 @ x0.mT)', 1)

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch }
}

function factors(): Case[] {
  const shapes = [
    [3, 3],
    [1, 1],
    [0, 0],
    [2, 3, 3],
    [2, 1, 4, 4],
    [0, 3, 3],
    [2, 0, 0],
    [9, 9],
  ]
  const lower: Case['run'] = (dt, x) => dt.linalg.cholesky(positive(dt, x))
  const symmetric = [4, -1, 0.5, -1, 3, 0.25, 0.5, 0.25, 2]
  return [
    ...doubleOrSingle.flatMap(dtype => [
      ...shapes.map(shape =>
        make('cholesky', `${dtype} ${show(shape)}`, [leaf(shape, dtype)], lower, `torch.linalg.cholesky(${definite})`),
      ),
      make(
        'cholesky',
        `${dtype} upper`,
        [leaf([2, 4, 4], dtype)],
        (dt, x) => dt.linalg.cholesky(positive(dt, x), { upper: true }),
        `torch.linalg.cholesky(${definite}, upper=True)`,
      ),
      ...layouts.map(layout => ({
        ...make(
          'cholesky',
          `${dtype} ${layout}`,
          [leaf(layout === 'expanded' ? [2, 3, 3] : [3, 3], dtype, { layout, values: symmetric })],
          (dt, x) => dt.linalg.cholesky(x),
          'torch.linalg.cholesky(x0)',
        ),
        kink: oneTriangle,
      })),
      make(
        'cholesky',
        `${dtype} logarithm of the determinant`,
        [leaf([2, 5, 5], dtype)],
        (dt, x) => dt.linalg.cholesky(positive(dt, x)).diagonal({ dim1: -2, dim2: -1 }).log().sum(-1).mul(2),
        `2 * torch.linalg.cholesky(${definite}).diagonal(dim1=-2, dim2=-1).log().sum(-1)`,
      ),
      make(
        'choleskyEx',
        `${dtype} factor`,
        [leaf([3, 3], dtype)],
        (dt, x) => dt.linalg.choleskyEx(positive(dt, x)),
        `torch.linalg.cholesky_ex(${definite})`,
      ),
      make(
        'choleskyEx',
        `${dtype} minors that are not positive`,
        [{ shape: [4, 2, 2], dtype, values: [1, 2, 2, 1, 1, 0, 0, 1, -1, 0, 0, 1, 1, 0, 0, 0] }],
        (dt, x) => dt.linalg.choleskyEx(x)[1],
        'torch.linalg.cholesky_ex(x0).info',
      ),
    ]),
    make(
      'cholesky',
      'the other triangle is not read',
      [{ shape: [2, 2], values: [4, Number.NaN, 2, 5] }],
      (dt, x) => dt.linalg.cholesky(x),
      'torch.linalg.cholesky(x0)',
    ),
    make(
      'choleskyEx',
      'upper, the other triangle is not read',
      [{ shape: [2, 2], values: [4, 2, Number.NaN, 5] }],
      (dt, x) => dt.linalg.choleskyEx(x, { upper: true, checkErrors: true }),
      'torch.linalg.cholesky_ex(x0, upper=True, check_errors=True)',
    ),
    make(
      'choleskyEx',
      'infinite',
      [{ shape: [2, 2, 2], values: [inf, 0, inf, inf, -inf, 0, 1, 1] }],
      (dt, x) => dt.linalg.choleskyEx(x)[1],
      'torch.linalg.cholesky_ex(x0).info',
    ),
    make(
      'choleskyEx',
      'not a number',
      [{ shape: [2, 2, 2], values: [1, 0, 0, Number.NaN, Number.NaN, 1, 1, 1] }],
      (dt, x) => dt.linalg.choleskyEx(x)[1],
      'torch.linalg.cholesky_ex(x0).info',
    ),
  ]
}

const pairs = [
  '[3, 3] x [3, 2]',
  '[1, 1] x [1, 1]',
  '[9, 9] x [9, 7]',
  '[2, 3, 3] x [2, 3, 2]',
  '[3, 3] x [2, 3, 2]',
  '[2, 3, 3] x [3, 2]',
  '[2, 1, 3, 3] x [4, 3, 1]',
  '[0, 0] x [0, 2]',
  '[3, 3] x [3, 0]',
  '[0, 3, 3] x [0, 3, 2]',
].map(shapePair)

function solutions(): Case[] {
  const ways = [true, false].flatMap(upper =>
    [true, false].flatMap(left => [true, false].map(unitriangular => ({ upper, left, unitriangular }))),
  )
  const text = (yes: boolean) => (yes ? 'True' : 'False')
  const solve = (name: string, inputs: Input[], way: (typeof ways)[number]): Case =>
    make(
      'solveTriangular',
      name,
      inputs,
      (dt, a, b) => dt.linalg.solveTriangular(raised(dt, a, 3), b, way),
      `torch.linalg.solve_triangular(${plus('x0', 3)}, x1, upper=${text(way.upper)}, left=${text(way.left)}, ` +
        `unitriangular=${text(way.unitriangular)})`,
    )
  const two = (dtype: DType, [a, b]: [number[], number[]], left = true): Input[] => [
    leaf(a, dtype),
    leaf(left ? b : [...b.slice(0, -2), b.at(-1)!, b.at(-2)!], dtype),
  ]
  const plain = { upper: false, left: true, unitriangular: false }
  return doubleOrSingle.flatMap(dtype => [
    ...pairs.map(pair => solve(`${dtype} ${show(pair[0])} and ${show(pair[1])}`, two(dtype, pair), plain)),
    ...pairs.slice(4, 7).map(pair =>
      solve(`${dtype} right ${show(pair[0])} and ${show(pair[1])}`, two(dtype, pair, false), {
        ...plain,
        left: false,
      }),
    ),
    ...ways.map(way =>
      solve(
        `${dtype} ${way.upper ? 'upper' : 'lower'} ${way.left ? 'left' : 'right'}${way.unitriangular ? ' unit' : ''}`,
        two(
          dtype,
          [
            [2, 4, 4],
            [2, 4, 3],
          ],
          way.left,
        ),
        way,
      ),
    ),
    ...layouts.flatMap(layout => [
      solve(`${dtype} ${layout} matrix`, [leaf([2, 3, 3], dtype, { layout }), leaf([2, 3, 4], dtype)], plain),
      solve(`${dtype} ${layout} right side`, [leaf([3, 3], dtype), leaf([3, 4], dtype, { layout })], plain),
    ]),
    make(
      'solveTriangular',
      `${dtype} zero on the diagonal`,
      [
        { shape: [2, 2], dtype, values: [1, 0, 1, 0] },
        { shape: [2, 1], dtype, values: [1, 2] },
      ],
      (dt, a, b) => dt.linalg.solveTriangular(a, b, { upper: false }),
      'torch.linalg.solve_triangular(x0, x1, upper=False)',
    ),
    ...[false, true].map(upper =>
      make(
        'choleskySolve',
        `${dtype} ${upper ? 'upper' : 'lower'}`,
        [leaf([2, 3, 2], dtype), leaf([2, 3, 3], dtype)],
        (dt, b, l) => {
          const factor = raised(dt, l, 3)
          return upper ? b.choleskySolve(factor.triu(), true) : dt.choleskySolve(b, factor.tril())
        },
        `torch.cholesky_solve(x0, ${plus('x1', 3)}.${upper ? 'triu' : 'tril'}(), upper=${text(upper)})`,
      ),
    ),
    make(
      'choleskySolve',
      `${dtype} batches that broadcast`,
      [leaf([3, 2], dtype), leaf([2, 3, 3], dtype)],
      (dt, b, l) => dt.choleskySolve(b, raised(dt, l, 3).tril(), { upper: false }),
      `torch.cholesky_solve(x0, ${plus('x1', 3)}.tril())`,
    ),
    make(
      'choleskySolve',
      `${dtype} by the factor of a matrix`,
      [leaf([5, 5], dtype), leaf([5, 1], dtype)],
      (dt, x, b) => dt.choleskySolve(b, dt.linalg.cholesky(positive(dt, x))),
      `torch.cholesky_solve(x1, torch.linalg.cholesky(${definite}))`,
    ),
  ])
}

export const cases: Case[] = [...factors(), ...solutions()]
