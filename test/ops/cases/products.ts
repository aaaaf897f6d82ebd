// prod all any. What surprises: products of integers are int64; a product has a gradient at 0
// too; and all and any of uint8 are uint8, and with no dims at all change nothing but the dtype.

import {
  type Case,
  type DType,
  dtypes,
  exact,
  floats,
  type Input,
  isFloat,
  leaf,
  rowsOf,
  show,
  type Tensor,
} from '../../support/case.ts'

const whole = dtypes.filter(dtype => !isFloat(dtype))

function products(): Case[] {
  const zeros = (dtype: DType, values: number[]): Input => leaf([2, values.length / 2], dtype, { values })
  return [
    ...floats.flatMap(dtype => [
      ...rowsOf(dtype, [[2, 3], [], [7], [0], [31]]).map(shape =>
        rounded('prod', `${dtype} ${show(shape)}`, leaf(shape, dtype), x => x.prod(), 'x0.prod()'),
      ),
      ...rowsOf(dtype, [1, 0, -1]).map(dim =>
        rounded('prod', `${dtype} dim ${dim}`, leaf([3, 5, 2], dtype), x => x.prod(dim), `x0.prod(${dim})`),
      ),
      rounded('prod', `${dtype} sliced`, leaf([3, 5], dtype, { layout: 'sliced' }), x => x.prod(1), 'x0.prod(1)'),
      rounded('prod', `${dtype} one 0`, zeros(dtype, [2, 0, 3, 1, 2, 4]), x => x.prod(1), 'x0.prod(1)'),
      rounded('prod', `${dtype} several 0`, zeros(dtype, [2, 0, 0, 1, 0, 4]), x => x.prod(1), 'x0.prod(1)'),
    ]),
    ...whole.map(dtype => once('prod', dtype, { shape: [3, 2], dtype }, x => x.prod(0), 'x0.prod(0)')),
    rounded('prod', 'all with a 0', zeros('float64', [2, 0, 3, 1, 2, 4]), x => x.prod(), 'x0.prod()'),
    rounded(
      'prod',
      'keepdim',
      leaf([3, 5], 'float64'),
      x => x.prod({ dim: 1, keepdim: true }),
      'x0.prod(1, keepdim=True)',
    ),
    rounded('prod', 'along an empty dim', leaf([3, 0], 'float32'), x => x.prod(1), 'x0.prod(1)'),
    rounded('prod', '0-d dim 0', leaf([], 'float32'), x => x.prod(0), 'x0.prod(0)'),
    rounded(
      'prod',
      'float32 as float64',
      leaf([3, 4], 'float32'),
      x => x.prod({ dtype: 'float64' }),
      'x0.prod(dtype=torch.float64)',
    ),
    once(
      'prod',
      'int64 wraps',
      { shape: [3], dtype: 'int64', values: [2 ** 40, 2 ** 20, 24] },
      x => x.prod(),
      'x0.prod()',
    ),
    once(
      'prod',
      'uint8 as uint8',
      { shape: [3], dtype: 'uint8', values: [100, 5, 3] },
      x => x.prod({ dtype: 'uint8' }),
      'x0.prod(dtype=torch.uint8)',
    ),
  ]
}

function truths(): Case[] {
  return (['all', 'any'] as const).flatMap(op => [
    ...dtypes.flatMap(dtype => [
      once(op, dtype, { shape: [3, 4], dtype, values: 'bool' }, x => x[op](), `x0.${op}()`),
      once(op, `${dtype} dim 1`, { shape: [7, 2], dtype, values: 'bool' }, x => x[op](1), `x0.${op}(1)`),
    ]),
    once(op, 'two dims', { shape: [2, 3, 2], values: 'bool' }, x => x[op]([0, 2]), `x0.${op}((0, 2))`),
    once(op, 'no dims', { shape: [2, 2], values: 'bool' }, x => x[op]([]), `x0.${op}(())`),
    once(
      op,
      'keepdim',
      { shape: [2, 3], dtype: 'bool' },
      x => x[op]({ dim: 0, keepdim: true }),
      `x0.${op}(0, keepdim=True)`,
    ),
    once(op, 'of nothing', { shape: [0] }, x => x[op](), `x0.${op}()`),
    once(op, 'along an empty dim', { shape: [2, 0] }, x => x[op](1), `x0.${op}(1)`),
    once(op, 'nan', { shape: [2], values: [Number.NaN, 0] }, x => x[op](), `x0.${op}()`),
    once(op, 'fractions', { shape: [2], values: [0.25, -0.5] }, x => x[op](), `x0.${op}()`),
    once(op, 'sliced', { shape: [5, 7], dtype: 'bool', layout: 'sliced' }, x => x[op](0), `x0.${op}(0)`),
  ])
}

function rounded(op: string, name: string, input: Input, run: (x: Tensor) => Tensor, torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs: [input], run: (_, x) => run(x!), torch }
}

function once(op: string, name: string, input: Input, run: (x: Tensor) => Tensor, torch: string): Case {
  return { ...rounded(op, name, input, run, torch), tolerance: exact }
}

export const cases: Case[] = [...products(), ...truths()]
