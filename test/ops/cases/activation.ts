// relu and its relatives. What surprises: relu's gradient at zero is 0, and NaN stays NaN; in place they are recorded;
// hardtanh has no gradient at its bounds, where clamp has one.

import {
  type Case,
  type DType,
  type Dtrain,
  exact,
  floats,
  type Input,
  isFloat,
  leaf,
  lists,
  rowsOf,
  type Tensor,
} from '../../support/case.ts'
import { inplaceUnary, unary } from '../../support/rows.ts'

const relu: Case[] = [
  ...unary({ op: 'relu', domain: 'distinct', dtypes: 'numbers' }),
  ...inplaceUnary({ op: 'relu_', domain: 'distinct', dtypes: 'numbers' }),
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

type F = Dtrain['nn']['functional']

/** A function of `nn.functional`, as it is called here and in PyTorch, and whether it can work in place. */
interface Row {
  op: string
  /** Beside the name; several settings of one op. */
  as?: string
  run: (F: F, x: Tensor, inplace: { inplace?: boolean }) => Tensor
  torch: string
  dtypes?: keyof typeof lists
  /** 'the same': PyTorch is asked for the other form. */
  inplace?: boolean | 'the same'
  rounds?: boolean
}

const rows: Row[] = [
  { op: 'hardtanh', run: (F, x, o) => F.hardtanh(x, o), torch: 'F.hardtanh(x0)', dtypes: 'numbers', inplace: true },
  {
    ...{ op: 'hardtanh', as: 'relu6', run: (F, x, o) => F.relu6(x.mul(5), o), torch: 'F.relu6(x0 * 5)' },
    ...{ dtypes: 'numbers', inplace: true, rounds: true },
  },
  {
    ...{ op: 'hardtanh', as: 'other bounds', run: (F, x) => F.hardtanh(x, -0.5, { maxVal: 0.25 }) },
    torch: 'F.hardtanh(x0, -0.5, 0.25)',
  },
  {
    ...{ op: 'threshold', run: (F, x, o) => F.threshold(x, 0, 7, o), torch: 'F.threshold(x0, 0, 7)' },
    ...{ dtypes: 'numbers', inplace: true },
  },
  { op: 'leakyRelu', run: (F, x, o) => F.leakyRelu(x, o), torch: 'F.leaky_relu(x0)', inplace: true, rounds: true },
  {
    ...{ op: 'leakyRelu', as: 'a negative slope', run: (F, x) => F.leakyRelu(x, -0.5) },
    ...{ torch: 'F.leaky_relu(x0, -0.5)', rounds: true },
  },
  { op: 'leakyRelu', as: 'rrelu', run: (F, x) => F.rrelu(x), torch: 'F.rrelu(x0)', rounds: true },
  { op: 'elu', run: (F, x, o) => F.elu(x, o), torch: 'F.elu(x0)', inplace: true, rounds: true },
  { op: 'elu', as: 'alpha', run: (F, x) => F.elu(x, 0.5), torch: 'F.elu(x0, 0.5)', rounds: true },
  { op: 'elu', as: 'a negative alpha', run: (F, x) => F.elu(x, -0.5), torch: 'F.elu(x0, -0.5)', rounds: true },
  { op: 'elu', as: 'celu', run: (F, x, o) => F.celu(x, 1.5, o), torch: 'F.celu(x0, 1.5)', inplace: true, rounds: true },
  { op: 'selu', run: (F, x, o) => F.selu(x, o), torch: 'F.selu(x0)', inplace: true, rounds: true },
  { op: 'silu', run: (F, x, o) => F.silu(x, o), torch: 'F.silu(x0)', inplace: true, rounds: true },
  {
    // PyTorch has no second derivative of its hardsigmoid.
    ...{ op: 'hardsigmoid', run: (F, x, o) => F.hardsigmoid(x, o), torch: 'F.relu6(x0 + 3).div_(6)' },
    ...{ inplace: 'the same', rounds: true },
  },
  { op: 'hardswish', run: (F, x, o) => F.hardswish(x, o), torch: 'F.hardswish(x0)', inplace: true, rounds: true },
  {
    ...{ op: 'hardswish', as: 'beyond its bounds', run: (F, x) => F.hardswish(x.mul(7)) },
    ...{ torch: 'F.hardswish(x0 * 7)', rounds: true },
  },
  { op: 'mish', run: (F, x, o) => F.mish(x, o), torch: 'F.mish(x0)', inplace: true, rounds: true },
  { op: 'hardshrink', run: (F, x) => F.hardshrink(x), torch: 'F.hardshrink(x0)' },
  { op: 'softshrink', run: (F, x) => F.softshrink(x, 0.2), torch: 'F.softshrink(x0, 0.2)', rounds: true },
  { op: 'gelu', run: (F, x) => F.gelu(x), torch: 'F.gelu(x0)', rounds: true },
  {
    ...{ op: 'gelu', as: 'tanh', run: (F, x) => F.gelu(x, { approximate: 'tanh' }) },
    ...{ torch: "F.gelu(x0, approximate='tanh')", rounds: true },
  },
  { op: 'softplus', run: (F, x) => F.softplus(x), torch: 'F.softplus(x0)', rounds: true },
  {
    ...{ op: 'softplus', as: 'beyond the threshold', run: (F, x) => F.softplus(x, 2, { threshold: 0.5 }) },
    ...{ torch: 'F.softplus(x0, 2, 0.5)', rounds: true },
  },
  { op: 'logsigmoid', run: (F, x) => F.logsigmoid(x), torch: 'F.logsigmoid(x0)', rounds: true },
  { op: 'div', as: 'softsign', run: (F, x) => F.softsign(x), torch: 'F.softsign(x0)', dtypes: 'numbers', rounds: true },
]

const special = [Number.NaN, Infinity, -Infinity, 1, -1, 0, -0, 1000, -20]

function inPlace(torch: string, graph: boolean): string {
  return torch.replace('x0', graph ? 'x0.clone()' : 'x0').replace(/\)$/, ', inplace=True)')
}

function casesOf({ op, as, run, torch, dtypes = 'floats', inplace, rounds }: Row): Case[] {
  const one = (name: string, input: Input, at = op, graph = false): Case => ({
    ...{ op: at, name: `${at}: ${as ? `${as}, ` : ''}${name}`, inputs: [input] },
    run: (dt, x) => run(dt.nn.functional, graph ? x.clone() : x, { inplace: at !== op }),
    torch: at === op || inplace === 'the same' ? torch : inPlace(torch, graph),
    tolerance: rounds ? undefined : exact,
  })
  return lists[dtypes].flatMap(dtype => {
    if (!isFloat(dtype)) {
      if (dtype === 'uint8' && torch === 'F.hardtanh(x0)') return [] // its lower bound is negative
      return [one(dtype, { shape: [5], dtype }), ...(inplace ? [one(dtype, { shape: [5], dtype }, `${op}_`)] : [])]
    }
    const x = (shape: number[], rest: Partial<Input> = {}) => leaf(shape, dtype, { values: 'distinct', ...rest })
    return [
      ...rowsOf(dtype, [[7], [3, 5]]).map(shape => one(`${dtype} ${shape}`, x(shape))),
      ...rowsOf(dtype, [one(`${dtype} sliced`, x([3, 5], { layout: 'sliced' }))], as ? 0 : 1),
      one(`${dtype} special values`, { shape: [9], dtype, values: special }),
      ...(inplace
        ? [
            one(`${dtype}`, { shape: [7], dtype, values: 'distinct' }, `${op}_`),
            one(`${dtype} in a graph`, x([7]), `${op}_`, true),
          ]
        : []),
    ]
  })
}

/** With a weight for all, or for each channel. */
function prelu(): Case[] {
  const shapes: [number[], number[]][] = [
    [[2, 3, 5], [3]],
    [[4, 3], [1]],
    [[4], [1]],
  ]
  return floats.flatMap((dtype: DType) =>
    rowsOf(dtype, shapes).map(
      ([x, weight]): Case => ({
        ...{ op: 'prelu', name: `prelu: ${dtype} ${x} with ${weight}` },
        inputs: [leaf(x, dtype, { values: 'distinct' }), leaf(weight, dtype, { values: 'distinct' })],
        run: (dt, x, w) => dt.nn.functional.prelu(x, w),
        torch: 'F.prelu(x0, x1)',
      }),
    ),
  )
}

export const cases: Case[] = [...relu, ...rows.flatMap(casesOf), ...prelu()]
