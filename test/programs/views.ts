// Views of a tensor, and indexing.
import {
  type Argument,
  args,
  type Call,
  chosen,
  dimension,
  dimOf,
  type Known,
  type Maker,
  permuted,
  positions,
  selected,
} from './call.ts'
import { product, Reference } from './reference.ts'

export const views: Record<string, Call> = {
  narrow: {
    kind: 'any',
    make: (x, maker) => {
      const dim = dimension(x, maker)
      if (dim === undefined) return undefined
      const size = x.shape.at(dim)!
      const start = maker.dice.integer(0, size)
      return args(dim, start, maker.dice.integer(0, size - start))
    },
    run: (x, [dim, start, length]) => {
      const at = dimOf(dim!, x.ndim)
      const shape = x.shape.map((size, i) => (i === at ? (length as number) : size))
      return x.view(shape, x.strides, x.offset + (start as number) * x.strides[at]!)
    },
  },
  select: {
    kind: 'any',
    make: (x, maker) => {
      const dim = dimension(x, maker)
      if (dim === undefined || x.shape.at(dim) === 0) return undefined
      return args(dim, maker.dice.integer(-x.shape.at(dim)!, x.shape.at(dim)! - 1))
    },
    run: (x, [dim, at]) => selected(x, dimOf(dim!, x.ndim), at as number),
  },
  unbind: {
    make: (x, maker) => {
      const dim = dimension(x, maker)
      if (dim === undefined || x.shape.at(dim) === 0) return undefined
      return { args: [dim], pick: maker.dice.integer(0, x.shape.at(dim)! - 1) }
    },
    run: (x, [dim]) => {
      const at = dimOf(dim!, x.ndim)
      return Array.from({ length: x.shape[at]! }, (_, i) => selected(x, at, i))
    },
  },
  permute: {
    kind: 'any',
    make: (x, { dice }) => {
      const order = x.shape.map((_, dim) => dim)
      for (let i = order.length - 1; i > 0; i--) {
        const j = dice.integer(0, i)
        ;[order[i], order[j]] = [order[j]!, order[i]!]
      }
      return args(order)
    },
    run: (x, [order]) => permuted(x, order as number[]),
  },
  transpose: {
    kind: 'any',
    make: (x, maker) => (x.ndim === 0 ? undefined : args(dimension(x, maker)!, dimension(x, maker)!)),
    run: (x, [a, b]) => {
      const order = x.shape.map((_, dim) => dim)
      const [i, j] = [dimOf(a!, x.ndim), dimOf(b!, x.ndim)]
      ;[order[i], order[j]] = [order[j]!, order[i]!]
      return permuted(x, order)
    },
  },
  expand: {
    make: (x, { dice }) => {
      const shape = [
        ...(dice.chance(0.5) ? [dice.integer(1, 3)] : []),
        ...x.shape.map(size => (size === 1 ? dice.integer(1, 3) : size)),
      ]
      return product(shape) <= 64 ? args(shape) : undefined
    },
    run: (x, [shape]) => x.expand(shape as number[]),
  },
  reshape: { kind: 'any', make: reshaped, run: (x, [shape]) => x.reshape(shape as number[]) },
  flatten: { make: () => args(), run: x => x.reshape([product(x.shape)]) },
  unsqueeze: {
    kind: 'any',
    make: (x, { dice }) => (x.ndim < 4 ? args(dice.integer(-x.ndim - 1, x.ndim)) : undefined),
    run: (x, [dim]) => {
      const at = dimOf(dim!, x.ndim + 1)
      return x.view(x.shape.toSpliced(at, 0, 1), x.strides.toSpliced(at, 0, (x.shape[at] ?? 1) * (x.strides[at] ?? 1)))
    },
  },
  squeeze: {
    kind: 'any',
    make: (x, maker) => (x.ndim === 0 ? undefined : args(dimension(x, maker)!)),
    run: (x, [dim]) => {
      const at = dimOf(dim!, x.ndim)
      return x.shape[at] === 1
        ? x.view(x.shape.toSpliced(at, 1), x.strides.toSpliced(at, 1))
        : x.view(x.shape, x.strides)
    },
  },
  diagonal: {
    make: (x, { dice }) => (x.ndim === 2 ? args(dice.integer(-1, 1)) : undefined),
    run: (x, [offset]) => {
      const [n, [rows, columns], [down, right]] = [
        offset as number,
        x.shape as [number, number],
        x.strides as [number, number],
      ]
      const length = Math.max(0, n >= 0 ? Math.min(rows, columns - n) : Math.min(rows + n, columns))
      const start = length === 0 ? x.offset : x.offset + (n >= 0 ? n * right : -n * down)
      return x.view([length], [down + right], start)
    },
  },
  index: { kind: 'any', make: indices, run: indexed },
}

function reshaped(x: Reference, { dice }: Maker) {
  const n = product(x.shape)
  if (n === 0) return undefined
  const shape: number[] = []
  for (let left = n; left > 1 && shape.length < 3; ) {
    const factor = dice.pick([...Array(left).keys()].map(i => i + 1).filter(size => left % size === 0))
    shape.push(factor)
    left /= factor
  }
  const last = n / product(shape)
  return args(last === 1 && dice.chance(0.5) ? shape : [...shape, last])
}

/** Indices for some dimensions: integers, slices, null, '...' and positions for one of them, or a mask for all. */
function indices(x: Reference, maker: Maker) {
  const { dice } = maker
  const mask =
    dice.chance(0.15) && maker.find(it => it.kind === 'bool' && it.shape.join() === x.shape.join() && it.ndim > 0)
  if (mask) return args({ v: maker.nameOf(mask) })
  const made: Argument[] = []
  let tensors = 0
  for (const size of x.shape) {
    if (dice.chance(0.15)) {
      made.push('...')
      break
    }
    if (dice.chance(0.15)) made.push(null)
    if (size > 0 && dice.chance(0.25)) made.push(dice.integer(-size, size - 1))
    else if (size > 0 && tensors === 0 && dice.chance(0.2)) {
      tensors++
      made.push({ at: positions(size, dice) })
    } else
      made.push(
        `${dice.pick(['', dice.integer(-size, size)])}:${dice.pick(['', dice.integer(-size, size)])}${dice.pick(['', ':2', ':1'])}`,
      )
  }
  return args(...made)
}

function indexed(x: Reference, given: Known[]): Reference {
  const [first] = given
  if (first instanceof Reference && first.kind === 'bool') {
    const [is, nodes] = [first.values(), x.nodes()]
    const kept = nodes.filter((_, i) => is[i])
    return x.made([kept.length], kept, x.kind)
  }
  let view = x.view(x.shape, x.strides)
  let dim = 0
  let picked: [number, number[]] | undefined
  for (const at of given) {
    if (at === '...') break
    if (at === null) view = view.view(view.shape.toSpliced(dim, 0, 1), view.strides.toSpliced(dim++, 0, 0))
    else if (typeof at === 'number') view = selected(view, dim, at)
    else if (typeof at === 'string') view = sliced(view, dim++, at)
    else picked = [dim++, (at as Reference).values()]
  }
  return picked === undefined ? view : chosen(view, ...picked)
}

function sliced(x: Reference, dim: number, text: string): Reference {
  const size = x.shape[dim]!
  const [from, to, by] = text.split(':')
  const bound = (part: string, otherwise: number) => {
    const value = part === '' ? otherwise : Number(part)
    return Math.min(Math.max(value < 0 ? value + size : value, 0), size)
  }
  const [start, step] = [bound(from!, 0), Number(by ?? 1)]
  const length = Math.ceil(Math.max(bound(to!, size) - start, 0) / step)
  const shape = x.shape.with(dim, length)
  return x.view(shape, x.strides.with(dim, x.strides[dim]! * step), x.offset + start * x.strides[dim]!)
}
