// Tensors made from nothing. What surprises: JavaScript cannot tell 1 from 1.0, so `full` gives float32 for any number,
// where PyTorch gives int64 for an integer; `arange` counts, so it gives int64 for integers as PyTorch does.

import { type Case, dtypes, exact, lists, show, torchName } from '../../support/case.ts'

const shapes = [[], [5], [2, 3], [0], [2, 0, 3], [3, 1, 2]]

function full(): Case[] {
  const filled = dtypes.flatMap(dtype => [
    make('full', `zeros ${dtype}`, dt => dt.zeros([2, 3], { dtype }), `torch.zeros(2, 3, dtype=${torchName(dtype)})`),
    make('full', `ones ${dtype}`, dt => dt.ones([2, 3], { dtype }), `torch.ones(2, 3, dtype=${torchName(dtype)})`),
    make('full', `3 as ${dtype}`, dt => dt.full([4], 3, { dtype }), `torch.full((4,), 3, dtype=${torchName(dtype)})`),
  ])
  const shaped = shapes.map(shape =>
    make('full', `zeros ${show(shape)}`, dt => dt.zeros(shape), `torch.zeros(${show(shape)})`),
  )
  return [
    ...filled,
    ...shaped,
    make('full', 'infers float32', dt => dt.full([2], 1.5), 'torch.full((2,), 1.5)'),
    make('full', 'an integer gives float32 too', dt => dt.full([2], 7), 'torch.full((2,), 7.0)'),
    make('full', 'nan', dt => dt.full([2], Number.NaN), 'torch.full((2,), nan)'),
    make(
      'full',
      '65504 as float16',
      dt => dt.full([2], 65504, { dtype: 'float16' }),
      'torch.full((2,), 65504, dtype=torch.float16)',
    ),
    make(
      'full',
      'inf as float16',
      dt => dt.full([2], Infinity, { dtype: 'float16' }),
      'torch.full((2,), inf, dtype=torch.float16)',
    ),
    make(
      'full',
      '0.1 as bfloat16',
      dt => dt.full([2], 0.1, { dtype: 'bfloat16' }),
      'torch.full((2,), 0.1, dtype=torch.bfloat16)',
    ),
    make('full', '-inf', dt => dt.full([2], -Infinity), 'torch.full((2,), -inf)'),
    make(
      'full',
      '2.75 as int64',
      dt => dt.full([2], 2.75, { dtype: 'int64' }),
      'torch.full((2,), 2.75, dtype=torch.int64)',
    ),
    make(
      'full',
      '0.1 as float64',
      dt => dt.full([2], 0.1, { dtype: 'float64' }),
      'torch.full((2,), 0.1, dtype=torch.float64)',
    ),
  ]
}

function empty(): Case[] {
  return [
    make('empty', 'no elements', dt => dt.empty([0, 3]), 'torch.empty(0, 3)'),
    ...dtypes.map(dtype =>
      make(
        'empty',
        `${dtype} filled later`,
        dt => dt.empty([2, 2], { dtype }).fill_(4),
        `torch.empty(2, 2, dtype=${torchName(dtype)}).fill_(4)`,
      ),
    ),
  ]
}

function arange(): Case[] {
  const ranges: [string, number, number, number][] = [
    ['integers', 0, 5, 1],
    ['negative', -3, 4, 1],
    ['step 2', 1, 8, 2],
    ['step 2, end excluded', 1, 9, 2],
    ['down', 5, 0, -2],
    ['no elements', 2, 2, 1],
    ['fractions', 0, 1, 0.1],
    ['fractions, end not reached', 0.5, 2, 0.4],
    ['fractions down', 1, -1, -0.25],
  ]
  const inferred = ranges.map(([name, start, end, step]) =>
    make('arange', name, dt => dt.arange(start, end, step), `torch.arange(${start}, ${end}, ${step})`),
  )
  const typed = lists.numbers.map(dtype =>
    make('arange', dtype, dt => dt.arange(1, 8, 3, { dtype }), `torch.arange(1, 8, 3, dtype=${torchName(dtype)})`),
  )
  return [
    ...inferred,
    ...typed,
    ...(
      [
        ['int64', 0.5, 3.7, 1],
        ['int64', 1.5, 4, 1.5],
        ['int64', 5, 0, -1.5],
        ['uint8', 0.5, 3.7, 1],
        ['uint8', 0, 3, 0.5],
        ['uint8', 1.5, 7, 1.5],
        ['uint8', 5, 0, -2.5],
        ['uint8', -2, 2, 1],
        ['uint8', 254, 258, 1],
        ['int32', 0.5, 3.7, 1],
        ['int16', -2.5, 2, 1],
        ['int16', 1.5, 7, 1.5],
        ['int8', 5, 0, -2.5],
        ['int8', 124, 132, 1],
        ['float16', 0.1, 5, 0.3],
        ['float16', 2040, 2060, 1],
        ['bfloat16', 0.1, 5, 0.3],
        ['bfloat16', 250, 270, 1],
      ] as const
    ).map(([dtype, start, end, step]) =>
      make(
        'arange',
        `${dtype} from ${start} to ${end} by ${step}`,
        dt => dt.arange(start, end, step, { dtype }),
        `torch.arange(${start}, ${end}, ${step}, dtype=${torchName(dtype)})`,
      ),
    ),
    make('arange', 'end alone', dt => dt.arange(4), 'torch.arange(4)'),
    make('arange', 'fractional end alone', dt => dt.arange(2.5), 'torch.arange(2.5)'),
  ]
}

function spaced(): Case[] {
  const typed = lists.numbers.flatMap(dtype => [
    rounded(
      'linspace',
      dtype,
      dt => dt.linspace(1, 8, 5, { dtype }),
      `torch.linspace(1, 8, 5, dtype=${torchName(dtype)})`,
    ),
    rounded(
      'logspace',
      dtype,
      dt => dt.logspace(0, 2, 3, { base: 4, dtype }),
      `torch.logspace(0, 2, 3, base=4, dtype=${torchName(dtype)})`,
    ),
  ])
  return [
    ...typed,
    ...[0, 1, 2, 7, 100].map(steps =>
      rounded('linspace', `${steps} steps`, dt => dt.linspace(-0.1, 3.3, steps), `torch.linspace(-0.1, 3.3, ${steps})`),
    ),
    rounded('linspace', 'down', dt => dt.linspace(5, -5, 11), 'torch.linspace(5, -5, 11)'),
    rounded(
      'linspace',
      'down as int64',
      dt => dt.linspace(5, -5, 4, { dtype: 'int64' }),
      'torch.linspace(5, -5, 4, dtype=torch.int64)',
    ),
    // Integers cut the fractions of the ends off; halves are rounded at every step.
    ...(['int64', 'int16', 'float16', 'bfloat16'] as const).flatMap(dtype => [
      make(
        'linspace',
        `${dtype} from fractions`,
        dt => dt.linspace(-2.7, 99.9, 50, { dtype }),
        `torch.linspace(-2.7, 99.9, 50, dtype=${torchName(dtype)})`,
      ),
      make(
        'logspace',
        `${dtype} from fractions`,
        dt => dt.logspace(0.4, 3.7, 10, { base: 2, dtype }),
        `torch.logspace(0.4, 3.7, 10, base=2, dtype=${torchName(dtype)})`,
      ),
    ]),
    rounded(
      'linspace',
      'between tensors',
      dt => dt.linspace(dt.tensor(1.5), dt.tensor(4), 4),
      'torch.linspace(torch.tensor(1.5), torch.tensor(4.), 4)',
    ),
    rounded('logspace', 'base 10', dt => dt.logspace(-2, 3, 9), 'torch.logspace(-2, 3, 9)'),
    rounded('logspace', 'base 2', dt => dt.logspace(0, 10, 7, 2), 'torch.logspace(0, 10, 7, base=2)'),
    rounded('logspace', 'one step', dt => dt.logspace(2, 3, 1), 'torch.logspace(2, 3, 1)'),
  ]
}

function rounded(op: string, name: string, run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs: [], run, torch }
}

function make(op: string, name: string, run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs: [], run, torch, tolerance: exact }
}

export const cases: Case[] = [...full(), ...empty(), ...arange(), ...spaced()]
