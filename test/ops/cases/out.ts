// add, sub, mul and div into a tensor that is there. What surprises: the result is rounded to that tensor's dtype, and
// it may lie anywhere, also over an argument.

import { type Case, type DType, dtypes, exact, type Input } from '../../support/case.ts'

const ops = ['add', 'sub', 'mul', 'div'] as const

function make(op: (typeof ops)[number], name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op: `${op}Out`, name: `${op}Out: ${name}`, inputs, run, torch, tolerance: exact }
}

function two(op: (typeof ops)[number], name: string, x: Input, y: Input, out: Input): Case {
  return make(op, name, [x, y, out], (dt, u, v, w) => dt[op](u!, v!, { out: w! }), `torch.${op}(x0, x1, out=x2)`)
}

function of(dtype: DType, shape: number[] = [2, 3]): Input {
  return { shape, dtype, values: dtype === 'bool' ? 'bool' : dtype.includes('float') ? 'distinct' : 'positive' }
}

export const cases: Case[] = [
  ...ops.flatMap(op => [
    ...dtypes
      .filter(dtype => op !== 'sub' || dtype !== 'bool')
      .map(dtype =>
        two(op, dtype, of(dtype), of(dtype), of(op === 'div' && !dtype.includes('float') ? 'float32' : dtype)),
      ),
    two(op, 'into a longer float', of('float32'), of('float32', [3]), of('float64')),
    two(op, 'into a shorter float', of('float64'), of('float32', [2, 1]), of('float32')),
    two(op, 'into a slice', of('float32', [5, 7]), of('float32', [7]), { shape: [5, 7], layout: 'sliced' }),
    make(
      op,
      'over an argument',
      [of('float64'), of('float64')],
      (dt, x, y) => dt[op](x!, y!, { out: y! }),
      `torch.${op}(x0, x1, out=x1)`,
    ),
    make(
      op,
      'a number',
      [of('float64'), of('float64')],
      (dt, x, y) => dt[op](x!, 3, { out: y! }),
      `torch.${op}(x0, torch.tensor(3), out=x1)`,
    ),
  ]),
  make(
    'add',
    'alpha',
    [of('int64'), of('int64'), of('int64')],
    (dt, x, y, out) => dt.add(x!, y!, { alpha: 2, out: out! }),
    'torch.add(x0, x1, alpha=2, out=x2)',
  ),
  make(
    'div',
    'rounded down',
    [of('float64'), of('float64'), of('float64')],
    (dt, x, y, out) => dt.div(x!, y!, { roundingMode: 'floor', out: out! }),
    "torch.div(x0, x1, rounding_mode='floor', out=x2)",
  ),
  make(
    'add',
    'over another view of an argument',
    [of('float64', [3, 3])],
    (dt, x) => [dt.add(x!, x!, { out: x!.t() }), x!],
    '(y := torch.add(x0, x0), x0.t().copy_(y), x0)[1:]',
  ),
]
