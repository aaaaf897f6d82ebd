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

/** What is left out becomes another number than 0, of elements or of channels. */
function alpha(): Case[] {
  return floats.flatMap(dtype => [
    ...rowsOf(dtype, [0.3, 0, 1], 2).map(p => make('alphaDropout', `${dtype} p ${p}`, leaf([3, 7], dtype), { p })),
    make('alphaDropout_', `${dtype} in place`, { shape: [5, 7], dtype }, { p: 0.3, inplace: true }),
    make('featureAlphaDropout', `${dtype}`, leaf([2, 5, 3], dtype), { p: 0.4 }),
    make('featureAlphaDropout_', `${dtype} in place`, { shape: [2, 5, 3, 2], dtype }, { p: 0.5, inplace: true }),
  ])
}

const inPyTorch: Record<string, string> = {
  ...{ dropout: 'dropout', featureDropout: 'feature_dropout' },
  ...{ alphaDropout: 'alpha_dropout', featureAlphaDropout: 'feature_alpha_dropout' },
}

function make(op: string, name: string, input: Input, { p, inplace = false }: Given): Case {
  const form = op.replace('_', '')
  const run = (dt: Dtrain, x: Tensor) => {
    dt.manualSeed(7)
    const { dropout, dropout2d: featureDropout, alphaDropout, featureAlphaDropout } = dt.nn.functional
    const functions = { dropout, featureDropout, alphaDropout, featureAlphaDropout }
    return functions[form as keyof typeof functions](x, { p, training: true, inplace })
  }
  // Those of torch itself, since dropout2d warns about the number of dimensions.
  const call = `torch.${inPyTorch[form]}${inplace ? '_' : ''}(x0, ${p}, True)`
  return { op, name: `${op}: ${name}`, inputs: [input], run, torch: `(torch.manual_seed(7), ${call})[1]`, sequential }
}

export const cases: Case[] = [...elements(), ...channels(), ...alpha()]
