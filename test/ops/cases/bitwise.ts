// Bits and divisors. What surprises: a shift by more places than a number has, or by fewer than 0, shifts all bits out,
// so that what has a sign keeps it alone; a number beside bools makes int64.

import { type Case, exact, floats, type Input, ints, whole } from '../../support/case.ts'
import { binary, inplace } from '../../support/rows.ts'

const logic = {
  bitwiseAnd: 'bitwise_and',
  bitwiseOr: 'bitwise_or',
  bitwiseXor: 'bitwise_xor',
} as const
const shifts = { bitwiseLeftShift: 'bitwise_left_shift', bitwiseRightShift: 'bitwise_right_shift' } as const
const shiftOps = Object.keys(shifts) as (keyof typeof shifts)[]

const near = 'constant in the second argument, whose gradient leads nowhere'

const generic: Case[] = [
  ...(Object.keys(logic) as (keyof typeof logic)[]).flatMap(op => [
    ...binary({ op, sign: logic[op], dtypes: 'whole', constant: true }),
    ...inplace({ op: `${op}_`, dtypes: 'ints', constant: true }),
  ]),
  ...shiftOps.flatMap(op => [
    ...binary({ op, sign: shifts[op], dtypes: 'ints', constant: true }),
    ...inplace({ op: `${op}_`, dtypes: 'ints', constant: true, second: 'positive' }),
  ]),
  ...(['gcd', 'lcm'] as const).flatMap(op => [
    ...binary({ op, sign: op, dtypes: 'ints', constant: true, numbers: 'nowhere' }),
    ...inplace({ op: `${op}_`, dtypes: 'ints', constant: true, numbers: 'nowhere' }),
  ]),
  ...binary({ op: 'nextafter', sign: 'nextafter', dtypes: 'floats', numbers: 'nowhere', kink: near }),
  ...inplace({ op: 'nextafter_', dtypes: 'floats', numbers: 'nowhere', kink: near }),
]

function not(): Case[] {
  return whole.flatMap(dtype => [
    one(
      'bitwiseNot',
      dtype,
      { shape: [2, 3], dtype, layout: 'sliced' },
      (_, x) => x.bitwiseNot(),
      'torch.bitwise_not(x0)',
    ),
    one('bitwiseNot_', dtype, { shape: [5], dtype }, (_, x) => x.bitwiseNot_(), 'x0.bitwise_not_()'),
  ])
}

function inPlaceOfBools(): Case[] {
  return (Object.keys(logic) as (keyof typeof logic)[]).map(op => ({
    ...{ op: `${op}_`, name: `${op}_: bool` },
    inputs: [
      { shape: [6], dtype: 'bool' },
      { shape: [6], dtype: 'bool' },
    ],
    run: (_, x, y) => x[`${op}_`](y),
    torch: `x0.${logic[op]}_(x1)`,
    tolerance: exact,
  }))
}

/** Places from below 0 to beyond what there is. */
function farShifts(): Case[] {
  return shiftOps.flatMap(op =>
    ints.map(dtype => {
      const x: Input = { shape: [7], dtype, values: [1, 3, 64, 100, 127, 5, 77] }
      const places: Input = { shape: [7], dtype, values: [0, 1, 7, 8, 63, 64, 100] }
      return {
        ...{ op, name: `${op}: ${dtype} far`, inputs: [x, places], tolerance: exact },
        run: (_, x, y) => x[op](y),
        torch: `torch.${shifts[op]}(x0, x1)`,
      } satisfies Case
    }),
  )
}

function neighbours(): Case[] {
  const from = [0, -0, 1, -1, 1, Infinity, -Infinity, Number.NaN, 1, 65504, -1, 1e-7]
  const to = [1, -1, 2, -2, 1, 0, 0, 1, Number.NaN, Infinity, -1, -1]
  return floats.map(dtype => ({
    ...{ op: 'nextafter', name: `nextafter: ${dtype} odd`, tolerance: exact },
    inputs: [
      { shape: [12], dtype, values: from },
      { shape: [12], dtype, values: to },
    ],
    run: (_, x, y) => x.nextafter(y),
    torch: 'torch.nextafter(x0, x1)',
  }))
}

function one(op: string, name: string, input: Input, run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs: [input], run, torch, tolerance: exact }
}

export const cases: Case[] = [...generic, ...not(), ...inPlaceOfBools(), ...farShifts(), ...neighbours()]
