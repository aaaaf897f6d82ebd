// What LAPACK computes: LU, LDL and QR factors, eigenvalues, singular values, and what is solved by them. What
// surprises: vectors are known but for their sign, so cases look at what does not depend on it; matrices are raised on
// their diagonal, or PyTorch's own rounding would show. What PyTorch has no gradient of is detached, or compared with
// what does the same.

import { type Case, type DType, type Dtrain, layouts, leaf, shapePair, show, type Tensor } from '../../support/case.ts'

type Outputs = Tensor | Tensor[]

interface Row {
  op: Case['op']
  /** Added to the case's name where an op has several rows. */
  about?: string
  /** Shapes of one input, or pairs of two: '[3, 3] x [3, 2]'. */
  shapes: (number[] | string)[]
  /** How much is added to the diagonal of the first input, 0 by default. */
  raised?: number
  /** Whether the first input is made symmetric. */
  symmetric?: boolean
  run: (dt: Dtrain, a: Tensor, b: Tensor) => Outputs
  /** In Python, with a and b. */
  torch: string
  /** Whether it has no gradient. */
  constant?: boolean
  kink?: string
}

/** An op of matrices: each shape in float64, each layout of the first, and two in float32. */
function matrices(row: Row): Case[] {
  const { op, about, raised = 0, symmetric = false, constant, kink } = row
  const prepared = (dt: Dtrain, x: Tensor) => {
    const y = symmetric ? x.add(x.transpose(-2, -1)) : x
    if (raised === 0) return y
    const slope = dt.arange(1, x.shape.at(-1)! + 1, 1, { dtype: x.dtype, device: x.device })
    return y.add(dt.eye(x.shape.at(-2)!, x.shape.at(-1)!, { dtype: x.dtype, device: x.device }).mul(slope.mul(raised)))
  }
  const python = symmetric ? '(x0 + x0.mT)' : 'x0'
  const slope = `torch.arange(1, x0.shape[-1] + 1, dtype=x0.dtype) * ${raised}`
  const first = raised === 0 ? python : `(${python} + torch.eye(x0.shape[-2], x0.shape[-1], dtype=x0.dtype) * ${slope})`
  const torch = row.torch.replace(/\ba\b/g, first).replace(/\bb\b/g, 'x1')
  const make = (dtype: DType, shape: number[] | string, layout?: (typeof layouts)[number]): Case => {
    const shapes = typeof shape === 'string' ? shapePair(shape) : [shape]
    const inputs = shapes.map((one, i) => ({
      ...leaf(one, dtype, { layout: i === 0 ? layout : undefined }),
      grad: !constant,
    }))
    const name = [`${op}: ${dtype}`, about, shapes.map(show).join(' and '), layout].filter(Boolean).join(' ')
    return {
      op,
      name,
      inputs,
      run: (dt, x, b) => row.run(dt, prepared(dt, x), b!),
      torch,
      mixes: true,
      ...(kink && { kink }),
    }
  }
  const largest = row.shapes[0]!
  return [
    ...row.shapes.map(shape => make('float64', shape)),
    ...layouts.map(layout => make('float64', largest, layout)),
    ...row.shapes.slice(0, 2).map(shape => make('float32', shape)),
  ]
}

const squares = [
  [2, 3, 3],
  [1, 1],
  [5, 5],
  [0, 0],
  [0, 3, 3],
  [2, 0, 0],
  [2, 1, 4, 4],
]
const oblongs = [
  [2, 4, 3],
  [3, 5],
  [1, 1],
  [4, 4],
  [0, 3],
  [3, 0],
  [0, 2, 3],
  [2, 1, 5, 2],
]
const tall = [
  [2, 4, 3],
  [5, 5],
  [1, 1],
  [3, 0],
  [0, 3, 2],
]
const systems = [
  '[2, 3, 3] x [2, 3, 2]',
  '[3, 3] x [3, 2]',
  '[1, 1] x [1, 1]',
  '[5, 5] x [5, 4]',
  '[3, 3] x [2, 3, 2]',
  '[2, 3, 3] x [3, 2]',
  '[2, 1, 3, 3] x [4, 3, 1]',
  '[0, 0] x [0, 2]',
  '[3, 3] x [3, 0]',
]
const rank = { raised: 2 }
/** The factors that make reflections of the columns below the diagonal. */
const orthogonal = (a: Tensor) => a.tril(-1).square().sum(-2).add(1).reciprocal().mul(2)
/** What stays of vectors when their signs are left out. */
const spanned = (v: Tensor) => v.matmul(v.transpose(-2, -1))

export const cases: Case[] = [
  ...matrices({ op: 'inv', ...rank, shapes: squares, run: (dt, a) => dt.linalg.inv(a), torch: 'torch.linalg.inv(a)' }),
  ...matrices({
    op: 'invEx',
    ...rank,
    shapes: [[2, 3, 3]],
    run: (dt, a) => dt.linalg.invEx(a),
    torch: 'torch.linalg.inv_ex(a)',
  }),
  ...matrices({
    op: 'solve',
    ...rank,
    shapes: [...systems, '[3, 3] x [3]', '[2, 3, 3] x [2, 3]'],
    run: (dt, a, b) => dt.linalg.solve(a, b),
    torch: 'torch.linalg.solve(a, b)',
  }),
  ...matrices({
    op: 'solve',
    about: 'right',
    ...rank,
    shapes: ['[2, 3, 3] x [2, 4, 3]', '[3, 3] x [2, 1, 3]'],
    run: (dt, a, b) => dt.linalg.solve(a, b, { left: false }),
    torch: 'torch.linalg.solve(a, b, left=False)',
  }),
  ...matrices({
    op: 'solveEx',
    ...rank,
    shapes: ['[2, 3, 3] x [2, 3, 2]'],
    run: (dt, a, b) => dt.linalg.solveEx(a, b, { checkErrors: true }),
    torch: 'torch.linalg.solve_ex(a, b, check_errors=True)',
  }),
  ...matrices({ op: 'det', ...rank, shapes: squares, run: (_, a) => a.det(), torch: 'torch.linalg.det(a)' }),
  ...matrices({
    op: 'slogdet',
    ...rank,
    shapes: squares,
    run: (dt, a) => dt.linalg.slogdet(a),
    torch: 'torch.linalg.slogdet(a)',
  }),
  ...matrices({
    op: 'logdet',
    ...rank,
    shapes: [
      [2, 3, 3],
      [0, 0],
    ],
    run: (_, a) => a.matmul(a.transpose(-2, -1)).logdet(),
    torch: 'torch.logdet(a @ a.mT)',
  }),
  ...matrices({ op: 'lu', ...rank, shapes: oblongs, run: (dt, a) => dt.linalg.lu(a), torch: 'torch.linalg.lu(a)' }),
  ...matrices({
    op: 'luFactor',
    ...rank,
    shapes: oblongs,
    run: (dt, a) => dt.linalg.luFactor(a),
    torch: 'torch.linalg.lu_factor(a)',
  }),
  ...matrices({
    op: 'luFactorEx',
    ...rank,
    shapes: oblongs.slice(0, 2),
    run: (_, a) => a.lu({ getInfos: true }) as Tensor[],
    torch: 'torch.lu(a, get_infos=True)',
  }),
  ...matrices({
    op: 'luUnpack',
    ...rank,
    shapes: oblongs,
    run: (dt, a) => dt.luUnpack(...dt.linalg.luFactor(a)),
    torch: 'torch.lu_unpack(*torch.linalg.lu_factor(a))',
  }),
  ...[true, false].flatMap(left =>
    [true, false].flatMap(adjoint =>
      matrices({
        op: 'luSolve',
        about: `${left ? 'left' : 'right'}${adjoint ? ' adjoint' : ''}`,
        ...rank,
        shapes: left ? ['[2, 3, 3] x [2, 3, 2]', '[3, 3] x [2, 3, 1]', '[0, 0] x [0, 1]'] : ['[2, 3, 3] x [2, 2, 3]'],
        run: (dt, a, b) => dt.linalg.luSolve(...dt.linalg.luFactor(a), b, { left, adjoint }),
        torch: `torch.linalg.lu_solve(*torch.linalg.lu_factor(a), b, left=${left ? 'True' : 'False'}, adjoint=${adjoint ? 'True' : 'False'})`,
      }),
    ),
  ),
  ...matrices({
    op: 'ldlFactor',
    symmetric: true,
    constant: true,
    ...rank,
    shapes: squares,
    run: (dt, a) => dt.linalg.ldlFactor(a),
    torch: 'torch.linalg.ldl_factor(a.detach())',
  }),
  ...matrices({
    op: 'ldlFactorEx',
    symmetric: true,
    constant: true,
    shapes: [[2, 4, 4]],
    run: (dt, a) => dt.linalg.ldlFactorEx(a, { hermitian: true }),
    torch: 'torch.linalg.ldl_factor_ex(a.detach(), hermitian=True)',
  }),
  ...matrices({
    op: 'ldlSolve',
    symmetric: true,
    constant: true,
    ...rank,
    shapes: systems,
    run: (dt, a, b) => dt.linalg.ldlSolve(...dt.linalg.ldlFactor(a), b),
    torch: 'torch.linalg.solve(a, b)',
  }),
  ...matrices({
    op: 'geqrf',
    constant: true,
    ...rank,
    shapes: oblongs,
    run: (_, a) => a.geqrf(),
    torch: 'torch.geqrf(a.detach())',
  }),
  ...matrices({
    op: 'householderProduct',
    shapes: ['[2, 4, 3] x [2, 3]', '[3, 3] x [2]'],
    run: (dt, a, b) => dt.linalg.householderProduct(a, b),
    torch: 'torch.linalg.householder_product(a, b)',
  }),
  ...[true, false].flatMap(left =>
    [true, false].flatMap(transpose =>
      matrices({
        op: 'ormqr',
        about: `${left ? 'left' : 'right'}${transpose ? ' transposed' : ''}`,
        shapes: ['[2, 4, 3] x [2, 4, 4]', '[3, 2] x [3, 3]'],
        run: (_, a, b) => a.ormqr(orthogonal(a), b, { left, transpose }),
        torch: `torch.ormqr(a, 2 / (1 + a.tril(-1).square().sum(-2)), b, left=${left ? 'True' : 'False'}, transpose=${transpose ? 'True' : 'False'})`,
      }),
    ),
  ),
  ...matrices({ op: 'qr', ...rank, shapes: oblongs, run: (dt, a) => dt.linalg.qr(a), torch: 'torch.linalg.qr(a)' }),
  ...matrices({
    op: 'qr',
    about: 'complete',
    ...rank,
    shapes: [
      [2, 3, 4],
      [3, 3],
      [0, 3],
    ],
    run: (dt, a) => dt.linalg.qr(a, 'complete'),
    torch: "torch.linalg.qr(a, mode='complete')",
  }),
  ...matrices({
    op: 'qr',
    about: 'complete and tall',
    constant: true,
    ...rank,
    shapes: tall,
    run: (dt, a) => dt.linalg.qr(a, { mode: 'complete' }),
    torch: "torch.linalg.qr(a.detach(), mode='complete')",
  }),
  ...matrices({
    op: 'qr',
    about: 'R alone',
    constant: true,
    ...rank,
    shapes: [
      [2, 4, 3],
      [3, 5],
    ],
    run: (dt, a) => dt.linalg.qr(a, 'r'),
    torch: "torch.linalg.qr(a.detach(), mode='r')",
  }),
  ...matrices({
    op: 'eigh',
    symmetric: true,
    raised: 4,
    shapes: squares,
    run: (dt, a) => [dt.linalg.eigh(a)[0], spanned(dt.linalg.eigh(a)[1].narrow(-1, 0, Math.min(1, a.shape.at(-1)!)))],
    torch: '[torch.linalg.eigh(a)[0], (lambda v: v @ v.mT)(torch.linalg.eigh(a)[1][..., :1])]',
  }),
  ...matrices({
    op: 'eigh',
    about: 'upper',
    symmetric: true,
    raised: 4,
    shapes: [[2, 3, 3]],
    run: (dt, a) => spanned(dt.linalg.eigh(a, 'U')[1].narrow(-1, 1, 2)),
    torch: "(lambda v: v @ v.mT)(torch.linalg.eigh(a, 'U')[1][..., 1:3])",
  }),
  ...matrices({
    op: 'eigvalsh',
    symmetric: true,
    shapes: squares,
    run: (dt, a) => dt.linalg.eigvalsh(a),
    torch: 'torch.linalg.eigvalsh(a)',
  }),
  ...[true, false].flatMap(full =>
    matrices({
      op: 'svd',
      about: full ? 'full' : '',
      ...rank,
      shapes: full ? oblongs.slice(0, 4) : oblongs,
      run: (dt, a) => {
        const [u, s, vh] = dt.linalg.svd(a, full)
        const k = Math.min(1, s.shape.at(-1)!)
        const [left, right] = [u.narrow(-1, 0, k), vh.narrow(-2, 0, k).transpose(-2, -1)]
        return [s, left.matmul(right.transpose(-2, -1)), spanned(left), spanned(right)]
      },
      torch: `(lambda u, s, vh: [s, u[..., :1] @ vh[..., :1, :], u[..., :1] @ u[..., :1].mT, vh[..., :1, :].mT @ vh[..., :1, :]])(*torch.linalg.svd(a, full_matrices=${full ? 'True' : 'False'}))`,
    }),
  ),
  ...matrices({
    op: 'svdvals',
    shapes: oblongs,
    run: (dt, a) => dt.linalg.svdvals(a),
    torch: 'torch.linalg.svdvals(a)',
  }),
  ...matrices({
    op: 'pinv',
    raised: 4,
    shapes: oblongs,
    run: (dt, a) => dt.linalg.pinv(a),
    torch: 'torch.linalg.pinv(a)',
  }),
  ...matrices({
    op: 'pinv',
    about: 'hermitian',
    symmetric: true,
    raised: 4,
    shapes: [
      [2, 3, 3],
      [0, 0],
    ],
    run: (dt, a) => dt.linalg.pinv(a, { hermitian: true, rtol: 1e-6 }),
    torch: 'torch.linalg.pinv(a, hermitian=True, rtol=1e-6)',
  }),
  ...matrices({
    op: 'matrixRank',
    constant: true,
    ...rank,
    shapes: oblongs,
    run: (dt, a) => dt.linalg.matrixRank(a),
    torch: 'torch.linalg.matrix_rank(a)',
  }),
  ...matrices({
    op: 'matrixRank',
    about: 'of a product',
    constant: true,
    shapes: [[2, 5, 2]],
    run: (dt, a) => dt.linalg.matrixRank(a.matmul(a.transpose(-2, -1)), { atol: 1e-3, hermitian: true }),
    torch: 'torch.linalg.matrix_rank(a @ a.mT, atol=1e-3, hermitian=True)',
  }),
  ...matrices({
    op: 'lstsq',
    ...rank,
    shapes: [
      '[2, 4, 3] x [2, 4, 2]',
      '[3, 5] x [3, 1]',
      '[4, 4] x [4, 2]',
      '[5, 2] x [5]',
      '[0, 3, 2] x [0, 3, 1]',
      '[3, 0] x [3, 2]',
    ],
    run: (dt, a, b) => dt.linalg.lstsq(a, b, { driver: 'gels' })[0],
    torch: "torch.linalg.lstsq(a, b, driver='gels').solution",
  }),
  ...matrices({
    op: 'choleskyInverse',
    ...rank,
    shapes: squares,
    run: (_, a) => a.tril().choleskyInverse(),
    torch: 'torch.cholesky_inverse(a.tril())',
  }),
]
