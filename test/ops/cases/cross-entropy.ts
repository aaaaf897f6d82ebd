// crossEntropy with probabilities of classes as target, and with smoothed labels. What surprises: with probabilities
// the mean is over the samples, whatever the weights.

import { type Case, type Input, leaf } from '../../support/case.ts'

const reductions = ['mean', 'sum', 'none'] as const

// Made of several ops, each of which rounds to a half, so halves have no one answer.
const rows = (['float32', 'float64'] as const).flatMap(dtype =>
  reductions.flatMap(reduction => {
    const x = leaf([5, 3], dtype)
    const probabilities = leaf([5, 3], dtype, { values: 'positive' })
    const classes: Input = { shape: [5], dtype: 'int64', values: [2, 1, -100, 0, 2] }
    const weight: Input = { shape: [3], dtype, values: [0.5, 2, 1.25] }
    const images = [leaf([2, 3, 4], dtype), leaf([2, 3, 4], dtype, { values: 'positive' })]
    return [
      make(`probabilities ${dtype} ${reduction}`, [x, probabilities], { reduction }),
      make(`probabilities ${dtype} ${reduction} weighted, smoothed`, [x, probabilities, weight], {
        reduction,
        labelSmoothing: 0.1,
      }),
      make(`probabilities ${dtype} ${reduction} images`, images, { reduction, labelSmoothing: 0.3 }),
      make(
        `probabilities ${dtype} ${reduction} one sample`,
        [leaf([3], dtype), leaf([3], dtype, { values: 'positive' })],
        { reduction },
      ),
      make(`smoothed ${dtype} ${reduction}`, [x, classes], { reduction, labelSmoothing: 0.1 }),
      make(`smoothed ${dtype} ${reduction} weighted`, [x, classes, weight], { reduction, labelSmoothing: 0.1 }),
    ]
  }),
)

function make(
  name: string,
  inputs: Input[],
  options: { reduction: 'mean' | 'sum' | 'none'; labelSmoothing?: number },
): Case {
  const { reduction, labelSmoothing = 0 } = options
  const weight = inputs.length > 2 ? ', weight=x2' : ''
  return {
    op: 'crossEntropy',
    name: `crossEntropy: ${name}`,
    inputs,
    run: (dt, x, target, weight) => dt.nn.functional.crossEntropy(x, target!, weight, { reduction, labelSmoothing }),
    torch: `F.cross_entropy(x0, x1${weight}, reduction='${reduction}', label_smoothing=${labelSmoothing})`,
  }
}

export const cases: Case[] = rows
