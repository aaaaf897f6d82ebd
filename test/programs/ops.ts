// The calls that programs are made of: for each, arguments that fit what a program has so far, and what it does to
// references. The calls are dtrain's, by name, so that a statement can be run, printed and pasted.
import {
  args,
  type Call,
  chosen,
  dimension,
  dimOf,
  float,
  type Known,
  type Maker,
  permuted,
  positions,
  selected,
  within,
} from './call.ts'
import { broadcastShape, product, Reference } from './reference.ts'
import { views } from './views.ts'

/** A method of one tensor and a dimension. */
function alongDim(
  run: (x: Reference, dim: number, keepdim: boolean) => Reference,
  fits: (x: Reference, dim: number) => boolean = () => true,
): Call {
  return {
    make: (x, maker) => {
      const dim = dimension(x, maker)
      if (dim === undefined || x.shape.includes(0) || !fits(x, dimOf(dim, x.ndim))) return undefined
      return args(dim, { options: { keepdim: maker.dice.chance(0.5) } })
    },
    run: (x, [dim, options]) => run(x, dimOf(dim!, x.ndim), Boolean((options as { keepdim?: boolean }).keepdim)),
  }
}

type Slopes = (x: number, y: number) => [number, number]

/** A method of two tensors, or of a tensor and a number, and its form in place. */
function ofTwo(
  name: string,
  f: (x: number, y: number) => number,
  slopes: Slopes,
  compares = false,
): Record<string, Call> {
  const other = (x: Reference, y: Known) =>
    typeof y === 'number' ? Reference.constants(x.tape, [], [y], 'float64') : (y as Reference)
  const find = (x: Reference, maker: Maker, inPlace: boolean) => {
    const number = !compares && maker.dice.chance(0.2)
    if (number) return args(maker.dice.pick([2, -0.5, 3]))
    const y = maker.find(y => {
      const shape = float(y) ? broadcastShape(x.shape, y.shape) : undefined
      return (
        shape !== undefined && product(shape) <= 64 && (!inPlace || (shape.join() === x.shape.join() && apart(x, y)))
      )
    })
    return y && (!compares || x.isComparable(y)) ? args({ v: maker.nameOf(y) }) : undefined
  }
  return {
    [name]: { make: (x, maker) => find(x, maker, false), run: (x, [y]) => x.zip(other(x, y!), f, slopes) },
    [`${name}_`]: {
      inPlace: true,
      make: (x, maker) => find(x, maker, true),
      run: (x, [y]) => x.write(x.zip(other(x, y!), f, slopes).nodes()),
    },
  }
}

/** A method of one tensor whose values are between two numbers, and its form in place. */
function ofOne(
  name: string,
  f: (x: number) => number,
  slope: (x: number) => number,
  low = -50,
  high = 50,
): Record<string, Call> {
  const make = (x: Reference) => (within(x, low, high) ? args() : undefined)
  return {
    [name]: { make, run: x => x.map(f, slope) },
    [`${name}_`]: { inPlace: true, make, run: x => x.write(x.map(f, slope).nodes()) },
  }
}

function comparison(f: (x: number, y: number) => boolean): Call {
  return {
    make: (x, maker) => {
      const y = maker.find(y => float(y) && broadcastShape(x.shape, y.shape)?.join() === x.shape.join())
      if (y === undefined) return undefined
      const isOfNumber = maker.dice.chance(0.5)
      if (!x.isComparable(isOfNumber ? Reference.constants(x.tape, [], [0.25], 'float64') : y)) return undefined
      return args(isOfNumber ? 0.25 : { v: maker.nameOf(y) })
    },
    run: (x, [y]) =>
      x.compare(y instanceof Reference ? y : Reference.constants(x.tape, [], [y as number], 'float64'), f),
  }
}

/** Whether a change of x leaves y alone: PyTorch refuses to read from the memory that it writes to. */
const apart = (x: Reference, y: Reference) => x.storage !== y.storage

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

export const calls: Record<string, Call> = {
  ...views,
  // new tensors
  clone: { kind: 'any', make: () => args(), run: x => x.computed(x.nodes(), [x], x.kind) },
  ...ofTwo(
    'add',
    (x, y) => x + y,
    () => [1, 1],
  ),
  ...ofTwo(
    'sub',
    (x, y) => x - y,
    () => [1, -1],
  ),
  ...ofTwo(
    'mul',
    (x, y) => x * y,
    (x, y) => [y, x],
  ),
  maximum: ofTwo('maximum', Math.max, (x, y) => (x === y ? [0.5, 0.5] : x > y ? [1, 0] : [0, 1]), true).maximum!,
  minimum: ofTwo('minimum', Math.min, (x, y) => (x === y ? [0.5, 0.5] : x < y ? [1, 0] : [0, 1]), true).minimum!,
  ...ofOne(
    'neg',
    x => -x,
    () => -1,
  ),
  ...ofOne('sin', Math.sin, Math.cos),
  ...ofOne('cos', Math.cos, x => -Math.sin(x)),
  ...ofOne('tanh', Math.tanh, x => 1 - Math.tanh(x) ** 2),
  ...ofOne('exp', Math.exp, Math.exp, -5, 2),
  ...ofOne('sqrt', Math.sqrt, x => 0.5 / Math.sqrt(x), 0.1, 50),
  ...ofOne('log', Math.log, x => 1 / x, 0.1, 50),
  ...ofOne(
    'square',
    x => x * x,
    x => 2 * x,
    -7,
    7,
  ),
  ...ofOne('sigmoid', sigmoid, x => sigmoid(x) * (1 - sigmoid(x))),
  ...ofOne(
    'relu',
    x => Math.max(x, 0),
    x => Number(x > 0),
  ),
  ...ofOne('abs', Math.abs, Math.sign),
  clamp: {
    make: () => args(-0.5, { options: { max: 0.75 } }),
    run: x =>
      x.map(
        v => Math.min(Math.max(v, -0.5), 0.75),
        v => Number(v >= -0.5 && v <= 0.75),
      ),
  },
  sum: alongDim((x, dim, keepdim) => x.reduce(dim, keepdim, line => x.sumOf(line))),
  mean: alongDim((x, dim, keepdim) => x.reduce(dim, keepdim, line => x.sumOf(line, 1 / line.length))),
  amax: alongDim(
    (x, dim, keepdim) =>
      x.reduce(dim, keepdim, line => {
        const values = line.map(node => x.tape.values[node]!)
        const most = Math.max(...values)
        const ties = values.filter(value => value === most).length
        return x.tape.node(
          most,
          line,
          values.map(value => (value === most ? 1 / ties : 0)),
        )
      }),
    (x, dim) => x.along(dim).lines.every(line => line.every(a => line.every(b => x.tape.isCertain(a, b)))),
  ),
  logsumexp: alongDim((x, dim, keepdim) =>
    x.reduce(dim, keepdim, line => {
      const values = line.map(node => x.tape.values[node]!)
      const most = Math.max(...values)
      const sum = values.reduce((all, value) => all + Math.exp(value - most), 0)
      return x.tape.node(
        most + Math.log(sum),
        line,
        values.map(value => Math.exp(value - most) / sum),
      )
    }),
  ),
  cumsum: {
    make: (x, maker) => (x.ndim === 0 ? undefined : args(dimension(x, maker)!)),
    run: (x, [dim]) => {
      const at = dimOf(dim!, x.ndim)
      const order = [...x.shape.keys()].filter(i => i !== at)
      const { lines } = x.along(at)
      const out = x.made(
        [...order.map(i => x.shape[i]!), x.shape[at]!],
        lines.flatMap(line => line.map((_, i) => x.sumOf(line.slice(0, i + 1)))),
      )
      const back = permuted(
        out,
        x.shape.map((_, i) => (i === at ? x.ndim - 1 : order.indexOf(i))),
      )
      return x.made(x.shape, back.nodes())
    },
  },
  matmul: {
    make: (x, maker) => {
      const y = x.ndim === 2 ? maker.find(y => float(y) && y.ndim === 2 && y.shape[0] === x.shape[1]) : undefined
      return y && args({ v: maker.nameOf(y) })
    },
    run: (x, [y], tape) => {
      const other = y as Reference
      const [n, k, columns] = [...x.shape, other.shape[1]!] as [number, number, number]
      const [a, b] = [x.nodes(), other.nodes()]
      const nodes = Array.from({ length: n * columns }, (_, i) => {
        const row = a.slice(Math.floor(i / columns) * k, (Math.floor(i / columns) + 1) * k)
        const column = Array.from({ length: k }, (_, j) => b[j * columns + (i % columns)]!)
        const [v, w] = [row, column].map(nodes => nodes.map(node => tape.values[node]!)) as [number[], number[]]
        return tape.node(
          v.reduce((sum, value, j) => sum + value * w[j]!, 0),
          [...row, ...column],
          [...w, ...v],
        )
      })
      return x.made([n, columns], nodes)
    },
  },
  gt: comparison((x, y) => x > y),
  le: comparison((x, y) => x <= y),
  where: {
    make: (x, maker) => {
      const mask = maker.find(it => it.kind === 'bool' && broadcastShape(it.shape, x.shape)?.join() === x.shape.join())
      const y = maker.find(it => float(it) && broadcastShape(it.shape, x.shape)?.join() === x.shape.join())
      return mask && y && args({ v: maker.nameOf(mask) }, { v: maker.nameOf(y) })
    },
    run: (x, [mask, y]) => {
      const [is, other] = [mask, y].map(it => (it as Reference).expand(x.shape)) as [Reference, Reference]
      const [keep, others] = [is.values(), other.nodes()]
      const nodes = x.nodes().map((node, i) => (keep[i] ? node : others[i]!))
      return x.computed(nodes, [is, x, other])
    },
  },
  maskedFill: {
    make: masked,
    run: (x, [mask, value]) => x.made(x.shape, filled(x, mask as Reference, value as number)),
  },
  indexSelect: {
    make: (x, maker) => {
      const dim = dimension(x, maker)
      if (dim === undefined || x.shape.at(dim) === 0) return undefined
      return args(dim, { at: positions(x.shape.at(dim)!, maker.dice) })
    },
    run: (x, [dim, at]) => chosen(x, dimOf(dim!, x.ndim), (at as Reference).values()),
  },
  cat: { isFunction: true, make: joined, run: (x, [xs]) => concatenated(x, xs as Reference[]) },
  stack: {
    isFunction: true,
    make: joined,
    run: (x, [xs]) =>
      concatenated(
        x,
        (xs as Reference[]).map(y => y.view([1, ...y.shape], [0, ...y.strides])),
      ),
  },
  // in place
  zero_: { inPlace: true, make: () => args(), run: x => x.write(x.nodes().map(() => x.tape.node(0))) },
  fill_: { inPlace: true, make: () => args(0.5), run: x => x.write(x.nodes().map(() => x.tape.node(0.5))) },
  copy_: {
    inPlace: true,
    make: (x, maker) => {
      const y = maker.find(y => float(y) && apart(x, y) && broadcastShape(x.shape, y.shape)?.join() === x.shape.join())
      return y && args({ v: maker.nameOf(y) })
    },
    run: (x, [y]) => x.write((y as Reference).expand(x.shape).nodes()),
  },
  maskedFill_: {
    inPlace: true,
    make: masked,
    run: (x, [mask, value]) => x.write(filled(x, mask as Reference, value as number)),
  },
  indexPut_: {
    inPlace: true,
    make: (x, maker) => {
      if (x.ndim === 0 || x.shape[0] === 0) return undefined
      const at = positions(x.shape[0]!, maker.dice)
      const rest = [at.length, ...x.shape.slice(1)]
      const values = maker.find(y => float(y) && apart(x, y) && broadcastShape(rest, y.shape)?.join() === rest.join())
      const accumulate = new Set(at).size < at.length || maker.dice.chance(0.5)
      return values && args([{ at }], { v: maker.nameOf(values) }, { options: { accumulate } })
    },
    run: (x, [indices, values, options]) => {
      const places = (indices as [Reference])[0].values()
      const put = (values as Reference).expand([places.length, ...x.shape.slice(1)])
      const { accumulate } = options as { accumulate: boolean }
      for (const [i, place] of places.entries()) {
        const [row, source] = [selected(x, 0, place), selected(put, 0, i).nodes()]
        row.write(accumulate ? row.nodes().map((node, j) => x.sumOf([node, source[j]!])) : source)
      }
      return x
    },
  },
}

function masked(x: Reference, maker: Maker) {
  const mask = maker.find(it => it.kind === 'bool' && broadcastShape(it.shape, x.shape)?.join() === x.shape.join())
  return mask && args({ v: maker.nameOf(mask) }, 0.5)
}

function filled(x: Reference, mask: Reference, value: number): number[] {
  const is = mask.expand(x.shape).values()
  return x.nodes().map((node, i) => (is[i] ? x.tape.node(value) : node))
}

function joined(x: Reference, maker: Maker) {
  if (x.ndim === 0) return undefined
  const y = maker.find(y => float(y) && y.shape.join() === x.shape.join())!
  return args([{ v: maker.nameOf(x) }, { v: maker.nameOf(y) }])
}

function concatenated(x: Reference, xs: readonly Reference[]): Reference {
  const rows = xs.reduce((sum, { shape }) => sum + shape[0]!, 0)
  return x.made(
    [rows, ...xs[0]!.shape.slice(1)],
    xs.flatMap(each => each.nodes()),
  )
}
