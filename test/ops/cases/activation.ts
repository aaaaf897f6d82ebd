// relu. What surprises: at zero its gradient is 0, and NaN stays NaN.

import { type Case, exact, type Input, leaf } from '../../support/case.ts'
import { unary } from '../../support/rows.ts'

const relu: Case[] = [
  ...unary({ op: 'relu', domain: 'distinct', dtypes: 'numbers' }),
  { ...make('at zero the gradient is 0', leaf([3], 'float64', { values: [0, -0, 1] })), kink: 'zero is the kink' },
  { ...make('gradient of nan', leaf([2], 'float32', { values: [Number.NaN, 2] })), kink: 'NaN' },
  {
    op: 'relu',
    name: 'relu: of a difference',
    inputs: [leaf([5, 1], 'float64', { values: 'distinct' }), leaf([3], 'float64', { values: [0.033, 0.041, -0.087] })],
    run: (_, x, y) => x.sub(y).relu(),
    torch: 'torch.relu(x0 - x1)',
    tolerance: exact,
  },
]

function make(name: string, input: Input): Case {
  return {
    op: 'relu',
    name: `relu: ${name}`,
    inputs: [input],
    run: (_, x) => x.relu(),
    torch: 'torch.relu(x0)',
    tolerance: exact,
  }
}

export const cases: Case[] = relu
