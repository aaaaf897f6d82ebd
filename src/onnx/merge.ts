// A graph for inputs of any size, out of traces for some sizes of each dimension that may vary. A number that is the
// same in all of them is fixed; any other depends on the sizes, and where it does so by a factor and a summand, the
// graph computes it. Three sizes each, since a line goes through any two points.
import { UnsupportedError } from '../errors.ts'
import type { Handle } from '../native/addon.ts'
import type { DType, Tensor } from '../tensor/index.ts'
import { type Computed, type Constant, type Described, type Layer, labelOf, type Trace } from './trace.ts'

/** A number that differs between traces: its value in each. */
export class Varying {
  readonly values: readonly number[]

  constructor(values: readonly number[]) {
    this.values = values
  }
}

/** A number of the traces. */
export type Num = number | Varying

/** A value of the graph. */
export interface Value {
  shape: readonly Num[]
  dtype: DType
  /** Its number among the values that are computed, or the constant itself. */
  source: number | MergedConstant
}

/** A constant whose elements are the same in all traces; or a single number, repeated, in another shape in each. */
export interface MergedConstant {
  name: string | null
  data: Tensor | Num
}

/** What was given to a function of the addon, with values in the place of handles. */
export type Given<T> = T extends Handle
  ? Value
  : T extends boolean | string | null
    ? T
    : T extends number
      ? Num
      : T extends readonly (infer E)[]
        ? readonly Given<E>[]
        : never

export interface MergedCall {
  op: string
  layer: Layer
  args: readonly unknown[]
  results: readonly Value[]
}

export interface Merged {
  inputs: readonly Value[]
  calls: readonly MergedCall[]
  outputs: readonly Value[]
}

/** @throws UnsupportedError where the model computes other things for other sizes */
export function merge(traces: readonly Trace[]): Merged {
  const values: Value[] = []
  const made = (all: readonly (readonly Described[])[], where: string) =>
    together(all, where).map(given => {
      const value = described(given, where, values.length)
      values.push(value)
      return value
    })
  const inputs = made(
    traces.map(trace => trace.inputs),
    'the inputs',
  )
  const [longest] = traces.map(trace => trace.calls).sort((a, b) => b.length - a.length) as [Trace['calls']]
  const calls = longest.map(({ op, layer }, i): MergedCall => {
    const where = labelOf(layer)
    const given = traces.flatMap(trace => trace.calls[i] ?? differ(where))
    if (given.some(call => call.op !== op)) differ(where)
    const args = mergedArgs(
      given.map(call => call.args),
      values,
      where,
    )
    const results = made(
      given.map(call => call.results),
      where,
    )
    return { op, layer, args: args as unknown[], results }
  })
  const outputs = mergedArgs(
    traces.map(trace => trace.outputs),
    values,
    'the outputs',
  )
  return { inputs, calls, outputs: outputs as Value[] }
}

/** The lists side by side: what stands first in each, then second, … */
function together<T>(lists: readonly (readonly T[])[], where: string): T[][] {
  if (lists.some(list => list.length !== lists[0]!.length)) differ(where)
  return lists[0]!.map((_, i) => lists.map(list => list[i]!))
}

function described(given: readonly Described[], where: string, source: Value['source']): Value {
  const { dtype } = given[0]!
  if (given.some(value => value.dtype !== dtype)) differ(where)
  const shapes = together(
    given.map(value => value.shape),
    where,
  )
  return { dtype, shape: shapes.map(numberOf), source }
}

export function numberOf(values: readonly number[]): Num {
  return values.every(value => Object.is(value, values[0])) ? values[0]! : new Varying(values)
}

function mergedArgs(given: readonly unknown[], values: readonly Value[], where: string): unknown {
  const [first] = given
  if (Array.isArray(first)) {
    if (!given.every(Array.isArray)) differ(where)
    return together(given as unknown[][], where).map(items => mergedArgs(items, values, where))
  }
  if (typeof first === 'number') {
    if (!given.every(value => typeof value === 'number')) differ(where)
    return numberOf(given as number[])
  }
  if (typeof first !== 'object' || first === null) {
    if (given.some(value => value !== first)) differ(where)
    return first
  }
  const { kind } = first as Computed | Constant
  if (given.some(value => (value as Computed | null)?.kind !== kind)) differ(where)
  if (kind === 'constant') return constant(given as Constant[], where)
  const { id } = first as Computed
  if (given.some(value => (value as Computed).id !== id)) differ(where)
  return values[id]
}

function constant(given: readonly Constant[], where: string): Value {
  const [{ name, data }] = given as [Constant]
  const value = described(given, where, 0)
  const isFixed = value.shape.every(size => typeof size === 'number')
  const elements = name === null ? given.map(it => it.data.to('float64').toTypedArray() as Float64Array) : []
  if (isFixed && elements.every(all => all.every((x, i) => Object.is(x, elements[0]![i])))) {
    return { ...value, source: { name, data } }
  }
  // Zeros in the shape of a batch, or its size.
  const fills = elements.map(all => all[0] ?? 0)
  if (!elements.every((all, i) => all.every(x => Object.is(x, fills[i])))) {
    throw new UnsupportedError(
      `exportOnnx: ${where}: the elements of a tensor that forward makes depend on the sizes of the inputs; compute them ` +
        'from the inputs',
    )
  }
  return { ...value, source: { name, data: numberOf(fills) } }
}

function differ(where: string): never {
  throw new UnsupportedError(
    `exportOnnx: ${where}: the model computes other things for inputs of other sizes; name the dimensions that vary in ` +
      'dynamicAxes, {} for none',
  )
}
