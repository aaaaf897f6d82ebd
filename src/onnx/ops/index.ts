// Choosing elements: by position, by a mask, between bounds, of a triangle. Where a mask says how many elements there
// are, no size that follows would be known, so that is left out.
import { type Graph, isValue, type Operand } from '../graph.ts'
import type { Num, Value } from '../merge.ts'
import { type Converters, wide } from './converter.ts'

/** x between bounds, each a number, a tensor or null. */
function between(g: Graph, { dtype }: Value, x: Value, low: Operand | null, high: Operand | null): string {
  const inner = wide(dtype)
  const above = low === null ? g.as(x, inner) : g.node('Max', [g.as(x, inner), g.as(low, inner)])
  const name = high === null ? above : g.node('Min', [above, g.as(high, inner)])
  return g.cast(name, inner, dtype)
}

const triangle =
  (upper: number) =>
  (g: Graph, _: Value, x: Value, diagonal: Num): string =>
    g.node('Trilu', [g.nameOf(x), g.number(diagonal, 'int64')], { upper })

/** `merge`: null writes. */
function scattered(
  g: Graph,
  out: Value,
  x: Value,
  dim: Num,
  index: Value,
  source: Operand,
  merge: 'add' | 'multiply' | null,
): string {
  const [values, sizes] = [g.as(source, out.dtype), g.node('Shape', [g.nameOf(index)])]
  // Of a larger source the first elements are taken.
  const fitted = isValue(source)
    ? g.node('Slice', [values, g.integers(x.shape.map(() => 0)), sizes])
    : g.node('Expand', [values, sizes])
  return g.node('ScatterElements', [g.nameOf(x), g.nameOf(index), fitted], {
    axis: g.dim(dim, x.shape),
    reduction: merge === null ? 'none' : merge === 'add' ? 'add' : 'mul',
  })
}

export const index: Converters = {
  where: (g, out, condition, x, y) =>
    g.node('Where', [g.as(condition, 'bool'), g.as(x, out.dtype), g.as(y, out.dtype)]),
  maskedFill: (g, out, x, mask, value) =>
    g.node('Where', [g.as(mask, 'bool'), g.as(value, out.dtype), g.as(x, out.dtype)]),
  clamp: between,
  hardtanh: between,
  tril: triangle(0),
  triu: triangle(1),
  indexSelect: (g, _, x, dim, at) => g.node('Gather', [g.nameOf(x), g.nameOf(at)], { axis: g.dim(dim, x.shape) }),
  embedding: (g, _, table, at) => g.node('Gather', [g.nameOf(table), g.nameOf(at)], { axis: 0 }),
  gather: (g, _, x, dim, at) => g.node('GatherElements', [g.nameOf(x), g.nameOf(at)], { axis: g.dim(dim, x.shape) }),
  scatter: scattered,
  scatterAdd: (g, out, x, dim, index, source) => scattered(g, out, x, dim, index, source, 'add'),
  index(g, _, x, at) {
    const chosen = at.flatMap((indices, dim) => (indices === null ? [] : [{ indices, dim }]))
    if (chosen.some(({ indices }) => indices.dtype === 'bool' || indices.dtype === 'uint8')) {
      g.fail('index by a mask makes a tensor whose size is not known; use where or maskedFill')
    }
    const [first] = chosen
    if (first !== undefined && chosen.length === 1) {
      return g.node('Gather', [g.nameOf(x), g.as(first.indices, 'int64')], { axis: first.dim })
    }
    const rank = Math.max(...chosen.map(({ indices }) => indices.shape.length))
    const same = chosen.every(({ indices }, i) => i === chosen[i]!.dim && indices.shape.length === rank)
    if (!same) g.fail('index by several tensors must begin with the first dimension, all of one shape')
    const rows = chosen.map(({ indices }) => g.node('Unsqueeze', [g.as(indices, 'int64'), g.integers([-1])]))
    return g.node('GatherND', [g.nameOf(x), g.node('Concat', rows, { axis: -1 })])
  },
}
