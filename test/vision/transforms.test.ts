// Every transform against torchvision and Pillow (test/golden/vision.json): images to the last bit, tensors up to
// rounding, the numbers that are drawn, and the printed form.
import { describe, expect, test } from 'vitest'
import { type DType, manualSeed, rand, type Tensor } from '../../src/index.ts'
import { Image } from '../../src/vision/index.ts'
import { golden } from '../support/golden.ts'
import { build, type Spec } from './build.ts'
import { load, type StoredImage, type StoredTensor } from './stored.ts'

type Stored = StoredImage | StoredTensor

interface Entry {
  seed?: number
  transform: Spec
  input: string
  output: Stored
  /** What `rand(1)` draws afterwards. */
  next?: number
}

const file = golden<Entry>('vision') as ReturnType<typeof golden<Entry>> & {
  inputs: Record<string, Stored>
  printed: [Spec, string][]
}

/** How far elements may be off where torchvision adds up in another order; `most` is the largest of them. */
function tolerance(name: string, dtype: DType, most: number): number {
  if (name === 'Normalize' || name === 'ToTensor') return 0
  if (dtype === 'float64') return 1e-13 * most
  if (dtype === 'float32') return 2e-6 * most
  return name === 'Resize' ? 1 : 0 // at halves the last bit decides what an integer becomes
}

function compare(name: string, got: Image | Tensor, want: Image | Tensor): void {
  if (want instanceof Image) {
    expect(String(got)).toBe(String(want))
    expect(Buffer.compare((got as Image).data, want.data), firstDifference((got as Image).data, want.data)).toBe(0)
    return
  }
  expect([(got as Tensor).dtype, (got as Tensor).shape]).toEqual([want.dtype, want.shape])
  const [a, b] = [(got as Tensor).toTypedArray() as Float32Array, want.toTypedArray() as Float32Array]
  const allowed = tolerance(name, want.dtype, Math.max(1, ...b))
  const off = a.findIndex((value, i) => !(Math.abs(value - b[i]!) <= allowed))
  if (off >= 0) expect.fail(`element ${off} is ${a[off]}, torchvision has ${b[off]}; ${firstDifference(a, b)}`)
}

function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): string {
  const off = Array.from(b, (_, i) => i).filter(i => a[i] !== b[i])
  return `${off.length} of ${b.length} differ: ${off
    .slice(0, 5)
    .map(i => `[${i}] ${a[i]} instead of ${b[i]}`)
    .join(', ')}`
}

const all = Object.entries(file.entries)
for (const name of new Set(all.map(([, { transform }]) => transform[0]))) {
  describe(name, () => {
    const entries = all.filter(([, { transform }]) => transform[0] === name)
    test.each(entries)('%s', (_, { transform, input, output, seed, next }) => {
      if (seed !== undefined) manualSeed(seed)
      const given = load(file.inputs[input]!)
      compare(name, (build(transform) as (x: unknown) => Image | Tensor)(given), load(output))
      if (next !== undefined) expect(rand(1).item()).toBe(next)
      compare('', given, load(file.inputs[input]!)) // the input is as it was
    })
  })
}

test.each(file.printed)('%s prints as in torchvision', (spec, text) => {
  expect(String(build(spec))).toBe(text)
})
