// Reductions, and softmax, which is one along a dimension. No dimensions, or an empty list of them, are all of them.
import type { DType } from '../../tensor/index.ts'
import { type Graph, product } from '../graph.ts'
import { type Num, numberOf, type Value, Varying } from '../merge.ts'
import { type Converters, wide } from './converter.ts'

/** The dimensions that are reduced, or null for all. */
function some(g: Graph, x: Value, dims: readonly Num[] | null): number[] | null {
  const all = dims === null || dims.length === 0 || x.shape.length === 0
  return all ? null : dims.map(dim => g.dim(dim, x.shape))
}

function reduced(g: Graph, op: string, x: Value, name: string, dims: readonly Num[] | null, keepdim: boolean): string {
  const axes = some(g, x, dims)
  return g.node(op, axes === null ? [name] : [name, g.integers(axes)], { keepdims: Number(keepdim) })
}

const over =
  (op: string) =>
  (g: Graph, out: Value, x: Value, dims: readonly Num[] | null = null, keepdim = false): string => {
    const dtype = wide(out.dtype)
    return g.cast(reduced(g, op, x, g.as(x, dtype), dims, keepdim), dtype, out.dtype)
  }

/** How many elements become one, less a correction. */
function count(g: Graph, x: Value, dims: readonly Num[] | null, correction: number): Num {
  const total = product(some(g, x, dims)?.map(dim => x.shape[dim]!) ?? x.shape)
  return total instanceof Varying ? numberOf(total.values.map(n => n - correction)) : total - correction
}

function variance(g: Graph, x: Value, dims: readonly Num[] | null, correction: Num, keepdim: boolean): string {
  const apart = g.node('Sub', [g.nameOf(x), reduced(g, 'ReduceMean', x, g.nameOf(x), dims, true)])
  const sum = reduced(g, 'ReduceSumSquare', x, apart, dims, keepdim)
  return g.node('Div', [sum, g.number(count(g, x, dims, g.fixed(correction)), x.dtype)])
}

const place =
  (op: string) =>
  (g: Graph, out: Value, x: Value, dim: Num | null, keepdim: boolean): string => {
    if (dim !== null) {
      if (x.shape.length > 0) return g.node(op, [g.nameOf(x)], { axis: g.fixed(dim), keepdims: Number(keepdim) })
      return g.integers(0)
    }
    const flat = g.node('Reshape', [g.nameOf(x), g.integers([-1])])
    const at = g.node(op, [flat], { axis: 0, keepdims: 0 })
    return keepdim ? g.node('Reshape', [at, g.sizes(out.shape)]) : at
  }

const extreme =
  (which: 'Max' | 'Min') =>
  (g: Graph, out: Value, x: Value, dim: Num, keepdim: boolean): string[] => [
    over(`Reduce${which}`)(g, out, x, [dim], keepdim),
    place(`Arg${which}`)(g, out, x, dim, keepdim),
  ]

const question =
  (op: string) =>
  (g: Graph, out: Value, x: Value, dims: readonly Num[] | null, keepdim: boolean): string =>
    g.cast(reduced(g, op, x, g.cast(g.as(x, 'bool'), 'bool', 'int32'), dims, keepdim), 'int32', out.dtype)

const along =
  (op: string) =>
  (g: Graph, out: Value, x: Value, dim: Num): string =>
    g.node(op, [g.as(x, out.dtype)], { axis: g.fixed(dim) })

/** x to a power, where the power is a number of its own. */
function power(g: Graph, x: string, exponent: number, dtype: DType): string {
  return g.node('Pow', [x, g.number(exponent, dtype)])
}

export const reduce: Converters = {
  sum: over('ReduceSum'),
  mean: over('ReduceMean'),
  prod: (g, out, x, dim, keepdim) => over('ReduceProd')(g, out, x, dim === null ? null : [dim], keepdim),
  cumsum: (g, out, x, dim) => g.node('CumSum', [g.as(x, out.dtype), g.integers(g.dim(dim, x.shape))]),
  max: over('ReduceMax'),
  min: over('ReduceMin'),
  amax: over('ReduceMax'),
  amin: over('ReduceMin'),
  maxDim: extreme('Max'),
  minDim: extreme('Min'),
  argmax: place('ArgMax'),
  argmin: place('ArgMin'),
  all: question('ReduceMin'),
  any: question('ReduceMax'),
  var: (g, _, x, dims, correction, keepdim) => variance(g, x, dims, correction, keepdim),
  std: (g, _, x, dims, correction, keepdim) => g.node('Sqrt', [variance(g, x, dims, correction, keepdim)]),
  norm(g, out, x, p, dims, keepdim) {
    const exponent = g.fixed(p)
    const name = g.as(x, out.dtype)
    const all = (op: string, of: string) => reduced(g, op, x, of, dims, keepdim)
    if (exponent === 1) return all('ReduceL1', name)
    if (exponent === 2) return all('ReduceL2', name)
    const size = g.node('Abs', [name])
    if (exponent === Number.POSITIVE_INFINITY) return all('ReduceMax', size)
    if (exponent === Number.NEGATIVE_INFINITY) return all('ReduceMin', size)
    if (exponent === 0) return all('ReduceSum', g.cast(g.cast(name, out.dtype, 'bool'), 'bool', out.dtype))
    return power(g, all('ReduceSum', power(g, size, exponent, out.dtype)), 1 / exponent, out.dtype)
  },
  softmax: along('Softmax'),
  logSoftmax: along('LogSoftmax'),
}
