// Shapes, copies and joins. The sizes of a result are what the traces had; where they vary, a reshape copies them from
// its input, or leaves one to be worked out, and only what is left is computed.
import { type Graph, sameSize } from '../graph.ts'
import { type Num, type Value, Varying } from '../merge.ts'
import type { Converters } from './converter.ts'

/** The same elements in the shape of the result. */
function reshaped(g: Graph, out: Value, x: Value): string {
  const name = g.nameOf(x)
  const { shape } = out
  if (shape.length === x.shape.length && shape.every((size, i) => sameSize(size, x.shape[i]!))) return name
  const isEmpty = shape.includes(0)
  let left = true
  const sizes = shape.map((size, i): Num => {
    if (!(size instanceof Varying)) return size
    if (!isEmpty && i < x.shape.length && sameSize(size, x.shape[i]!)) return 0 // as in the input
    if (isEmpty || !left) return size
    left = false
    return -1 // worked out
  })
  return g.node('Reshape', [name, g.sizes(sizes)], isEmpty ? { allowzero: 1 } : {})
}

function permuted(g: Graph, x: Value, order: readonly number[]): string {
  return g.node('Transpose', [g.nameOf(x)], { perm: order })
}

function swapped(g: Graph, x: Value, a: number, b: number): string {
  const order = x.shape.map((_, i) => (i === a ? b : i === b ? a : i))
  return order.length < 2 ? g.nameOf(x) : permuted(g, x, order)
}

/** The result broadcasts to its shape. */
function expanded(g: Graph, out: Value, name: string, from: readonly Num[]): string {
  const added = out.shape.length - from.length
  if (added === 0 && out.shape.every((size, i) => sameSize(size, from[i]!))) return name
  const sizes = out.shape.map((size, i) => (i >= added && sameSize(size, from[i - added]!) ? 1 : size))
  return g.node('Expand', [name, g.sizes(sizes)])
}

/** The same value under another handle. */
const itself = (g: Graph, out: Value, x: Value) => g.as(x, out.dtype)

/** Parts of a dimension that does not vary. */
function parted(g: Graph, x: Value, dim: Num, lengths: (n: number) => readonly number[]): string[] {
  const at = g.dim(dim, x.shape)
  let end = 0
  return lengths(g.fixed(x.shape[at]!)).map(length => {
    const start = end
    end += length
    return g.node('Slice', [g.nameOf(x), g.integers([start]), g.integers([end]), g.integers([at])])
  })
}

/** Lengths of `size` that sum up to n, the last one smaller. */
const equal = (n: number, size: number) =>
  Array.from({ length: Math.ceil(n / size) }, (_, i) => Math.min(size, n - i * size))

export const view: Converters = {
  view: reshaped,
  reshape: reshaped,
  flatten: reshaped,
  squeeze: reshaped,
  unsqueeze: reshaped,
  permute: (g, _, x, dims) =>
    permuted(
      g,
      x,
      dims.map(dim => g.dim(dim, x.shape)),
    ),
  transpose: (g, _, x, dim0, dim1) => swapped(g, x, g.dim(dim0, x.shape), g.dim(dim1, x.shape)),
  t: (g, _, x) => swapped(g, x, 0, 1),
  expand: (g, out, x) => expanded(g, out, g.nameOf(x), x.shape),
  slice(g, _, x, dim, start, end, step) {
    const at = g.dim(dim, x.shape)
    const last = sameSize(end, x.shape[at]!) ? Number.MAX_SAFE_INTEGER : end // however long it is
    return g.node('Slice', [
      g.nameOf(x),
      g.sizes([start]),
      g.sizes([last]),
      g.integers([at]),
      g.integers([g.fixed(step)]),
    ])
  },
  chunk: (g, _, x, chunks, dim) => parted(g, x, dim, n => equal(n, Math.ceil(n / g.fixed(chunks)))),
  split: (g, _, x, size, dim) => parted(g, x, dim, n => equal(n, g.fixed(size))),
  splitWithSizes: (g, _, x, sizes, dim) => parted(g, x, dim, () => sizes.map(size => g.fixed(size))),
  select(g, _, x, dim, index) {
    const at = index instanceof Varying ? g.number(index, 'int64') : g.integers(index)
    return g.node('Gather', [g.nameOf(x), at], { axis: g.dim(dim, x.shape) })
  },
  detach: itself,
  clone: itself,
  contiguous: itself,
  cast: itself,
  to: itself,
  copy_: (g, out, _, source) => expanded(g, out, g.as(source, out.dtype), source.shape),
  fill_: (g, out, _, value) => expanded(g, out, g.number(value, out.dtype), []),
  zero_: (g, out) => expanded(g, out, g.number(0, out.dtype), []),
  cat(g, out, xs, dim) {
    // An empty tensor of one dimension may stand beside any others.
    const parts = xs.filter(x => x.shape.length === out.shape.length)
    return g.node(
      'Concat',
      parts.map(x => g.as(x, out.dtype)),
      { axis: g.dim(dim, out.shape) },
    )
  },
}
