// neg exp log. What surprises: integers give float32, except for neg.

import { type Case, exact, type Input, leaf } from '../../support/case.ts'
import { unary } from '../../support/rows.ts'

const generic: Case[] = [
  ...unary({ op: 'exp', domain: 'normal', dtypes: 'all', rounds: true, path: true }),
  ...unary({ op: 'log', domain: 'positive', dtypes: 'all', rounds: true }),
  ...unary({ op: 'neg', domain: 'normal', dtypes: 'numbers' }),
]

function chains(): Case[] {
  const five = (values: Input['values']): Input => leaf([5], 'float64', { values })
  const range = [1e-300, 1e-10, 0.5, 1, 1e10, 1e300]
  return [
    make('exp', 'of log', five('positive'), (_, x) => x.log().exp(), 'x0.log().exp()'),
    make('exp', 'of exp', five('uniform'), (_, x) => x.exp().exp(), 'x0.exp().exp()'),
    {
      ...make('log', 'large range', leaf([6], 'float64', { values: range }), (_, x) => x.log(), 'x0.log()'),
      kink: 'a step of 1e-6 passes zero at 1e-300',
    },
    { ...make('neg', 'twice', leaf([3], 'float64'), (_, x) => x.neg().neg(), '-(-x0)'), tolerance: exact },
  ]
}

function make(op: string, name: string, input: Input, run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs: [input], run, torch }
}

export const cases: Case[] = [...generic, ...chains()]
