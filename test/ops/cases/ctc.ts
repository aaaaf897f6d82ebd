// Sequences whose labels are not aligned. What surprises: the gradient is that for log probabilities, so it has no
// second one and none of these; test/nn/ctc.test.ts takes differences.

import type { Case, DType, Input } from '../../support/case.ts'

type Call = { targets: Input; steps: number[]; counts: number[]; blank?: number; zeroInfinity?: boolean }

const labels = (shape: number[], values: number[], dtype: DType = 'int64'): Input => ({ shape, dtype, values })
const calls: Record<string, Call> = {
  'rows of labels': { targets: labels([2, 3], [1, 2, 2, 3, 1, 0]), steps: [6, 5], counts: [3, 2] },
  'labels one after the other': { targets: labels([5], [1, 2, 2, 3, 1]), steps: [6, 5], counts: [3, 2] },
  'int32, another blank': {
    ...{ targets: labels([2, 2], [1, 2, 0, 1], 'int32'), steps: [6, 6], counts: [2, 2], blank: 3 },
  },
  'no labels, and no steps': { targets: labels([2, 1], [1, 1]), steps: [4, 0], counts: [0, 0] },
  'more labels than steps': { targets: labels([2, 3], [1, 1, 1, 1, 2, 3]), steps: [4, 6], counts: [3, 3] },
  'what is impossible costs nothing': {
    ...{ targets: labels([2, 3], [1, 1, 1, 1, 2, 3]), steps: [4, 6], counts: [3, 3], zeroInfinity: true },
  },
}

function make(name: string, dtype: DType, reduction: 'none' | 'mean' | 'sum', call: Call): Case {
  const { targets, steps, counts, blank = 0, zeroInfinity = false } = call
  const python = `${JSON.stringify(steps)}, ${JSON.stringify(counts)}, ${blank}, '${reduction}', ${zeroInfinity ? 'True' : 'False'}`
  return {
    ...{
      op: 'ctcLoss',
      name: `ctcLoss: ${name} ${reduction} ${dtype}`,
      inputs: [{ shape: [6, 2, 4], dtype }, targets],
    },
    run: (dt, x, labels) =>
      dt.nn.functional.ctcLoss(x!.logSoftmax(2), labels!, steps, counts, { blank, reduction, zeroInfinity }),
    torch: `F.ctc_loss(F.log_softmax(x0, 2), x1, ${python})`,
  }
}

export const cases: Case[] = [
  ...Object.entries(calls).flatMap(([name, call]) =>
    (['none', 'mean', 'sum'] as const).flatMap(reduction =>
      (['float64', 'float32'] as const).map(dtype => make(name, dtype, reduction, call)),
    ),
  ),
  {
    ...{
      op: 'ctcLoss',
      name: 'ctcLoss: without a batch',
      inputs: [{ shape: [5, 4], dtype: 'float64' }, labels([2], [1, 3])],
    },
    run: (dt, x, labels) => dt.nn.functional.ctcLoss(x!.logSoftmax(1), labels!, [5], [2], { reduction: 'none' }),
    torch: "F.ctc_loss(F.log_softmax(x0, 1), x1, torch.tensor([5]), torch.tensor([2]), reduction='none')",
  },
]
