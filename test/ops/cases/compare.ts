// eq ne lt le gt ge and logic: always bool, never a gradient. What surprises: NaN differs from everything, itself
// included, and mixed dtypes compare in the promoted dtype (so a number with a fraction lifts int64 to float32).

import { type Case, dtypes, exact, floats, halves, type Input, leaf, whole } from '../../support/case.ts'
import { binary, inplace } from '../../support/rows.ts'

const signs = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' } as const
const ops = Object.keys(signs) as (keyof typeof signs)[]

// Few distinct values, so that all three outcomes occur.
const digit = { integersBelow: 3 }
const digits: Input = { shape: [], values: digit }

const logic = { logicalAnd: 'logical_and', logicalOr: 'logical_or', logicalXor: 'logical_xor' } as const
const logicOps = Object.keys(logic) as (keyof typeof logic)[]

const generic: Case[] = [
  ...ops.flatMap(op =>
    binary({ op, sign: signs[op], dtypes: 'all', domain: digit, constant: true, path: op === 'eq' }),
  ),
  ...logicOps.flatMap(op =>
    binary({ op, sign: logic[op], dtypes: 'all', domain: digit, constant: true, numbers: 'nowhere' }),
  ),
  ...dtypes.map(
    (dtype): Case => ({
      ...{ op: 'logicalNot', name: `logicalNot: ${dtype}`, inputs: [{ shape: [7], dtype, values: digit }] },
      ...{ run: (_, x) => x.logicalNot(), torch: 'torch.logical_not(x0)', tolerance: exact },
    }),
  ),
]

function inPlace(): Case[] {
  return [
    ...ops.flatMap(op => inplace({ op: `${op}_`, dtypes: 'all', domain: digit, second: digit, constant: true })),
    ...logicOps.flatMap(op =>
      inplace({ op: `${op}_`, dtypes: 'all', domain: digit, second: digit, constant: true, numbers: 'nowhere' }),
    ),
    ...dtypes.map(
      (dtype): Case => ({
        ...{ op: 'logicalNot_', name: `logicalNot_: ${dtype}`, inputs: [{ shape: [7], dtype, values: digit }] },
        ...{ run: (_, x) => x.logicalNot_(), torch: 'x0.logical_not_()', tolerance: exact },
      }),
    ),
    ...floats.map(
      (dtype): Case => ({
        ...{
          op: 'gt_',
          name: `gt_: ${dtype} in a graph`,
          inputs: [leaf([5], dtype)],
          kink: 'constant but where it jumps',
        },
        ...{ run: (_, x) => x.mul(2).gt_(0), torch: '(x0 * 2).gt_(0)', tolerance: exact },
      }),
    ),
  ]
}

/** How close, and whether among others. */
function nearness(): Case[] {
  const x: Input = { shape: [6], values: [1, 1.00001, 2, Number.NaN, Infinity, 0] }
  const y: Input = { shape: [6], values: [1, 1, 2.1, Number.NaN, Infinity, 1e-9] }
  const of = (op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case => ({
    ...{ op, name: `${op}: ${name}`, inputs, run, torch, tolerance: exact },
  })
  return [
    ...binary({
      op: 'isclose',
      sign: 'isclose',
      dtypes: 'all',
      domain: digit,
      constant: true,
      numbers: 'nowhere',
      alike: true,
    }),
    of('isclose', 'odd', [x, y], (dt, x, y) => dt.isclose(x, y), 'torch.isclose(x0, x1)'),
    of(
      'isclose',
      'NaN too, and further',
      [x, y],
      (_, x, y) => x.isclose(y, { rtol: 0.1, equalNan: true }),
      'torch.isclose(x0, x1, rtol=0.1, equal_nan=True)',
    ),
    of('isclose', 'not at all', [x, y], (_, x, y) => x.isclose(y, 0, { atol: 0 }), 'torch.isclose(x0, x1, 0, 0)'),
    ...dtypes
      .filter(dtype => dtype !== 'bool')
      .flatMap(dtype => [
        of(
          'isin',
          dtype,
          [
            { shape: [3, 4], dtype, values: { integersBelow: 6 } },
            { shape: [2, 2], dtype, values: { integersBelow: 6 } },
          ],
          (dt, x, y) => dt.isin(x, y),
          'torch.isin(x0, x1)',
        ),
        of(
          'isin',
          `${dtype} none of`,
          [{ shape: [7], dtype, values: digit }],
          (dt, x) => dt.isin(x, 2, { invert: true }),
          'torch.isin(x0, 2, invert=True)',
        ),
      ]),
    of('isin', 'a number', [{ shape: [4], values: digit }], (dt, x) => dt.isin(1, x), 'torch.isin(1, x0)'),
    of(
      'isin',
      'nothing in nothing',
      [{ shape: [0] }, { shape: [0] }],
      (dt, x, y) => dt.isin(x, y),
      'torch.isin(x0, x1)',
    ),
  ]
}

function special(): Case[] {
  const pairs = dtypes.flatMap(a => dtypes.filter(b => a !== b).map(b => [a, b] as const))
  return [
    ...pairs.map(([a, b]) =>
      two('eq', `${a} with ${b}`, { ...digits, shape: [9], dtype: a }, { ...digits, shape: [9], dtype: b }),
    ),
    ...ops.flatMap(op => [
      two(
        op,
        'nan and infinities',
        list([Number.NaN, Number.NaN, 1, Infinity, -Infinity, 0]),
        list([Number.NaN, 1, Number.NaN, Infinity, 0, -0]),
      ),
      right(op, 'nan number', list([Number.NaN, 0]), Number.NaN),
      right(op, 'infinite number', list([Infinity, 0, -Infinity]), Infinity),
      right(op, 'int64 with 0.5', { ...digits, shape: [9], dtype: 'int64' }, 0.5),
      right(op, 'bool with 0.5', { ...digits, shape: [4], dtype: 'bool' }, 0.5),
    ]),
  ]
}

function accuracy(): Case[] {
  const large = 2 ** 24 + 1 // not a float32
  const big: Input = { shape: [2], dtype: 'int64', values: [large, large - 1] }
  return [
    two('eq', 'int64 against float32 compares in float32', big, { shape: [2], values: [large - 1, large - 1] }),
    right('eq', 'int64 against a number stays int64', big, large),
    right('gt', 'int64 against a number stays int64', big, large - 1),
    two(
      'eq',
      '0.1 in float32 against 0.1 in float64',
      { shape: [1], values: [0.1] },
      { shape: [1], dtype: 'float64', values: [0.1] },
    ),
    ...halves.flatMap(dtype => [
      right('eq', `0.1 in ${dtype} against the number 0.1`, { shape: [1], dtype, values: [0.1] }, 0.1),
      two(
        'eq',
        `0.1 in ${dtype} against 0.1 in float64 without dims`,
        { shape: [2], dtype, values: [0.1, 0.2] },
        { shape: [], dtype: 'float64', values: [0.1] },
      ),
      right('lt', `${dtype} against 1e30`, { shape: [2], dtype, values: [0, 1] }, 1e30),
    ]),
    right('eq', '0.1 in float32 against the number 0.1', { shape: [1], values: [0.1] }, 0.1),
    // A number that no int64 can hold must be a float; one that only uint8 cannot hold wraps.
    ...whole.flatMap(dtype => [
      right('lt', `${dtype} against 1e30`, { shape: [2], dtype, values: [0, 1] }, 1e30),
      right('gt', `${dtype} against -1e19`, { shape: [2], dtype, values: [0, 1] }, -1e19),
      right('eq', `${dtype} against 300`, { shape: [3], dtype, values: [0, 1, 44] }, 300),
    ]),
    {
      op: 'lt',
      name: 'lt: free function',
      inputs: [
        { ...digits, shape: [5] },
        { ...digits, shape: [5] },
      ],
      run: (dt, x, y) => dt.lt(x, y),
      torch: 'torch.lt(x0, x1)',
      tolerance: exact,
    },
  ]
}

function list(values: number[]): Input {
  return { shape: [values.length], values }
}

function two(op: keyof typeof signs, name: string, x: Input, y: Input): Case {
  return {
    op,
    name: `${op}: ${name}`,
    inputs: [x, y],
    run: (_, u, v) => u[op](v),
    torch: `x0 ${signs[op]} x1`,
    tolerance: exact,
  }
}

function right(op: keyof typeof signs, name: string, x: Input, y: number): Case {
  const text = Math.abs(y) < 2 ** 63 ? String(y) : y.toExponential() // Python's integers are exact
  const number = Number.isNaN(y) ? 'nan' : y === Infinity ? 'inf' : text
  return {
    op,
    name: `${op}: ${name}`,
    inputs: [x],
    run: (_, u) => u[op](y),
    torch: `x0 ${signs[op]} ${number}`,
    tolerance: exact,
  }
}

export const cases: Case[] = [...generic, ...inPlace(), ...nearness(), ...special(), ...accuracy()]
