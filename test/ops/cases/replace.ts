// Numbers for what is none, steps, triangles in place, and what was in place before that has a gradient now.

import { type Case, dtypes, exact, floats, type Input, isFloat, leaf } from '../../support/case.ts'
import { binary } from '../../support/rows.ts'

const odd = [Number.NaN, Infinity, -Infinity, 1.5, 0, -2]

const numbers: Case[] = dtypes.flatMap(dtype => {
  const x: Input = isFloat(dtype) ? leaf([6], dtype, { values: odd }) : { shape: [6], dtype }
  const plain = { ...x, grad: false }
  return [
    make('nanToNum', dtype, [x], (_, x) => x.nanToNum(), 'torch.nan_to_num(x0)'),
    make(
      'nanToNum',
      `${dtype} others`,
      [x],
      (dt, x) => dt.nanToNum(x, 1, { posinf: 3, neginf: -4 }),
      'torch.nan_to_num(x0, 1, 3, -4)',
    ),
    make('nanToNum_', dtype, [plain], (_, x) => x.nanToNum_({ nan: 2 }), 'x0.nan_to_num_(nan=2)'),
    ...(isFloat(dtype)
      ? [make('nanToNum_', `${dtype} in a graph`, [x], (_, x) => x.clone().nanToNum_(), 'x0.clone().nan_to_num_()')]
      : []),
    make(
      'heaviside_',
      dtype,
      [
        { shape: [6], dtype, values: { integersBelow: 2 } },
        { shape: [], dtype },
      ],
      (_, x, y) => x.heaviside_(y),
      'x0.heaviside_(x1)',
    ),
    ...(['tril', 'triu'] as const).flatMap(op => [
      make(`${op}_`, dtype, [{ shape: [4, 3], dtype }], (_, x) => x[`${op}_`](), `x0.${op}_()`),
      ...(isFloat(dtype)
        ? [
            make(
              `${op}_`,
              `${dtype} in a graph`,
              [leaf([2, 3, 3], dtype)],
              (_, x) => x.clone()[`${op}_`](1),
              `x0.clone().${op}_(1)`,
            ),
          ]
        : []),
    ]),
  ]
})

const steps = binary({
  ...{ op: 'heaviside', sign: 'heaviside', dtypes: 'all', numbers: 'nowhere', constant: true, alike: true },
  domain: { integersBelow: 2 },
})

const logic: Case[] = (['clampMin', 'clampMax'] as const).map(op => ({
  ...make(
    'clamp',
    `${op} of bools`,
    [
      { shape: [6], dtype: 'bool' },
      { shape: [6], dtype: 'bool' },
    ],
    (_, x, y) => x[op](y),
    `torch.${op === 'clampMin' ? 'clamp_min' : 'clamp_max'}(x0, x1)`,
  ),
}))

const graphs: Case[] = floats.flatMap(dtype => [
  make(
    'clamp_',
    `${dtype} in a graph`,
    [leaf([5], dtype, { values: 'distinct' }), leaf([], dtype, { values: [0.15] })],
    (_, x, low) => x.clone().clamp_({ min: low, max: 0.5 }),
    'x0.clone().clamp_(x1, torch.tensor(0.5, dtype=x0.dtype))',
  ),
  make(
    'maskedFill_',
    `${dtype} in a graph`,
    [leaf([2, 3], dtype), { shape: [3], dtype: 'bool' }],
    (_, x, mask) => x.clone().maskedFill_(mask, 2),
    'x0.clone().masked_fill_(x1, 2)',
  ),
])

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return {
    op,
    name: `${op}: ${name}`,
    inputs,
    run,
    torch,
    tolerance: exact,
    kink: op.startsWith('nan') ? 'infinities' : undefined,
  }
}

export const cases: Case[] = [...numbers, ...steps, ...logic, ...graphs]
