// What a case is. A case table (test/ops/cases/<family>.ts) is data: it names inputs by shape, says how dtrain and
// PyTorch compute the same thing, and never loads the library (`dt` is passed in), so PyTorch's answers can be
// regenerated before anything is built. Input values come from scripts/golden/ops.py, seeded by the case name: renaming
// a case changes them.

import type * as dtrain from '../../src/index.ts'

export type Dtrain = typeof dtrain
export type Tensor = dtrain.Tensor
export type DType = dtrain.DType

/**
 * How an input lies in memory; the elements in between hold poison (see layout.ts).
 * - transposed: allocated with the last two dims swapped, then transposed back
 * - sliced: allocated twice as long in the last dim, every second element taken
 * - expanded: allocated with size 1 in dim 0, then expanded
 * - offset: contiguous, but starting three elements into its storage
 */
export type Layout = 'contiguous' | 'transposed' | 'sliced' | 'expanded' | 'offset'

/** Where an input's values come from. 'distinct' values are at least 0.2 apart and 0.07 from 0: no kinks, no ties. */
export type Values = 'normal' | 'uniform' | 'positive' | 'distinct' | 'bool' | { integersBelow: number } | number[]

export interface Input {
  shape: number[]
  dtype?: DType
  values?: Values
  layout?: Layout
  /** Compare this input's gradient of sum(out * w), w fixed and pseudo-random. */
  grad?: boolean
}

/** Allowed |got - want| <= atol + rtol * |want|. */
export interface Tolerance {
  rtol: number
  atol: number
}

export interface Case {
  /** The addon function it covers, or the public one that is made of several (coverage.test.ts). */
  op: string
  /** Unique in its family. */
  name: string
  inputs: Input[]
  run: (dt: Dtrain, ...xs: Tensor[]) => Tensor | Tensor[]
  /** The same as a Python expression over x0, x1, …, torch, F, nan, inf. */
  torch: string
  /**
   * Where not a rounding of the forward values may differ; the others may be off by what rounding explains
   * (tolerance.ts).
   */
  tolerance?: typeof exact
  /**
   * Its algorithm mixes the elements of a matrix, so rounding of the largest reaches all: each may be off by what that
   * one may.
   */
  mixes?: boolean
  /** Why it runs on the CPU only: its values depend on the order of a sum, or no other device has it. */
  sequential?: string
  /** Why finite differences do not apply at these inputs: a tie, a kink, infinities. */
  kink?: string
}

/** Not a rounding may differ. */
export const exact: Tolerance = { rtol: 0, atol: 0 }

/** The dtypes that cases are made for. A new one is added here, and the golden files are made again. */
export const halves = ['float16', 'bfloat16'] as const
export const floats = ['float32', 'float64', ...halves] as const
export const ints = ['int64', 'uint8', 'int32', 'int16', 'int8'] as const
export const whole = [...ints, 'bool'] as const
export const dtypes = [...floats, ...whole] as const

/** Lists that a row of a table names. */
export const lists = {
  ...{ floats, ints, whole, numbers: [...floats, ...ints], all: dtypes },
  noHalves: ['float32', 'float64', ...whole],
} as const
/** The layouts other than contiguous, for inputs of two dims and more. */
export const layouts = ['transposed', 'sliced', 'expanded', 'offset'] as const

/** An input whose gradient is compared. */
export function leaf(shape: number[], dtype: DType, rest: Omit<Input, 'shape' | 'dtype' | 'grad'> = {}): Input {
  return { shape, dtype, grad: true, ...rest }
}

export function isFloat(dtype: DType): boolean {
  return dtype.includes('float')
}

export function isHalf(dtype: DType): boolean {
  return dtype === 'float16' || dtype === 'bfloat16'
}

/**
 * Of rows that are for every float, those that a dtype gets: float32 and float64 all, halves the first few. A half is
 * another way to load and to store what is computed in float32, and has the same loops over shapes and layouts.
 */
export function rowsOf<T>(dtype: DType, rows: readonly T[], few = 1): readonly T[] {
  return isHalf(dtype) ? rows.slice(0, few) : rows
}

/** [2, 3] as a person reads it. */
export function show(shape: number[]): string {
  return `[${shape.join(', ')}]`
}

/** 'int64' → 'torch.int64', for the Python side. */
export function torchName(dtype: DType): string {
  return `torch.${dtype}`
}

/** Two shapes from '[2, 3] x [3]'. */
export function shapePair(text: string): [number[], number[]] {
  const [a, b] = text.split(' x ').map(shape => JSON.parse(shape) as number[])
  return [a!, b!]
}
