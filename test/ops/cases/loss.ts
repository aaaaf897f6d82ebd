// nllLoss and crossEntropy with class indices. What surprises: with weights, the mean divides by the sum of the
// targets' weights, not by the batch; a batch of nothing but ignoreIndex has mean NaN, yet sum 0.

import { type Case, type DType, floats, type Input, layouts, leaf, rowsOf } from '../../support/case.ts'

type Loss = 'nllLoss' | 'crossEntropy'
type Reduction = 'mean' | 'sum' | 'none'

interface Options {
  reduction?: Reduction
  ignoreIndex?: number
}

const reductions: Reduction[] = ['mean', 'sum', 'none']
const python = { nllLoss: 'F.nll_loss', crossEntropy: 'F.cross_entropy' }

function both(op: Loss): Case[] {
  const x = (shape: number[], dtype: DType, rest: Partial<Input> = {}) => leaf(shape, dtype, rest)
  const classes = (shape: number[], below: number): Input => ({
    shape,
    dtype: 'int64',
    values: { integersBelow: below },
  })
  const weight = (dtype: DType, values = [0.5, 2, 1.25]): Input => ({ shape: [values.length], dtype, values })
  const ignored: Input = { shape: [5], dtype: 'int64', values: [2, 1, -100, 0, -100] }
  return [
    ...floats.flatMap(dtype =>
      rowsOf(dtype, reductions).flatMap(reduction => [
        make(op, `${dtype} ${reduction}`, [x([5, 3], dtype), classes([5], 3)], { reduction }),
        make(op, `${dtype} ${reduction} weighted`, [x([5, 3], dtype), classes([5], 3), weight(dtype)], { reduction }),
        make(op, `${dtype} ${reduction} ignored`, [x([5, 3], dtype), ignored], { reduction }),
        make(op, `${dtype} ${reduction} weighted, ignored`, [x([5, 3], dtype), ignored, weight(dtype)], { reduction }),
        make(op, `${dtype} ${reduction} one sample`, [x([3], dtype), classes([], 3)], { reduction }),
        make(op, `${dtype} ${reduction} images`, [x([2, 3, 4, 2], dtype), classes([2, 4, 2], 3)], { reduction }),
        make(
          op,
          `${dtype} ${reduction} images weighted`,
          [x([2, 3, 4, 2], dtype), classes([2, 4, 2], 3), weight(dtype)],
          { reduction },
        ),
        make(op, `${dtype} ${reduction} sequence`, [x([2, 3, 5], dtype), classes([2, 5], 3)], { reduction }),
      ]),
    ),
    ...reductions.flatMap(reduction => [
      make(
        op,
        `${reduction} ignoreIndex 1`,
        [x([5, 3], 'float64'), { shape: [5], dtype: 'int64', values: [1, 0, 2, 1, 2] }],
        { reduction, ignoreIndex: 1 },
      ),
      make(
        op,
        `${reduction} all ignored`,
        [x([2, 3], 'float32'), { shape: [2], dtype: 'int64', values: [-100, -100] }],
        { reduction },
      ),
      make(
        op,
        `${reduction} weights of zero`,
        [x([3, 3], 'float64'), { shape: [3], dtype: 'int64', values: [0, 1, 2] }, weight('float64', [0, 1, 3])],
        { reduction },
      ),
      make(
        op,
        `${reduction} only weights of zero`,
        [x([2, 3], 'float32'), { shape: [2], dtype: 'int64', values: [0, 0] }, weight('float32', [0, 1, 3])],
        { reduction },
      ),
      make(
        op,
        `${reduction} images, ignored and weighted`,
        [
          x([2, 3, 2, 2], 'float64'),
          { shape: [2, 2, 2], dtype: 'int64', values: [0, 7, 1, 2, 7, 7, 2, 0] },
          weight('float64'),
        ],
        { reduction, ignoreIndex: 7 },
      ),
      make(op, `${reduction} batch of 0`, [x([0, 3], 'float32'), classes([0], 3)], { reduction }),
      make(op, `${reduction} one class`, [x([4, 1], 'float32'), classes([4], 1)], { reduction }),
      make(
        op,
        `${reduction} uint8 classes`,
        [x([4, 3], 'float32'), { shape: [4], dtype: 'uint8', values: [2, 0, 1, 2] }],
        { reduction },
      ),
    ]),
    ...layouts.map(layout => make(op, layout, [x([5, 7], 'float64', { layout }), classes([5], 7)], {})),
    make(
      op,
      'strided classes',
      [x([5, 3], 'float64'), { shape: [5], dtype: 'int64', values: [0, 2, 1, 1, 0], layout: 'sliced' }],
      {},
    ),
    make(op, 'images transposed', [transposed(op), classes([2, 4, 2], 3)], {}),
    make(op, 'prime sizes', [x([31, 11], 'float32'), classes([31], 11)], {}),
    make(op, 'defaults', [x([4, 3], 'float32'), classes([4], 3)], {}),
  ]
}

/** PyTorch itself fails in the backward of nll_loss for such a leaf ("grad_input must be contiguous"). */
function transposed(op: Loss): Input {
  return { shape: [2, 3, 4, 2], dtype: 'float64', layout: 'transposed', grad: op === 'crossEntropy' }
}

function extremes(): Case[] {
  const large = (values: number[]): Input[] => [
    leaf([2, 3], 'float32', { values }),
    { shape: [2], dtype: 'int64', values: [0, 2] },
  ]
  return [
    make('crossEntropy', 'right by 1e4, wrong by 1e4', large([1e4, -1e4, 0, 1e4, 0, -1e4]), {}),
    make('crossEntropy', 'an impossible class', large([1, -Infinity, 2, 3, -Infinity, 1]), {}),
    make('crossEntropy', 'the target is impossible', large([-Infinity, 0, 1, 0, 1, 2]), { reduction: 'none' }),
    make('crossEntropy', 'nan', large([Number.NaN, 0, 1, 0, 1, 2]), { reduction: 'none' }),
    {
      op: 'nllLoss',
      name: 'nllLoss: after logSoftmax, as the tutorials do',
      inputs: [leaf([4, 5], 'float64'), { shape: [4], dtype: 'int64', values: { integersBelow: 5 } }],
      run: (dt, x, t) => dt.nn.functional.nllLoss(x.logSoftmax(1), t),
      torch: 'F.nll_loss(F.log_softmax(x0, 1), x1)',
    },
    {
      op: 'crossEntropy',
      name: 'crossEntropy: of a linear layer',
      inputs: [
        leaf([4, 3], 'float64'),
        leaf([5, 3], 'float64'),
        leaf([5], 'float64'),
        { shape: [4], dtype: 'int64', values: { integersBelow: 5 } },
      ],
      run: (dt, x, w, b, t) => dt.nn.functional.crossEntropy(dt.nn.functional.linear(x, w, b), t),
      torch: 'F.cross_entropy(F.linear(x0, x1, x2), x3)',
    },
  ]
}

function make(op: Loss, name: string, inputs: Input[], { reduction, ignoreIndex }: Options): Case {
  const keywords = [
    ...(inputs.length > 2 ? ['weight=x2'] : []),
    ...(reduction ? [`reduction='${reduction}'`] : []),
    ...(ignoreIndex === undefined ? [] : [`ignore_index=${ignoreIndex}`]),
  ]
  return {
    op,
    name: `${op}: ${name}`,
    inputs,
    run: (dt, x, t, weight) =>
      dt.nn.functional[op](x, t, {
        ...(weight && { weight }),
        ...(reduction && { reduction }),
        ...(ignoreIndex !== undefined && { ignoreIndex }),
      }),
    torch: `${python[op]}(${['x0', 'x1', ...keywords].join(', ')})`,
  }
}

export const cases: Case[] = [...both('nllLoss'), ...both('crossEntropy'), ...extremes()]
