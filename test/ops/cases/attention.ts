// scaledDotProductAttention. What surprises: a query that may look at nothing has a result of 0. No input has four
// dimensions, for which PyTorch has no second derivative.
import { type Case, type DType, type Dtrain, floats, type Input, layouts, leaf, rowsOf } from '../../support/case.ts'

type F = Dtrain['nn']['functional']
type Options = NonNullable<Parameters<F['scaledDotProductAttention']>[4]>

interface Row {
  as: string
  /** Of queries, keys and values. */
  sizes: [q: number[], k: number[], v: number[]]
  options?: Options
  /** The same in Python. */
  torch?: string
  /** A mask of so many sizes: of bool, or of numbers. */
  mask?: { sizes: number[]; values?: number[]; grad?: boolean }
}

const rows: Row[] = [
  {
    as: 'alone',
    sizes: [
      [2, 3, 4],
      [2, 5, 4],
      [2, 5, 3],
    ],
  },
  {
    as: 'matrices',
    sizes: [
      [3, 2],
      [4, 2],
      [4, 2],
    ],
  },
  {
    as: 'causal',
    sizes: [
      [2, 4, 3],
      [2, 5, 3],
      [2, 5, 3],
    ],
    options: { isCausal: true },
    torch: 'is_causal=True',
  },
  {
    as: 'causal, more queries',
    sizes: [
      [5, 2],
      [3, 2],
      [3, 2],
    ],
    options: { isCausal: true },
    torch: 'is_causal=True',
  },
  {
    as: 'scale',
    sizes: [
      [2, 3, 4],
      [2, 5, 4],
      [2, 5, 3],
    ],
    options: { scale: 0.3 },
    torch: 'scale=0.3',
  },
  {
    as: 'mask',
    sizes: [
      [2, 2, 3],
      [2, 4, 3],
      [2, 4, 3],
    ],
    mask: { sizes: [2, 4], values: [1, 0, 1, 1, 0, 0, 0, 0] },
  },
  {
    as: 'mask of heads',
    sizes: [
      [1, 2, 2, 2, 3],
      [1, 2, 2, 3, 3],
      [1, 2, 2, 3, 3],
    ],
    mask: { sizes: [2, 1, 1, 3], values: [1, 0, 1, 1, 1, 0] },
  },
  {
    as: 'mask of numbers',
    sizes: [
      [2, 2, 3],
      [2, 4, 3],
      [2, 4, 3],
    ],
    mask: { sizes: [2, 1, 4] },
  },
  {
    as: 'mask with a gradient',
    sizes: [
      [2, 2, 3],
      [2, 4, 3],
      [2, 4, 3],
    ],
    mask: { sizes: [2, 4], grad: true },
  },
  {
    ...{
      as: 'shared heads',
      sizes: [
        [1, 2, 4, 2, 3],
        [1, 2, 2, 3, 3],
        [1, 2, 2, 3, 3],
      ],
    },
    ...{ options: { enableGqa: true }, torch: 'enable_gqa=True' },
  },
  {
    as: 'broadcast',
    sizes: [
      [3, 1, 2, 2],
      [2, 4, 2],
      [1, 4, 2],
    ],
  },
]

function caseOf({ as, sizes, options, torch, mask }: Row, dtype: DType, layout?: (typeof layouts)[number]): Case {
  const more: Input[] =
    mask === undefined
      ? []
      : [
          mask.values === undefined
            ? { shape: mask.sizes, dtype, grad: mask.grad }
            : { shape: mask.sizes, dtype: 'bool', values: mask.values },
        ]
  const given = ['x0, x1, x2', ...(mask ? ['x3'] : []), ...(torch ? [torch] : [])].join(', ')
  return {
    op: 'scaledDotProductAttention',
    name: `attention: ${as}, ${dtype}${layout === undefined ? '' : ` ${layout}`}`,
    inputs: [...sizes.map(size => leaf(size, dtype, { layout })), ...more],
    run: (dt, q, k, v, attnMask) => dt.nn.functional.scaledDotProductAttention(q, k!, v!, { attnMask, ...options }),
    torch: `F.scaled_dot_product_attention(${given})`,
    mixes: true,
  }
}

export const cases: Case[] = floats.flatMap(dtype => [
  ...rowsOf(dtype, rows, 3).map(row => caseOf(row, dtype)),
  ...rowsOf(dtype, layouts, 0).map(layout => caseOf(rows[0]!, dtype, layout)),
])
