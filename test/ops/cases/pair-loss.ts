// Losses of pairs of elements: mseLoss and its relatives, binaryCrossEntropy with and without logits. What surprises:
// differences broadcast, cross entropies do not; the mean of mseLoss divides by the weights, that of the others by
// their number.

import { type Case, type DType, floats, type Input, ints, leaf, rowsOf, shapePair, show } from '../../support/case.ts'

type Difference = 'mseLoss' | 'l1Loss' | 'smoothL1Loss' | 'huberLoss'
type Entropy = 'binaryCrossEntropy' | 'binaryCrossEntropyWithLogits'
type Op = Difference | Entropy
type Reduction = 'mean' | 'sum' | 'none'

interface Options {
  reduction?: Reduction
  beta?: number
  delta?: number
  /** Of the third input on. */
  weights?: ('weight' | 'posWeight')[]
}

const python: Record<Op, string> = {
  mseLoss: 'F.mse_loss',
  l1Loss: 'F.l1_loss',
  smoothL1Loss: 'F.smooth_l1_loss',
  huberLoss: 'F.huber_loss',
  binaryCrossEntropy: 'F.binary_cross_entropy',
  binaryCrossEntropyWithLogits: 'F.binary_cross_entropy_with_logits',
}
const reductions: Reduction[] = ['mean', 'sum', 'none']

function make(op: Op, name: string, inputs: Input[], options: Options = {}): Case {
  const { weights = [], ...rest } = options
  const keywords = [
    ...Object.entries(rest).map(([key, value]) => `${key}=${typeof value === 'string' ? `'${value}'` : value}`),
    ...weights.map((weight, i) => `${weight === 'weight' ? 'weight' : 'pos_weight'}=x${i + 2}`),
  ]
  return {
    op,
    name: `${op}: ${name}`,
    inputs,
    run: (dt, x, target, ...others) =>
      dt.nn.functional[op](x, target!, {
        ...rest,
        ...Object.fromEntries(weights.map((weight, i) => [weight, others[i]])),
      }),
    torch: `${python[op]}(${['x0', 'x1', ...keywords].join(', ')})`,
  }
}

/** Where the values of inputs come from. */
const domain = (op: Op): Pick<Input, 'values'> => (op === 'binaryCrossEntropy' ? { values: 'uniform' } : {})
const goal = (op: Op): Pick<Input, 'values'> => (op.startsWith('binary') ? { values: 'uniform' } : {})

function common(op: Op): Case[] {
  const x = (shape: number[], dtype: DType, rest: Partial<Input> = {}) => leaf(shape, dtype, { ...domain(op), ...rest })
  const t = (shape: number[], dtype: DType, rest: Partial<Input> = {}) => leaf(shape, dtype, { ...goal(op), ...rest })
  const weight = (shape: number[], dtype: DType): Input => ({ shape, dtype, values: 'positive' })
  return [
    ...floats.flatMap(dtype => [
      ...reductions.flatMap(reduction => [
        ...rowsOf(dtype, [[5], [2, 3], [], [31, 7], [0]]).map(shape => ({
          ...make(op, `${dtype} ${show(shape)} ${reduction}`, [x(shape, dtype), t(shape, dtype)], { reduction }),
          ...(shape[0] === 0 && reduction === 'mean' && { kink: 'the mean of nothing' }),
        })),
        ...(op === 'smoothL1Loss'
          ? []
          : [
              make(op, `${dtype} ${reduction} weighted`, [x([2, 3], dtype), t([2, 3], dtype), weight([2, 3], dtype)], {
                reduction,
                weights: ['weight'],
              }),
            ]),
      ]),
      make(op, `${dtype} sliced with transposed`, [
        x([3, 4], dtype, { layout: 'sliced' }),
        t([3, 4], dtype, { layout: 'transposed' }),
      ]),
    ]),
    make(op, 'expanded with offset', [
      x([3, 4], 'float64', { layout: 'expanded' }),
      t([3, 4], 'float64', { layout: 'offset' }),
    ]),
    make(op, 'a target that is a constant', [x([4], 'float64'), { ...t([4], 'float64'), grad: false }]),
    make(op, 'an input that is a constant', [{ ...x([4], 'float64'), grad: false }, t([4], 'float64')]),
    make(op, 'defaults', [x([4, 3], 'float32'), t([4, 3], 'float32')]),
  ]
}

function difference(op: Difference): Case[] {
  const pairs = ['[2, 3] x [3]', '[3, 1] x [1, 4]', '[] x [2, 3]'].slice(0, op === 'mseLoss' ? 3 : 1).map(shapePair)
  const alpha = { mseLoss: undefined, l1Loss: undefined, smoothL1Loss: 'beta', huberLoss: 'delta' }[op]
  // Of two dtypes PyTorch computes this one, but fails in its backward.
  const mixed = (shape: number[], dtype: DType): Input => ({ shape, dtype, grad: op !== 'huberLoss' })
  const special = [Number.NaN, Infinity, -Infinity, 1e20, 0, 1, -1]
  return [
    ...common(op),
    ...pairs.flatMap(([a, b]) =>
      reductions.map(reduction =>
        make(op, `${show(a)} with ${show(b)} ${reduction}`, [leaf(a, 'float64'), leaf(b, 'float64')], { reduction }),
      ),
    ),
    make(op, 'float32 with float64', [mixed([4], 'float32'), mixed([4], 'float64')], { reduction: 'none' }),
    make(op, 'float16 with bfloat16', [plain([4], 'float16'), plain([4], 'bfloat16')], { reduction: 'none' }),
    make(op, 'special values', [plain([7], 'float32', special), plain([7], 'float32', Array(7).fill(0))], {
      reduction: 'none',
    }),
    ...(op === 'huberLoss'
      ? []
      : [make(op, 'float32 with int64', [leaf([4], 'float32'), { shape: [4], dtype: 'int64' }], { reduction: 'sum' })]),
    ...(alpha === undefined ? [] : bent(op, alpha)),
    ...(op === 'mseLoss'
      ? []
      : [
          {
            ...make(op, 'at the kinks', [corners([2, -2, 0, 1, -1]), corners([0, 0, 0, 0, 0])], {
              ...(alpha && { [alpha]: 2 }),
              reduction: 'none',
            }),
            kink: 'a derivative jumps',
          },
        ]),
  ]
}

const plain = (shape: number[], dtype: DType, values?: number[]): Input => ({ shape, dtype, values })
const corners = (values: number[]) => leaf([5], 'float64', { values })

/** With the bend where few differences are, and where many are. */
function bent(op: Difference, alpha: string): Case[] {
  return [0.25, 3].flatMap(value =>
    reductions.map(reduction =>
      make(op, `${alpha} ${value} ${reduction}`, [leaf([31], 'float64'), leaf([31], 'float64')], {
        reduction,
        [alpha]: value,
      }),
    ),
  )
}

/** Of integers PyTorch has l1Loss alone, without a mean. */
function integers(dtype: DType): Case[] {
  return (['sum', 'none'] as const).map(reduction =>
    make('l1Loss', `${dtype} ${reduction}`, [plain([7], dtype), plain([7], dtype)], { reduction }),
  )
}

const certain = { values: [0, 1, 0, 1, 0.5] }

const entropy: Case[] = [
  ...common('binaryCrossEntropy'),
  ...common('binaryCrossEntropyWithLogits'),
  ...(['binaryCrossEntropy', 'binaryCrossEntropyWithLogits'] as const).flatMap(op =>
    reductions.map(reduction =>
      make(
        op,
        `${reduction} weights of columns`,
        [
          leaf([2, 3], 'float64', domain(op)),
          leaf([2, 3], 'float64', { values: 'uniform' }),
          { shape: [3], dtype: 'float64', values: [0.5, 0, 2] },
        ],
        { reduction, weights: ['weight'] },
      ),
    ),
  ),
  ...floats.flatMap(dtype =>
    rowsOf(dtype, reductions).flatMap(reduction => {
      const inputs = [leaf([4, 3], dtype), leaf([4, 3], dtype, { values: 'uniform' as const })]
      const positive: Input = { shape: [3], dtype, values: [0.5, 1, 3] }
      const weight: Input = { shape: [4, 1], dtype, values: 'positive' }
      return [
        make('binaryCrossEntropyWithLogits', `${dtype} ${reduction} posWeight`, [...inputs, positive], {
          reduction,
          weights: ['posWeight'],
        }),
        make('binaryCrossEntropyWithLogits', `${dtype} ${reduction} both weights`, [...inputs, weight, positive], {
          reduction,
          weights: ['weight', 'posWeight'],
        }),
      ]
    }),
  ),
  ...reductions.map(reduction => ({
    ...make(
      'binaryCrossEntropy',
      `certain and wrong ${reduction}`,
      [leaf([5], 'float64', { values: [1, 0, 0, 1, 0] }), { shape: [5], dtype: 'float64' as const, ...certain }],
      { reduction },
    ),
    kink: 'no logarithm is below -100',
  })),
  make(
    'binaryCrossEntropyWithLogits',
    'large scores',
    [leaf([5], 'float32', { values: [1000, -1000, 200, -200, 60] }), { shape: [5], ...certain }],
    { reduction: 'none' },
  ),
]

export const cases: Case[] = [
  ...difference('mseLoss'),
  ...difference('l1Loss'),
  ...ints.flatMap(integers),
  ...difference('smoothL1Loss'),
  ...reductions.map(reduction => ({
    ...make('smoothL1Loss', `beta 0 ${reduction}`, [corners([2, -2, 0, 1, -1]), corners([1, 0, 0, 0, 0])], {
      reduction,
      beta: 0,
    }),
    kink: 'the difference is 0',
  })),
  ...difference('huberLoss'),
  ...entropy,
]
