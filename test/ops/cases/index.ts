// indexSelect. What surprises: an index that is repeated adds up its gradients.

import { type Case, exact, floats, type Input, layouts, leaf, rowsOf, whole } from '../../support/case.ts'

function indexSelect(): Case[] {
  const index = (values: number[]): Input => ({ shape: [values.length], dtype: 'int64', values })
  const pick: [string, number[], number, number[]][] = [
    ['rows', [5, 3], 0, [4, 0, 2]],
    ['repeated rows add their gradients', [5, 3], 0, [1, 1, 3, 1]],
    ['columns', [3, 5], 1, [0, 4]],
    ['negative dim', [2, 3, 5], -2, [2, 1]],
    ['no rows', [5, 3], 0, []],
    ['1-d', [7], 0, [6, 6, 0]],
  ]
  const picked = floats.flatMap(dtype =>
    rowsOf(dtype, pick, 2).map(([name, shape, dim, at]) =>
      make(
        'indexSelect',
        `${name} ${dtype}`,
        [leaf(shape, dtype), index(at)],
        (_, x, i) => x.indexSelect(dim, i),
        `x0.index_select(${dim}, x1)`,
      ),
    ),
  )
  const strided = layouts.map(layout =>
    make(
      'indexSelect',
      layout,
      [leaf([5, 7], 'float64', { layout }), index([6, 0, 3, 0])],
      (_, x, i) => x.indexSelect(1, i),
      'x0.index_select(1, x1)',
    ),
  )
  return [
    ...picked,
    ...strided,
    ...whole.map(dtype =>
      make(
        'indexSelect',
        dtype,
        [{ shape: [4, 2], dtype }, index([3, 1])],
        (_, x, i) => x.indexSelect(0, i),
        'x0.index_select(0, x1)',
      ),
    ),
    make(
      'indexSelect',
      'a strided index',
      [leaf([5, 2], 'float64'), { shape: [3], dtype: 'int64', values: [4, 1, 0], layout: 'sliced' }],
      (_, x, i) => x.indexSelect(0, i),
      'x0.index_select(0, x1)',
    ),
  ]
}

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance: exact }
}

export const cases: Case[] = indexSelect()
