// Generic rows of ops that do not look at elements: views, copies in another order, joins. One line of a table stands
// for a case in float32 and float64, and the first line of an op for one in each dtype.

import { type Case, type DType, exact, floats, type Input, isFloat, isHalf, leaf, whole } from './case.ts'

/** The shape of the input, or those of several. In `constant` rows there is no gradient. */
export type ShapeRow = [
  op: string,
  name: string,
  shapes: number[] | number[][],
  run: Case['run'],
  torch: string,
  kind?: 'constant',
]

/** `others`: the dtypes beside floats that PyTorch has. */
export function shapeRows(rows: readonly ShapeRow[], others: readonly DType[] = whole): Case[] {
  const first = new Map(rows.toReversed().map(row => [row[0], row]))
  return rows.flatMap(row => {
    const [op, name, shapes, run, torch, kind] = row
    const isFirst = row === first.get(op)
    const all = (Array.isArray(shapes[0]) ? shapes : [shapes]) as number[][]
    return [...floats.filter(dtype => !isHalf(dtype) || isFirst), ...(isFirst ? others : [])].map(dtype => {
      const input = (shape: number[]) => (kind || !isFloat(dtype) ? { shape, dtype } : leaf(shape, dtype))
      return shapeCase(op, `${name} ${dtype}`, all.map(input), run, torch)
    })
  })
}

/** A case that is compared to the last bit, unless it computes. */
export function shapeCase(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  const tolerance = /[*]|sum/.test(torch) ? undefined : exact
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance }
}
