// Arithmetic of two and three tensors that is not among the four operations: NaN loses in fmax and fmin, copysign takes
// the sign of -0 too, the numbers of addcmul and addcdiv count as integers where they are.

import { type Case, type DType, exact, floats, type Input, isFloat, leaf, lists } from '../../support/case.ts'
import { binary, inplace } from '../../support/rows.ts'

const signs = 'constant in the second argument, whose gradient leads nowhere'

const generic: Case[] = [
  ...binary({ op: 'fmax', sign: 'fmax', dtypes: 'all', numbers: 'nowhere' }),
  ...binary({ op: 'fmin', sign: 'fmin', dtypes: 'all', numbers: 'nowhere' }),
  ...binary({ op: 'atan2', sign: 'atan2', dtypes: 'all', numbers: 'nowhere', domain: 'distinct', rounds: true }),
  ...binary({ op: 'hypot', sign: 'hypot', dtypes: 'floats', numbers: 'nowhere', domain: 'distinct', rounds: true }),
  ...binary({ op: 'copysign', sign: 'copysign', dtypes: 'all', numbers: 'right', domain: 'distinct', kink: signs }),
  ...binary({ op: 'logaddexp', sign: 'logaddexp', dtypes: 'floats', numbers: 'nowhere', rounds: true }),
  ...binary({ op: 'logaddexp2', sign: 'logaddexp2', dtypes: 'floats', numbers: 'nowhere', rounds: true }),
  ...binary({ op: 'ldexp', sign: 'ldexp', dtypes: 'all', numbers: 'nowhere', rounds: true }),
  ...binary({
    ...{ op: 'floatPower', sign: 'float_power', dtypes: 'all', domain: 'positive', second: 'positive' },
    rounds: true,
  }),
  ...inplace({
    op: 'atan2_',
    dtypes: 'floats',
    numbers: 'nowhere',
    domain: 'distinct',
    second: 'distinct',
    rounds: true,
  }),
  ...inplace({
    op: 'hypot_',
    dtypes: 'floats',
    numbers: 'nowhere',
    domain: 'distinct',
    second: 'distinct',
    rounds: true,
  }),
  ...inplace({ op: 'copysign_', dtypes: 'floats', domain: 'distinct', second: 'distinct', kink: signs }),
  ...inplace({ op: 'ldexp_', dtypes: 'floats', numbers: 'nowhere', rounds: true }),
]

function special(): Case[] {
  const pair: Input[] = [
    { shape: [7], values: [Number.NaN, 1, Number.NaN, Infinity, -Infinity, -0, 0] },
    { shape: [7], values: [1, Number.NaN, Number.NaN, -Infinity, -Infinity, 0, -0] },
  ]
  return (['fmax', 'fmin', 'atan2', 'hypot', 'copysign', 'logaddexp', 'logaddexp2', 'ldexp'] as const).map(op => ({
    ...make(op, 'nan, infinities and -0', pair, (_, x, y) => x[op](y), `torch.${op}(x0, x1)`),
    tolerance: ['fmax', 'fmin', 'copysign'].includes(op) ? exact : undefined,
  }))
}

function floatPower(): Case[] {
  return [
    make(
      'floatPower_',
      'float64 [5] with float64 [5]',
      [
        { shape: [5], dtype: 'float64', values: 'positive' },
        { shape: [5], dtype: 'float64' },
      ],
      (_, x, y) => x.floatPower_(y),
      'x0.float_power_(x1)',
    ),
    make(
      'floatPower_',
      'in a graph',
      [leaf([5], 'float64', { values: 'positive' })],
      (_, x) => x.clone().floatPower_(3),
      'x0.clone().float_power_(3)',
    ),
    make(
      'floatPower_',
      'float32 refused by PyTorch too, float64 from float32',
      [
        { shape: [3], dtype: 'float64', values: 'positive' },
        { shape: [3], dtype: 'float32' },
      ],
      (_, x, y) => x.floatPower_(y),
      'x0.float_power_(x1)',
    ),
  ]
}

function floorDivide(): Case[] {
  return lists.numbers.flatMap(dtype => {
    const xs: Input[] = [
      { shape: [5], dtype },
      { shape: [5], dtype, values: 'positive' },
    ]
    return [
      exactly('div', `floorDivide ${dtype}`, xs, (_, x, y) => x.floorDivide(y), 'torch.floor_divide(x0, x1)'),
      exactly(
        'div',
        `floorDivide ${dtype} by 3`,
        xs.slice(0, 1),
        (_, x) => x.floorDivide(3),
        'torch.floor_divide(x0, 3)',
      ),
      exactly('div_', `floorDivide_ ${dtype}`, xs, (_, x, y) => x.floorDivide_(y), 'x0.floor_divide_(x1)'),
      exactly('sub', `rsub ${dtype}`, xs, (dt, x, y) => dt.rsub(x, y, { alpha: 2 }), 'torch.rsub(x0, x1, alpha=2)'),
      exactly('sub', `rsub ${dtype} from 3`, xs.slice(0, 1), (dt, x) => dt.rsub(x, 3), 'torch.rsub(x0, 3)'),
    ]
  })
}

const shapes = [
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3], [2, 1]],
  [[3], [2, 1], []],
  [[], [], []],
  [[0, 3], [3], [1]],
]

/** Three tensors of that dtype and of each choice of shapes; values that divide are away from 0. */
function triples(dtype: DType): Input[][] {
  const one = (shape: number[], values?: Input['values']): Input => ({ shape, dtype, grad: isFloat(dtype), values })
  const many = isFloat(dtype) ? (dtype.endsWith('16') ? shapes.slice(0, 2) : shapes) : shapes.slice(0, 1)
  return many.map(([a, b, c]) => [one(a!), one(b!), one(c!, isFloat(dtype) ? 'distinct' : 'positive')])
}

function products(): Case[] {
  return (['addcmul', 'addcdiv'] as const).flatMap(op =>
    (op === 'addcmul' ? lists.numbers : floats).flatMap(dtype => [
      ...triples(dtype).flatMap((xs, i) => [
        make(op, `${dtype} ${i}`, xs, (_, x, a, b) => x[op](a!, b!), `torch.${op}(x0, x1, x2)`),
        make(
          op,
          `${dtype} ${i} times 2`,
          xs,
          (_, x, a, b) => x[op](a!, b!, { value: 2 }),
          `torch.${op}(x0, x1, x2, value=2)`,
        ),
      ]),
      make(
        `${op}_`,
        dtype,
        triples(dtype)[0]!.map(x => ({ ...x, grad: false })),
        (_, x, a, b) => x[`${op}_`](a!, b!, { value: 3 }),
        `x0.${op}_(x1, x2, value=3)`,
      ),
      ...(isFloat(dtype)
        ? [
            make(
              `${op}_`,
              `${dtype} in a graph`,
              triples(dtype)[1]!,
              (_, x, a, b) => x.clone()[`${op}_`](a!, b!),
              `x0.clone().${op}_(x1, x2)`,
            ),
          ]
        : []),
    ]),
  )
}

function lerp(): Case[] {
  return floats.flatMap(dtype => [
    ...[0, 0.3, 0.5, 1, -2].map(weight =>
      make(
        'lerp',
        `${dtype} ${weight}`,
        [leaf([2, 3], dtype, { layout: 'transposed' }), leaf([3], dtype)],
        (_, x, end) => x.lerp(end, weight),
        `torch.lerp(x0, x1, ${weight})`,
      ),
    ),
    make(
      'lerp',
      `${dtype} with a tensor`,
      [leaf([2, 3], dtype), leaf([2, 1], dtype), leaf([3], dtype, { values: 'uniform' })],
      (_, x, end, weight) => x.lerp(end, weight!),
      'torch.lerp(x0, x1, x2)',
    ),
    make(
      'lerp_',
      dtype,
      [
        { shape: [2, 3], dtype },
        { shape: [3], dtype },
      ],
      (_, x, end) => x.lerp_(end, 0.1),
      'x0.lerp_(x1, 0.1)',
    ),
    make(
      'lerp_',
      `${dtype} in a graph`,
      [leaf([2, 3], dtype), leaf([3], dtype)],
      (_, x, end) => x.clone().lerp_(end, 0.75),
      'x0.clone().lerp_(x1, 0.75)',
    ),
  ])
}

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch }
}

function exactly(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { ...make(op, name, inputs, run, torch), tolerance: exact }
}

export const cases: Case[] = [...generic, ...special(), ...floatPower(), ...floorDivide(), ...products(), ...lerp()]
