// softmax logSoftmax. What surprises: the largest value must be subtracted before exp, or 1e4 overflows; one -inf is a
// class of probability 0, and a row of nothing but -inf is NaN.

import { type Case, floats, type Input, layouts, leaf, rowsOf, show } from '../../support/case.ts'

function dims(): Case[] {
  const shapes: [number[], number][] = [
    [[], 0],
    [[7], 0],
    [[1], 0],
    [[3, 5], 0],
    [[3, 5], 1],
    [[3, 5], -1],
    [[3, 1], 1],
    [[2, 3, 5], 0],
    [[2, 3, 5], 1],
    [[2, 3, 5], -1],
    [[2, 3, 4, 2], 1],
    [[2, 3, 4, 2], -2],
    [[0, 5], 1],
    [[5, 0], 1],
    [[5, 0], 0],
    [[3, 37], 1],
  ]
  return floats.flatMap(dtype =>
    rowsOf(dtype, shapes, 5).map(([shape, dim]) => make(`${dtype} ${show(shape)} dim ${dim}`, leaf(shape, dtype), dim)),
  )
}

function strided(): Case[] {
  return floats.flatMap(dtype =>
    rowsOf(dtype, layouts).flatMap(layout =>
      [0, 1].map(dim => make(`${dtype} ${layout} dim ${dim}`, leaf([5, 7], dtype, { layout }), dim)),
    ),
  )
}

function extremes(): Case[] {
  return floats.flatMap(dtype => {
    const row = (name: string, values: number[]) =>
      make(`${dtype} ${name}`, leaf([1, values.length], dtype, { values }), 1)
    const kink = '1e4 leaves too few digits for a difference of 1e-6'
    return [
      { ...row('1e4 and -1e4', [1e4, -1e4, 0]), kink },
      { ...row('all 1e4', [1e4, 1e4, 1e4]), kink },
      { ...row('all -1e4', [-1e4, -1e4]), kink },
      { ...row('1e4 apart by one', [10000, 9999, 9998]), kink },
      { ...row('-inf among others', [1, -Infinity, 2]), kink: 'infinity' },
      { ...row('all -inf', [-Infinity, -Infinity]), kink: 'infinity' },
      { ...row('inf', [1, Infinity, 2]), kink: 'infinity' },
      { ...row('nan', [1, Number.NaN, 2]), kink: 'NaN' },
    ]
  })
}

function dtypes(): Case[] {
  return [
    {
      op: 'logSoftmax',
      name: 'logSoftmax: float32 as float64',
      inputs: [leaf([2, 3], 'float32')],
      run: (_, x) => x.logSoftmax(1, { dtype: 'float64' }),
      torch: 'x0.log_softmax(1, dtype=torch.float64)',
    },
    {
      op: 'logSoftmax',
      name: 'logSoftmax: int64 as float32',
      inputs: [{ shape: [2, 3], dtype: 'int64' }],
      run: (_, x) => x.logSoftmax(1, { dtype: 'float32' }),
      torch: 'x0.log_softmax(1, dtype=torch.float32)',
    },
    {
      op: 'logSoftmax',
      name: 'logSoftmax: exp gives probabilities',
      inputs: [leaf([3, 4], 'float64')],
      run: (_, x) => x.logSoftmax(1).exp(),
      torch: 'x0.log_softmax(1).exp()',
    },
    {
      op: 'logSoftmax',
      name: 'logSoftmax: of products',
      inputs: [leaf([3, 4], 'float64')],
      run: (_, x) => x.mul(x).logSoftmax(0),
      torch: '(x0 * x0).log_softmax(0)',
    },
  ]
}

/** The same for the probabilities themselves. */
function alsoPlain(it: Case): Case {
  const dim = Number(/log_softmax\((-?\d+)\)/.exec(it.torch)![1])
  const name = it.name.replace('logSoftmax', 'softmax')
  return { ...it, op: 'softmax', name, run: (_, x) => x.softmax(dim), torch: `x0.softmax(${dim})` }
}

function plainDtypes(): Case[] {
  return (['float32', 'int64'] as const).map(dtype => ({
    op: 'softmax',
    name: `softmax: ${dtype} as float64`,
    inputs: [{ shape: [2, 3], dtype, grad: dtype === 'float32' }],
    run: (_, x) => x.softmax(1, { dtype: 'float64' }),
    torch: 'x0.softmax(1, dtype=torch.float64)',
  }))
}

function make(name: string, input: Input, dim: number): Case {
  return {
    op: 'logSoftmax',
    name: `logSoftmax: ${name}`,
    inputs: [input],
    run: (_, x) => x.logSoftmax(dim),
    torch: `x0.log_softmax(${dim})`,
  }
}

const shared = [...dims(), ...strided(), ...extremes()]

export const cases: Case[] = [...shared, ...dtypes(), ...shared.map(alsoPlain), ...plainDtypes()]
