// gather and scatter. What surprises: the index may be smaller than the tensor in every dim; a position that gather is
// given twice adds up its gradients.

import { type Case, dtypes, exact, floats, type Input, isFloat, layouts, rowsOf } from '../../support/case.ts'

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance: exact }
}

function index(shape: number[], values: number[], rest: Partial<Input> = {}): Input {
  return { shape, dtype: 'int64', values, ...rest }
}

const shapes: [string, number[], number, Input][] = [
  ['rows', [3, 2], 0, index([3, 2], [2, 0, 1, 1, 0, 2])],
  ['columns', [2, 4], 1, index([2, 2], [3, 0, 1, 2])],
  ['negative dim of three', [2, 3, 2], -2, index([2, 1, 2], [2, 0, 1, 1])],
  ['smaller in every dim', [3, 4, 2], 1, index([2, 2, 1], [3, 1, 0, 2])],
  ['nothing', [3, 2], 0, index([0, 2], [])],
  ['1-d', [5], 0, index([3], [4, 0, 2])],
]

const gathered: Case[] = [
  ...floats.flatMap(dtype =>
    rowsOf(dtype, shapes, 2).map(([name, shape, dim, at]) =>
      make(
        'gather',
        `${name} ${dtype}`,
        [{ shape, dtype, grad: true }, at],
        (_, x, i) => x!.gather(dim, i!),
        `x0.gather(${dim}, x1)`,
      ),
    ),
  ),
  ...dtypes
    .filter(dtype => !isFloat(dtype))
    .map(dtype =>
      make(
        'gather',
        dtype,
        [{ shape: [2, 3], dtype }, index([2, 2], [0, 2, 1, 1])],
        (_, x, i) => x!.gather(1, i!),
        'x0.gather(1, x1)',
      ),
    ),
  ...layouts.map(layout =>
    make(
      'gather',
      layout,
      [{ shape: [3, 4], dtype: 'float64', layout, grad: true }, index([3, 1], [3, 0, 3], { layout: 'offset' })],
      (_, x, i) => x!.gather(1, i!),
      'x0.gather(1, x1)',
    ),
  ),
  make(
    'gather',
    'a position twice',
    [{ shape: [2, 3], dtype: 'float64', grad: true }, index([2, 4], [1, 1, 0, 1, 2, 2, 2, 0])],
    (_, x, i) => x!.gather(1, i!),
    'x0.gather(1, x1)',
  ),
]

const scattered: Case[] = [
  ...floats.flatMap(dtype =>
    rowsOf(dtype, shapes, 2).map(([name, shape, dim, at]) =>
      make(
        'scatter',
        `${name} ${dtype}`,
        [{ shape, dtype, grad: true }, at, { shape: at.shape, dtype, grad: true }],
        (_, x, i, y) => x!.scatter(dim, i!, y!),
        `x0.scatter(${dim}, x1, x2)`,
      ),
    ),
  ),
  ...dtypes.flatMap(dtype => [
    make(
      'scatter',
      `${dtype} a number`,
      [{ shape: [2, 3], dtype, grad: isFloat(dtype) }, index([2, 1], [2, 0])],
      (_, x, i) => x!.scatter(1, i!, 1),
      'x0.scatter(1, x1, 1)',
    ),
    make(
      'scatter_',
      dtype,
      [{ shape: [2, 3], dtype }, index([2, 2], [2, 0, 1, 2]), { shape: [3, 2], dtype }],
      (_, x, i, y) => x!.scatter_(1, i!, y!),
      'x0.scatter_(1, x1, x2)',
    ),
  ]),
  ...layouts
    .filter(layout => layout !== 'expanded')
    .map(layout =>
      make(
        'scatter_',
        layout,
        [{ shape: [3, 4], layout }, index([2, 2], [3, 1, 0, 2]), { shape: [2, 2] }],
        (_, x, i, y) => [x!.scatter_(1, i!, y!), x!],
        '(x0.scatter_(1, x1, x2), x0)',
      ),
    ),
  make(
    'scatter_',
    'one-hot',
    [{ shape: [3, 4], values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }, index([3], [3, 0, 2])],
    (_, x, i) => x!.scatter_(1, i!.unsqueeze(1), 1),
    'x0.scatter_(1, x1.unsqueeze(1), 1)',
  ),
]

export const cases: Case[] = [...gathered, ...scattered]
