// Products of vectors, matrices and batches, sums with them, functions of matrices. What surprises: in einsum and in
// tensordot a size of 1 fits to any other; beta = 0 ignores NaN.

import {
  type Case,
  type DType,
  type Dtrain,
  floats,
  type Input,
  leaf,
  lists,
  rowsOf,
  type Tensor,
} from '../../support/case.ts'

interface Row {
  op: string
  /** Beside the name; several settings of one op. */
  as?: string
  shapes: number[][]
  run: (dt: Dtrain, ...xs: Tensor[]) => Tensor | Tensor[]
  torch: string
  /** Default: all that are numbers. */
  dtypes?: keyof typeof lists
  kink?: string
}

const rows: Row[] = [
  {
    op: 'bmm',
    shapes: [
      [2, 3, 4],
      [2, 4, 5],
    ],
    run: (dt, x, y) => dt.bmm(x, y),
    torch: 'torch.bmm(x0, x1)',
  },
  {
    op: 'bmm',
    as: 'of nothing',
    shapes: [
      [0, 3, 4],
      [0, 4, 5],
    ],
    run: (_, x, y) => x.bmm(y),
    torch: 'x0.bmm(x1)',
  },
  { op: 'mv', shapes: [[3, 4], [4]], run: (dt, x, y) => dt.mv(x, y), torch: 'torch.mv(x0, x1)' },
  { op: 'dot', shapes: [[5], [5]], run: (dt, x, y) => dt.dot(x, y), torch: 'torch.dot(x0, x1)' },
  { op: 'vdot', shapes: [[5], [5]], run: (dt, x, y) => dt.vdot(x, y), torch: 'torch.vdot(x0, x1)' },
  {
    op: 'inner',
    shapes: [
      [2, 4],
      [3, 2, 4],
    ],
    run: (dt, x, y) => dt.inner(x, y),
    torch: 'torch.inner(x0, x1)',
  },
  { op: 'inner', as: '0-d', shapes: [[], [3]], run: (dt, x, y) => dt.inner(x, y), torch: 'torch.inner(x0, x1)' },
  {
    ...{ op: 'outer', shapes: [[3], [4]], run: (dt, x, y) => dt.outer(x, y), torch: 'torch.outer(x0, x1)' },
    dtypes: 'all',
  },
  { op: 'ger', shapes: [[3], [4]], run: (dt, x, y) => dt.ger(x, y), torch: 'torch.ger(x0, x1)', dtypes: 'all' },
  ...sums('addmv', [[3], [3, 4], [4]]),
  ...sums('addr', [[3, 4], [3], [4]]),
  ...sums('addbmm', [
    [3, 5],
    [2, 3, 4],
    [2, 4, 5],
  ]),
  ...sums('baddbmm', [
    [2, 3, 5],
    [2, 3, 4],
    [2, 4, 5],
  ]),
  {
    ...{
      op: 'addmm_',
      shapes: [
        [3, 5],
        [3, 4],
        [4, 5],
      ],
    },
    run: (_, x, a, b) => x.clone().addmm_(a, b, { beta: 2, alpha: 3 }),
    torch: 'x0.clone().addmm_(x1, x2, beta=2, alpha=3)',
  },
  {
    ...{
      op: 'kron',
      shapes: [
        [2, 3],
        [3, 2, 2],
      ],
      run: (dt, x, y) => dt.kron(x, y),
      torch: 'torch.kron(x0, x1)',
    },
    dtypes: 'all',
  },
  { op: 'trace', shapes: [[3, 4]], run: (dt, x) => dt.trace(x), torch: 'torch.trace(x0)' },
  {
    op: 'cross',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    run: (dt, x, y) => dt.cross(x, y, 1),
    torch: 'torch.cross(x0, x1, 1)',
  },
  {
    ...{
      op: 'cross',
      as: 'broadcast',
      shapes: [
        [3, 4],
        [3, 1],
      ],
      run: (dt, x, y) => dt.linalg.cross(x, y, { dim: 0 }),
    },
    torch: 'torch.linalg.cross(x0, x1, dim=0)',
  },
  {
    ...{ op: 'diagflat', shapes: [[2, 2]], run: (dt, x) => dt.diagflat(x, 1), torch: 'torch.diagflat(x0, 1)' },
    dtypes: 'all',
  },
  {
    ...{ op: 'matrixPower', shapes: [[2, 3, 3]], run: (dt, x) => dt.matrixPower(x, 5) },
    torch: 'torch.matrix_power(x0, 5)',
  },
  {
    ...{ op: 'matrixPower', as: '0', shapes: [[3, 3]], run: (dt, x) => dt.linalg.matrixPower(x, 0) },
    torch: 'torch.matrix_power(x0, 0)',
  },
  {
    ...{ op: 'matrixExp', shapes: [[2, 3, 3]], run: (dt, x) => dt.matrixExp(x), torch: 'torch.matrix_exp(x0)' },
    dtypes: 'floats',
  },
  {
    ...{ op: 'matrixExp', as: 'large', shapes: [[3, 3]], run: (dt, x) => dt.matrixExp(x.mul(4)) },
    ...{ torch: 'torch.matrix_exp(x0 * 4)', dtypes: 'floats' },
  },
  ...equations(),
  {
    ...{
      op: 'tensordot',
      shapes: [
        [3, 4, 5],
        [4, 3, 2],
      ],
      run: (dt, x, y) =>
        dt.tensordot(x, y, [
          [1, 0],
          [0, -2],
        ]),
    },
    torch: 'torch.tensordot(x0, x1, ([1, 0], [0, -2]))',
  },
  {
    ...{
      op: 'tensordot',
      as: 'a number',
      shapes: [
        [3, 4, 5],
        [4, 5, 2],
      ],
      run: (dt, x, y) => dt.tensordot(x, y),
    },
    torch: 'torch.tensordot(x0, x1)',
  },
  {
    ...{ op: 'blockDiag', shapes: [[2, 3], [2], []], run: (dt, x, y, z) => dt.blockDiag(x, y, z) },
    ...{ torch: 'torch.block_diag(x0, x1, x2)', dtypes: 'all' },
  },
  {
    ...{ op: 'cartesianProd', shapes: [[2], [3], [2]], run: (dt, x, y, z) => dt.cartesianProd(x, y, z) },
    ...{ torch: 'torch.cartesian_prod(x0, x1, x2)', dtypes: 'all' },
  },
  {
    ...{ op: 'combinations', shapes: [[5]], run: (dt, x) => dt.combinations(x, 3), dtypes: 'all' },
    torch: 'torch.combinations(x0, 3)',
  },
  {
    ...{ op: 'combinations', as: 'with replacement', shapes: [[4]] },
    run: (dt, x) => dt.combinations(x, { withReplacement: true }),
    torch: 'torch.combinations(x0, with_replacement=True)',
  },
  {
    ...{
      op: 'chainMatmul',
      shapes: [
        [2, 7],
        [7, 3],
        [3, 5],
        [5, 1],
      ],
    },
    run: (dt, ...xs) => dt.chainMatmul(...xs),
    torch: 'torch.linalg.multi_dot([x0, x1, x2, x3])',
  },
  {
    ...{ op: 'multiDot', shapes: [[7], [7, 3], [3, 5], [5]], run: (dt, ...xs) => dt.linalg.multiDot(xs) },
    torch: 'torch.linalg.multi_dot([x0, x1, x2, x3])',
  },
  {
    ...{
      op: 'vecdot',
      shapes: [
        [2, 3, 4],
        [3, 1],
      ],
      run: (dt, x, y) => dt.linalg.vecdot(x, y, { dim: 1 }),
    },
    ...{ torch: 'torch.linalg.vecdot(x0, x1, dim=1)', dtypes: 'floats' },
  },
]

/** An op that adds a product, with factors, without its input, and in place. */
function sums(op: 'addmv' | 'addr' | 'addbmm' | 'baddbmm', shapes: number[][]): Row[] {
  const factors = { beta: 2, alpha: 3 }
  const dtypes = op === 'addr' ? 'all' : 'numbers'
  return [
    {
      ...{ op, shapes, dtypes, run: (dt, x, a, b) => dt[op](x, a, b, factors) },
      torch: `torch.${op}(x0, x1, x2, beta=2, alpha=3)`,
    },
    {
      ...{ op, as: 'beta 0', shapes: [[], ...shapes.slice(1)], run: (_, x, a, b) => x[op](a, b, 0) },
      torch: `torch.${op}(x0, x1, x2, beta=0)`,
    },
    {
      ...{ op: `${op}_`, shapes, dtypes, run: (_, x, a, b) => x.clone()[`${op}_`](a, b, factors) },
      torch: `x0.clone().${op}_(x1, x2, beta=2, alpha=3)`,
    },
  ]
}

function equations(): Row[] {
  const of: [equation: string, shapes: number[][]][] = [
    [
      'bij,bjk->bik',
      [
        [2, 3, 4],
        [2, 4, 5],
      ],
    ],
    ['ij->ji', [[2, 3]]],
    ['ii', [[3, 3]]],
    ['ii->i', [[3, 3]]],
    ['i,j', [[2], [3]]],
    [
      '...ij,...jk->...ik',
      [
        [2, 1, 3, 4],
        [5, 4, 2],
      ],
    ],
    [
      'bn,anm,bm->ba',
      [
        [2, 3],
        [4, 3, 5],
        [2, 5],
      ],
    ],
    [
      'ij,kl->',
      [
        [2, 3],
        [2, 2],
      ],
    ],
    [
      'ij,jk->ik',
      [
        [2, 1],
        [3, 2],
      ],
    ],
    ['iij,j->i', [[2, 2, 3], [3]]],
    [
      'bij,ij->bji',
      [
        [2, 3, 4],
        [3, 1],
      ],
    ],
    [
      'ij,ij->i',
      [
        [2, 3],
        [2, 3],
      ],
    ],
  ]
  return of.map(([equation, shapes], i) => ({
    ...{
      op: 'einsum',
      as: i === 0 ? undefined : equation,
      shapes,
      run: (dt: Dtrain, ...xs: Tensor[]) => dt.einsum(equation, ...xs),
    },
    torch: `torch.einsum('${equation}', [${shapes.map((_, i) => `x${i}`).join(', ')}])`,
  }))
}

function casesOf({ op, as, shapes, run, torch, dtypes = 'numbers', kink }: Row): Case[] {
  const one = (name: string, inputs: Input[]): Case => ({
    ...{ op, name: `${op}: ${as === undefined ? '' : `${as}, `}${name}`, inputs, run, torch, kink },
  })
  const chosen: readonly DType[] = lists[dtypes]
  return chosen.flatMap(dtype => {
    const isReal = (floats as readonly DType[]).includes(dtype)
    if (!isReal)
      return as === undefined
        ? [
            one(
              dtype,
              shapes.map(shape => ({ shape, dtype })),
            ),
          ]
        : []
    const layouts = rowsOf(dtype, as === undefined ? (['contiguous', 'sliced'] as const) : (['contiguous'] as const))
    return layouts.map(layout =>
      one(
        `${dtype}${layout === 'contiguous' ? '' : ` ${layout}`}`,
        shapes.map(shape => leaf(shape, dtype, shape.length > 0 ? { layout } : {})),
      ),
    )
  })
}

export const cases: Case[] = rows.flatMap(casesOf)
