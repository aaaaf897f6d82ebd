// What a call of a program is, and what several of them need.
import type { Dice } from '../support/dice.ts'
import type { Reference, Tape } from './reference.ts'

/** An argument: what is written, `{ v }` a variable, `{ at }` positions in a tensor. */
export type Argument =
  | number
  | string
  | boolean
  | null
  | { v: string }
  | { at: number[] }
  | { options: Record<string, number | boolean> }
  | Argument[]

export interface Statement {
  /** The name of the result; a change in place has none. */
  out: string | undefined
  /** The variable whose method is called, or a function of the package. */
  on: string | undefined
  call: string
  args: Argument[]
  /** Of several results, the one that is kept; `'values'` of a pair. */
  pick?: number | 'values'
}

/** What a program has while it is made or run. */
export type Variables = Map<string, Reference>

export interface Call {
  /** Arguments for x, or undefined where it cannot be called. Those of a function have x among them. */
  make(x: Reference, maker: Maker): Omit<Statement, 'out' | 'on' | 'call'> | undefined
  /** What it gives; a change in place gives x. */
  run(x: Reference, args: Known[], tape: Tape): Reference | Reference[]
  kind?: 'float64' | 'any'
  inPlace?: boolean
  isFunction?: boolean
}

/** An argument with variables in the place of their names. */
export type Known = number | string | boolean | null | Reference | Record<string, number | boolean> | Known[]

export interface Maker {
  dice: Dice
  nameOf(x: Reference): string
  /** A variable of which that holds. */
  find(holds: (x: Reference) => boolean): Reference | undefined
}

export const float = (x: Reference) => x.kind === 'float64'
export const within = (x: Reference, low: number, high: number) =>
  x.values().every(value => value >= low && value <= high)
export const dimOf = (dim: Known, ndim: number) => ((dim as number) + ndim) % ndim
export const args = (...given: Argument[]) => ({ args: given })

/** A dimension, counted from either end. */
export function dimension(x: Reference, { dice }: Maker): number | undefined {
  return x.ndim === 0 ? undefined : dice.integer(-x.ndim, x.ndim - 1)
}

export function selected(x: Reference, dim: number, at: number): Reference {
  const from = at < 0 ? at + x.shape[dim]! : at
  return x.view(x.shape.toSpliced(dim, 1), x.strides.toSpliced(dim, 1), x.offset + from * x.strides[dim]!)
}

export function permuted(x: Reference, order: readonly number[]): Reference {
  return x.view(
    order.map(dim => x.shape[dim]!),
    order.map(dim => x.strides[dim]!),
  )
}

/** The slices at positions of a dimension, as a new tensor. */
export function chosen(x: Reference, dim: number, at: readonly number[]): Reference {
  const order = [dim, ...[...x.shape.keys()].filter(i => i !== dim)]
  const front = permuted(x, order)
  const nodes = at.flatMap(position => selected(front, 0, position).nodes())
  const out = x.made([at.length, ...front.shape.slice(1)], nodes, x.kind)
  const back = permuted(
    out,
    x.shape.map((_, i) => order.indexOf(i)),
  )
  return x.made(back.shape, back.nodes(), x.kind)
}

export function positions(size: number, dice: Dice): number[] {
  return Array.from({ length: dice.integer(1, 3) }, () => dice.integer(0, size - 1))
}
