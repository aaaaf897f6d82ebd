// dropout and its forms. What surprises: what stays is multiplied with a noise that is rounded to the dtype; and draws
// go to elements in the order of memory, so a transposed tensor loses other elements (test/random has that).

import { type Case, type Dtrain, floats, type Input, leaf, rowsOf, type Tensor } from '../../support/case.ts'

const sequential = 'the draws of CUDA are others'

interface Given {
  p: number
  inplace?: boolean
}

function elements(): Case[] {
  return floats.flatMap(dtype => [
    ...rowsOf(dtype, [0.3, 0.5, 0, 1], 2).map(p => make('dropout', `${dtype} p ${p}`, leaf([3, 7], dtype), { p })),
    ...rowsOf(dtype, ['sliced', 'expanded', 'offset'] as const).map(layout =>
      make('dropout', `${dtype} ${layout}`, leaf([5, 7], dtype, { layout }), { p: 0.4 }),
    ),
    make('dropout_', `${dtype} in place`, { shape: [5, 7], dtype }, { p: 0.3, inplace: true }),
  ])
}

function channels(): Case[] {
  return floats.flatMap(dtype => [
    ...rowsOf(dtype, [
      [2, 5, 3, 2],
      [4, 6],
      [2, 3, 5],
    ]).map(shape => make('featureDropout', `${dtype} [${shape}]`, leaf(shape, dtype), { p: 0.4 })),
    make('featureDropout_', `${dtype} in place`, { shape: [2, 5, 3, 2], dtype }, { p: 0.5, inplace: true }),
  ])
}

function make(op: string, name: string, input: Input, { p, inplace = false }: Given): Case {
  const whole = op.startsWith('dropout')
  const run = (dt: Dtrain, x: Tensor) => {
    dt.manualSeed(7)
    const { dropout, dropout2d } = dt.nn.functional
    return (whole ? dropout : dropout2d)(x, { p, inplace })
  }
  // The version with one choice for each channel, without the warnings of dropout2d about the number of dimensions.
  const call = whole
    ? `F.dropout(x0, ${p}, True, ${inplace ? 'True' : 'False'})`
    : `torch.feature_dropout${inplace ? '_' : ''}(x0, ${p}, True)`
  return { op, name: `${op}: ${name}`, inputs: [input], run, torch: `(torch.manual_seed(7), ${call})[1]`, sequential }
}

export const cases: Case[] = [...elements(), ...channels()]
