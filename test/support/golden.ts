// Reads golden files and compares tensors with them. JSON holds no NaN, infinities, -0 or integers beyond 2^53: these are
// strings in the file.

import { readFileSync } from 'node:fs'
import type { DType, Tensor, Tolerance } from './case.ts'
import { tolerances } from './tolerance.ts'

export type Element = number | string

/** A tensor as golden files hold it, elements in row-major order. */
export interface Stored {
  dtype: DType
  shape: number[]
  data: Element[]
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

/** Reads test/golden/<name>.json. */
export function golden<T>(name: string): { torch: string; entries: Record<string, T> } {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'))
}

/** The element as a number; integers beyond 2^53 are rounded. */
export function toNumber(element: Element): number {
  return Number(element)
}

/**
 * Throws unless x has the stored dtype, shape and elements; the message names the first elements that differ.
 * NaN equals NaN, and -0 equals 0 unless the comparison is exact.
 */
export function expectTensor(
  what: string,
  x: Tensor,
  want: Stored,
  tolerance: Tolerance = tolerances[want.dtype],
): void {
  if (x.dtype !== want.dtype) throw new Error(`${what}: dtype ${x.dtype}, PyTorch has ${want.dtype}`)
  if (x.shape.join() !== want.shape.join()) {
    throw new Error(`${what}: shape [${x.shape.join(', ')}], PyTorch has [${want.shape.join(', ')}]`)
  }
  expectElements(what, x.toTypedArray(), want.data, tolerance)
}

/** The comparison of `expectTensor` for the elements alone. */
export function expectElements(
  what: string,
  got: ArrayLike<number | bigint>,
  want: ArrayLike<Element>,
  tolerance: Tolerance,
): void {
  if (got.length !== want.length) throw new Error(`${what}: ${got.length} elements, PyTorch has ${want.length}`)
  const single = got instanceof Float32Array ? Math.fround : (x: number) => x
  const bad: string[] = []
  for (let i = 0; i < want.length; i++) {
    if (!close(got[i]!, want[i]!, tolerance, single)) bad.push(`[${i}] ${got[i]} instead of ${want[i]}`)
  }
  if (bad.length > 0) {
    const more = bad.length > 5 ? `, … (${bad.length} of ${want.length} differ)` : ''
    throw new Error(`${what}: ${bad.slice(0, 5).join(', ')}${more}`)
  }
}

function close(got: number | bigint, want: Element, tolerance: Tolerance, single: (x: number) => number): boolean {
  if (typeof got === 'bigint') return got === BigInt(want)
  const wanted = single(Number(want))
  if (got === wanted) return tolerance.atol > 0 || Object.is(got, wanted)
  if (Number.isNaN(got) && Number.isNaN(wanted)) return true
  return Math.abs(got - wanted) <= tolerance.atol + tolerance.rtol * Math.abs(wanted) && Number.isFinite(wanted)
}
