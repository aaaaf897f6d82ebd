// div and div_ with a rounding mode. What surprises: floor is worked out from the remainder, so it is exact where the
// quotient rounds up to an integer; and integers keep their dtype.

import { type Case, dtypes, exact, floats, type Input, leaf } from '../../support/case.ts'

const values = [7, -7, 7, -7, 0, -0, 1, 0.7, 6, -6, 1e30, 5]
const by = [2, 2, -2, -2, 3, 3, -4, 0.1, 0.1, 3, 7, 5]

const rows = (['trunc', 'floor'] as const).flatMap(roundingMode => {
  const torch = (call: string) => `${call}, rounding_mode='${roundingMode}')`
  const floating = floats.flatMap(dtype => {
    const inputs: Input[] = [leaf([12], dtype, { values }), leaf([12], dtype, { values: by })]
    const special: Input[] = [
      { shape: [4], dtype, values: [1, -1, 0, 3] },
      { shape: [1], dtype, values: [0] },
    ]
    return [
      make('div', `${roundingMode} ${dtype}`, inputs, (_, x, y) => x.div(y!, { roundingMode }), torch('x0.div(x1')),
      make(
        'div',
        `${roundingMode} by 0 ${dtype}`,
        special,
        (_, x, y) => x.div(y!, { roundingMode }),
        torch('x0.div(x1'),
      ),
      make(
        'div',
        `${roundingMode} by a number ${dtype}`,
        [inputs[0]!],
        (_, x) => x.div(2.5, { roundingMode }),
        torch('x0.div(2.5'),
      ),
      make(
        'div_',
        `${roundingMode} ${dtype}`,
        inputs.map(input => ({ ...input, grad: false })),
        (_, x, y) => x.div_(y!, { roundingMode }),
        torch('x0.div_(x1'),
      ),
    ]
  })
  const whole = dtypes
    .filter(dtype => dtype !== 'bool' && !floats.includes(dtype as 'float32'))
    .flatMap(dtype => {
      const negative = dtype === 'uint8' ? 1 : -1
      const x: Input = { shape: [5], dtype, values: [7, 7 * negative, 0, 6, (dtype === 'int8' ? 100 : 200) * negative] }
      const y: Input = { shape: [5], dtype, values: [2, 2, 3, 3 * negative, 7] }
      return [
        make('div', `${roundingMode} ${dtype}`, [x, y], (_, x, y) => x.div(y!, { roundingMode }), torch('x0.div(x1')),
        make(
          'div',
          `${roundingMode} ${dtype} by a number`,
          [x],
          (_, x) => x.div(4, { roundingMode }),
          torch('x0.div(4'),
        ),
        make(
          'div',
          `${roundingMode} ${dtype} by a float`,
          [x],
          (_, x) => x.div(2.5, { roundingMode }),
          torch('x0.div(2.5'),
        ),
        make(
          'div_',
          `${roundingMode} ${dtype}`,
          [x, y],
          (_, x, y) => x.div_(y!, { roundingMode }),
          torch('x0.div_(x1'),
        ),
      ]
    })
  return [...floating, ...whole]
})

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  const kink = 'a rounded quotient jumps'
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance: exact, kink }
}

export const cases: Case[] = rows
