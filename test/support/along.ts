// A generic row for ops along one dimension, whose results are a tensor or values with their places: in each dtype of
// its list shapes, dims, layouts, 0-d, no elements and, where nothing is rounded, special values.

import {
  type Case,
  type DType,
  exact,
  type Input,
  isFloat,
  isHalf,
  type Layout,
  layouts,
  leaf,
  lists,
  show,
  type Tensor,
  type Values,
} from './case.ts'

export interface AlongRow {
  /** The addon's function. */
  op: string
  dtypes: keyof typeof lists
  run: (x: Tensor, dim: number) => Tensor | { values: Tensor; indices: Tensor }
  torch: (dim: number) => string
  /** Where the values of floats come from. */
  domain?: Values
  /** Not compared to the last bit. */
  rounds?: boolean
  /** Equal elements have no order in PyTorch: integers are all different. */
  distinct?: boolean
  /** Has no gradient. */
  constant?: boolean
  /** Refuses dims without elements. */
  needsElements?: boolean
  /** Stands for all ops of its kernel. */
  path?: boolean
}

/** Fifteen integers that every dtype but bool has. */
const different = [7, 3, 11, 0, 14, 5, 9, 1, 12, 6, 2, 13, 8, 4, 10]

export function along(row: AlongRow): Case[] {
  const { op, domain } = row
  const make = (name: string, input: Input, dim: number): Case => ({
    ...{ op, name: `${op}: ${name}`, inputs: [input], torch: row.torch(dim) },
    run: (_, x) => {
      const result = row.run(x!, dim)
      return 'values' in result && 'indices' in result
        ? [result.values as Tensor, result.indices as Tensor]
        : (result as Tensor)
    },
    tolerance: row.rounds && isFloat(input.dtype ?? 'float32') ? undefined : exact,
  })
  const float = (shape: number[], dtype: DType, layout?: Layout): Input =>
    row.constant ? { shape, dtype, values: domain, layout } : leaf(shape, dtype, { values: domain, layout })
  return lists[row.dtypes].flatMap(dtype => {
    if (dtype === 'bool' && row.distinct) return make(dtype, { shape: [1, 2], dtype, values: [1, 0] }, 1)
    if (!isFloat(dtype)) {
      const values = row.distinct ? different : undefined
      return [0, 1].map(dim => make(`${dtype} dim ${dim}`, { shape: [5, 3], dtype, values }, dim))
    }
    if (isHalf(dtype)) return [make(`${dtype} dim 0`, float([5, 3], dtype), 0)]
    return [
      make(`${dtype} [7]`, float([7], dtype), 0),
      ...[0, 1, -1].map(dim => make(`${dtype} dim ${dim}`, float([3, 5, 2], dtype), dim)),
      make(`${dtype} 0-d`, float([], dtype), -1),
      make(`${dtype} beside no elements`, float([3, 0], dtype), 0),
      ...(row.needsElements ? [] : [make(`${dtype} no elements`, float([3, 0], dtype), 1)]),
      ...(row.path ? [[40], [1100], [3, 40]] : [[40]]).map(shape => ({
        ...make(`${dtype} ${show(shape)}`, float(shape, dtype), -1),
        ...(shape[0]! > 1000 && { kink: 'a sum of so many elements is too rough for differences' }),
      })),
      ...(row.path ? layouts : (['sliced'] as const)).map(layout =>
        make(`${dtype} ${layout}`, float([5, 7], dtype, layout), layout === 'expanded' ? 1 : 0),
      ),
      ...(row.rounds
        ? []
        : [
            make(
              `${dtype} special values`,
              { shape: [7], dtype, values: [1, Number.NaN, -Infinity, -0, Infinity, -1, 1e-30] },
              0,
            ),
          ]),
    ]
  })
}
