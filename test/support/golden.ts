// Reads golden files and compares tensors with them. JSON holds no NaN, infinities, -0 or integers beyond 2^53: these
// are strings in the file.

import { readFileSync } from 'node:fs'
import { type Case, type DType, exact, type Tensor, type Tolerance } from './case.ts'
import { roundingBound } from './tolerance.ts'

export type Element = number | string

/** A tensor as golden files hold it, elements in row-major order. */
export interface Stored {
  dtype: DType
  shape: number[]
  data: Element[]
  /**
   * Unless it is compared to the last bit: the most terms that an element is a sum of, and their absolute values added
   * up.
   */
  terms?: number
  sizes?: number[]
  /** The half that a gradient of another dtype was rounded to on its way. */
  through?: DType
}

/** PyTorch's answer to one case. */
export interface Answer {
  /** Elements of each input; of one slice along dim 0 for an expanded input. */
  inputs: Element[][]
  outputs: Stored[]
  /** The w of sum(out * w), one for each differentiable output. */
  seeds?: Element[][]
  /** Gradients of the inputs with `grad`, in order. */
  gradients?: Stored[]
}

interface Golden<T> {
  /** The version of PyTorch. */
  torch: string
  entries: Record<string, T>
  /** In the files of op cases: what PyTorch says to an op of a dtype that it does not have, by op and dtype. */
  refused?: Record<string, Partial<Record<DType, string>>>
}

/** Reads test/golden/<name>.json. */
export function golden<T>(name: string): Golden<T> {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'))
}

/** Whether PyTorch gave gradients and every input that takes part is float64, as finite differences need. */
export function isDifferentiable(test: Case, answer: Answer): boolean {
  return answer.gradients !== undefined && test.inputs.every(input => !input.grad || input.dtype === 'float64')
}

/** The element as a number; integers beyond 2^53 are rounded. */
export function toNumber(element: Element): number {
  return Number(element)
}

/**
 * Throws unless x has the stored dtype, shape and elements; the message names the first elements that differ.
 * Floats may be off by what rounding explains, unless the answer is one that is compared to the last bit.
 */
export function expectTensor(what: string, x: Tensor, want: Stored): void {
  if (x.dtype !== want.dtype) throw new Error(`${what}: dtype ${x.dtype}, PyTorch has ${want.dtype}`)
  if (x.shape.join() !== want.shape.join()) {
    throw new Error(`${what}: shape [${x.shape.join(', ')}], PyTorch has [${want.shape.join(', ')}]`)
  }
  const halves = x.dtype === 'float16' || x.dtype === 'bfloat16' // float32 holds them exactly
  expectElements(what, (halves ? x.to('float32') : x).toTypedArray(), want.data, within(want))
}

/** What each element of an answer may be off by. */
export function within({ dtype, terms, sizes, through }: Stored): Tolerance | Allowed {
  if (terms === undefined || sizes === undefined) return exact
  const roundings = through === undefined ? [dtype] : [dtype, through]
  return (want, i) =>
    roundings.reduce((sum, rounding) => sum + roundingBound(rounding, want, { terms, size: sizes[i]! }), 0)
}

/** The allowed |got - want| for element i. */
export type Allowed = (want: number, i: number) => number

/**
 * The comparison of `expectTensor` for the elements alone.
 * NaN equals NaN, and -0 equals 0 unless the comparison is exact.
 */
export function expectElements(
  what: string,
  got: ArrayLike<number | bigint>,
  want: ArrayLike<Element>,
  tolerance: Tolerance | Allowed,
): void {
  if (got.length !== want.length) throw new Error(`${what}: ${got.length} elements, PyTorch has ${want.length}`)
  const single = got instanceof Float32Array && tolerance === exact ? Math.fround : (x: number) => x
  const bad: string[] = []
  for (let i = 0; i < want.length; i++) {
    if (!close(got[i]!, want[i]!, i, tolerance, single)) bad.push(`[${i}] ${got[i]} instead of ${want[i]}`)
  }
  if (bad.length > 0) {
    const more = bad.length > 5 ? `, … (${bad.length} of ${want.length} differ)` : ''
    throw new Error(`${what}: ${bad.slice(0, 5).join(', ')}${more}`)
  }
}

function close(
  got: number | bigint,
  want: Element,
  i: number,
  tolerance: Tolerance | Allowed,
  single: (x: number) => number,
): boolean {
  if (typeof got === 'bigint') return got === BigInt(want)
  const wanted = single(Number(want))
  if (got === wanted) return tolerance !== exact || Object.is(got, wanted)
  if (Number.isNaN(got) && Number.isNaN(wanted)) return true
  if (tolerance === exact || !Number.isFinite(wanted)) return false
  const { rtol, atol } = typeof tolerance === 'function' ? { rtol: 0, atol: tolerance(wanted, i) } : tolerance
  return Math.abs(got - wanted) <= atol + rtol * Math.abs(wanted)
}
