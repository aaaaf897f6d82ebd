// cdist pdist. What surprises: the distance of equal rows has a gradient, which is 0; of several differences that are
// largest each has the whole gradient.

import {
  type Case,
  type DType,
  type Dtrain,
  floats,
  isHalf,
  layouts,
  leaf,
  rowsOf,
  shapePair,
  show,
} from '../../support/case.ts'

type Mode = NonNullable<NonNullable<Parameters<Dtrain['cdist']>[3]>['computeMode']>

const powers = [2, 0, 0.5, 1, 1.5, 3, Number.POSITIVE_INFINITY]

/** The norm of the last dim of a Python expression by definition: PyTorch's distances have no second derivatives. */
function norm(differences: string, p: number): string {
  if (p === Number.POSITIVE_INFINITY) {
    const largest =
      '(lambda d: (lambda s: s - s.detach() + d.amax(-1).detach())((d * (d == d.amax(-1, True))).sum(-1)))'
    return `${largest}((${differences}).abs())`
  }
  const size = `torch.linalg.vector_norm(${differences}, ${p}, dim=-1)`
  return p === 0 ? `${size} + 0 * (${differences}).sum(-1)` : size
}

const distances = (p: number) => norm('x0.unsqueeze(-2) - x1.unsqueeze(-3)', p)

const ofPairs = (p: number) =>
  `(lambda i: ${norm('x0[i[0]] - x0[i[1]]', p)})(torch.triu_indices(x0.shape[0], x0.shape[0], 1))`

const shapes = [
  '[2, 3, 4] x [5, 4]',
  '[3, 2] x [2, 2]',
  '[2, 1, 3, 2] x [3, 2, 2]',
  '[1, 1] x [1, 1]',
  '[3, 0] x [2, 0]',
  '[0, 3] x [2, 3]',
  '[2, 3] x [0, 3]',
  '[27, 3] x [4, 3]',
].map(shapePair)

function pairs(): Case[] {
  const of = (
    name: string,
    x: number[],
    y: number[],
    p: number,
    dtype: DType,
    layout?: (typeof layouts)[number],
  ): Case => ({
    op: 'cdist',
    name: `cdist: ${name}`,
    inputs: [leaf(x, dtype, { layout }), leaf(y, dtype, { layout })],
    run: (dt, a, b) => dt.cdist(a, b, p),
    torch: distances(p),
    kink: p === 0 ? 'a count' : undefined,
  })
  const modes: Mode[] = ['use_mm_for_euclid_dist', 'donot_use_mm_for_euclid_dist']
  return floats.flatMap(dtype => [
    ...rowsOf(dtype, shapes).map(([x, y]) => of(`${dtype} ${show(x)} and ${show(y)}`, x, y, 2, dtype)),
    ...rowsOf(dtype, powers, 3).map(p => of(`${dtype} p ${p}`, [2, 3, 4], [5, 4], p, dtype)),
    ...rowsOf(dtype, [1, 2]).map(p => of(`${dtype} no elements, p ${p}`, [3, 0], [2, 0], p, dtype)),
    ...(isHalf(dtype) ? [] : layouts).map(layout => of(`${dtype} ${layout}`, [4, 3], [5, 3], 2, dtype, layout)),
    ...(isHalf(dtype) ? [] : modes).map(
      (computeMode): Case => ({
        op: 'cdist',
        name: `cdist: ${dtype} ${computeMode}`,
        inputs: [
          { shape: [2, 3, 4], dtype },
          { shape: [5, 4], dtype },
        ],
        run: (dt, x, y) => dt.cdist(x, y, { computeMode }),
        torch: `torch.cdist(x0, x1, compute_mode='${computeMode}')`,
      }),
    ),
  ])
}

/** Equal rows, and elements that are equal or differ by as much. */
function ties(): Case[] {
  const x = leaf([3, 2], 'float64', { values: [1, 2, 0, 3, -1, 2] })
  const y = leaf([2, 2], 'float64', { values: [1, 2, 2, 5] })
  return [
    ...powers.map(
      (p): Case => ({
        op: 'cdist',
        name: `cdist: ties, p ${p}`,
        inputs: [x, y],
        run: (dt, a, b) => dt.cdist(a, b, p),
        torch: distances(p),
        kink: 'equal rows',
      }),
    ),
    {
      op: 'cdist',
      name: 'cdist: ties, by a product',
      inputs: [x, y],
      run: (dt, a, b) => dt.cdist(a, b, { computeMode: 'use_mm_for_euclid_dist' }),
      torch: distances(2),
      kink: 'equal rows',
    },
    ...powers.map(
      (p): Case => ({
        op: 'pdist',
        name: `pdist: ties, p ${p}`,
        inputs: [leaf([4, 2], 'float64', { values: [1, 2, 0, 3, 1, 2, -1, 2] })],
        run: (dt, a) => dt.pdist(a, p),
        torch: ofPairs(p),
        kink: 'equal rows',
      }),
    ),
  ]
}

function ofOne(): Case[] {
  return floats.flatMap(dtype =>
    rowsOf(dtype, [
      [4, 3],
      [1, 3],
      [2, 1],
      [0, 3],
      [3, 0],
    ]).flatMap(shape =>
      rowsOf(dtype, [2, 1]).map(
        (p): Case => ({
          op: 'pdist',
          name: `pdist: ${dtype} ${show(shape)} p ${p}`,
          inputs: [leaf(shape, dtype)],
          run: (dt, x) => dt.nn.functional.pdist(x, { p }),
          torch: ofPairs(p),
        }),
      ),
    ),
  )
}

/** As PyTorch computes it. */
const plain: Case[] = (['float32', 'float64'] as const).map(dtype => ({
  op: 'pdist',
  name: `pdist: ${dtype} without a gradient`,
  inputs: [{ shape: [5, 3], dtype }],
  run: (dt, x) => dt.pdist(x, 3),
  torch: 'torch.pdist(x0, 3)',
}))

export const cases: Case[] = [...pairs(), ...ties(), ...ofOne(), ...plain]
