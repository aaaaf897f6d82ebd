// Every transform against torchvision and Pillow (test/golden/vision.json): images to the last bit, tensors up to
// rounding and on every device, the numbers that are drawn, and the printed form.
import { describe, expect, test } from 'vitest'
import { type DType, manualSeed, rand, type Tensor, tensor } from '../../src/index.ts'
import { Image, transforms } from '../../src/vision/index.ts'
import { device } from '../support/device.ts'
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

const isTensor = (name: string) => 'shape' in file.inputs[name]!
const all = Object.entries(file.entries).filter(([, { input }]) => device === 'cpu' || isTensor(input))
for (const name of new Set(all.map(([, { transform }]) => transform[0]))) {
  describe(name, () => {
    const entries = all.filter(([, { transform }]) => transform[0] === name)
    test.each(entries)('%s', (_, { transform, input, output, seed, next }) => {
      if (seed !== undefined) manualSeed(seed)
      const loaded = load(file.inputs[input]!)
      const given = loaded instanceof Image ? loaded : loaded.to(device)
      compare(name, (build(transform) as (x: unknown) => Image | Tensor)(given), load(output))
      if (next !== undefined) expect(rand(1).item()).toBe(next)
      compare('', given, load(file.inputs[input]!)) // the input is as it was
    })
  })
}

if (device === 'cpu') {
  test.each(file.printed)('%s prints as in torchvision', (spec, text) => {
    expect(String(build(spec))).toBe(text)
  })
}

describe('gradients pass through', () => {
  const { CenterCrop, Normalize, Pad, RandomCrop, RandomHorizontalFlip, RandomRotation, Resize } = transforms
  const linear = [
    new Resize([4, 7]),
    new Resize([7, 3], 'bicubic', { antialias: false }),
    new CenterCrop([3, 8]),
    new Pad([1, 2], { paddingMode: 'reflect' }),
    new RandomCrop(3, 1),
    new RandomHorizontalFlip(1),
    new RandomRotation(80, 'bilinear', { expand: true }),
    new Normalize([0.3], [0.7]),
  ]
  // Each is linear, so the change of the sum by one element is the gradient, whatever the element is.
  test.each(linear.map(transform => [String(transform), transform] as const))('%s', (_, transform) => {
    const weighted = (x: Tensor) => {
      manualSeed(3)
      const y = (transform as (x: Tensor) => Tensor)(x)
      manualSeed(4)
      return y.mul(rand(y.shape, { dtype: 'float64' }).to(device)).sum()
    }
    const values = Float64Array.from({ length: 30 }, (_, i) => Math.sin(i))
    const x = tensor(values).view(1, 5, 6).to(device).requiresGrad_()
    const start = weighted(x)
    start.backward()
    for (const i of [0, 7, 16, 29]) {
      const moved = tensor(values.with(i, values[i]! + 1))
        .view(1, 5, 6)
        .to(device)
      expect(x.grad!.flatten().select(0, i).item()).toBeCloseTo(weighted(moved).sub(start).item(), 12)
    }
  })
})
