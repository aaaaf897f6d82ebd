// What the datasets of images have in common: a pair of image and class for each number, both passed through
// transforms, and batches whose classes are int64, as PyTorch's loader makes them of Python's integers. All fields are
// public, which is how a dataset goes to the worker threads of a loader; pixels are in memory that threads share.
import { homedir } from 'node:os'
import { inspect } from 'node:util'
import { type Collated, type Dataset, defaultCollate } from '../../data/index.ts'
import { IndexError } from '../../errors.ts'
import { refuse, tensor } from '../../tensor/index.ts'
import type { Image } from '../image/image.ts'

/** What datasets of images do with a sample. */
export interface TransformOptions<X, Y> {
  /** What becomes of an image; default: it stays one. */
  transform?: ((image: Image) => X) | undefined
  /** What becomes of a class; default: it stays a number. */
  targetTransform?: ((target: number) => Y) | undefined
}

/** Images and their classes. PyTorch: torchvision.datasets.VisionDataset. */
export abstract class VisionDataset<X = Image, Y = number> implements Dataset<[X, Y]> {
  /** The folder that was given, or where the samples are from. */
  readonly root: string
  readonly transform: ((image: Image) => X) | undefined
  readonly targetTransform: ((target: number) => Y) | undefined

  /** @internal */
  constructor(root: string, { transform, targetTransform }: TransformOptions<X, Y>) {
    const op = new.target.name
    if (typeof root !== 'string') refuse(op, 'a folder', root)
    if (transform != null && typeof transform !== 'function') refuse(op, 'a transform', transform)
    if (targetTransform != null && typeof targetTransform !== 'function')
      refuse(op, 'a targetTransform', targetTransform)
    this.root = root.replace(/^~(?=$|\/)/, homedir())
    this.transform = transform ?? undefined
    this.targetTransform = targetTransform ?? undefined
  }

  /** Names of the classes. */
  abstract readonly classes: readonly string[]

  abstract get length(): number

  /** An image and its class, before transforms. @internal */
  abstract sample(index: number): [image: Image, target: number]

  /** The number of each class by its name. */
  get classToIdx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, i) => [name, i]))
  }

  /** @throws IndexError out of range; negative numbers count from the end */
  get(index: number): [X, Y] {
    const [image, target] = this.sample(this.at(index))
    return [
      this.transform === undefined ? (image as X) : this.transform(image),
      this.targetTransform === undefined ? (target as Y) : this.targetTransform(target),
    ]
  }

  /** Classes are int64; what `targetTransform` returns becomes a batch as everywhere. */
  getBatch(indices: readonly number[]): Collated<[X, Y]> {
    const samples = indices.map(index => this.get(index))
    if (this.targetTransform !== undefined) return defaultCollate(samples) as Collated<[X, Y]>
    const targets = tensor(BigInt64Array.from(samples, ([, target]) => BigInt(target as number)))
    return [defaultCollate(samples.map(([image]) => image)), targets] as Collated<[X, Y]>
  }

  /** An index counted from the start. @internal */
  at(index: number): number {
    const at = index < 0 ? index + this.length : index
    if (Number.isInteger(at) && at >= 0 && at < this.length) return at
    throw new IndexError(`${this.constructor.name}: there is no sample ${index} among ${this.length}`)
  }

  /** Lines about the dataset in print. @internal */
  about(): string[] {
    return []
  }

  toString(): string {
    const lines = [`Number of datapoints: ${this.length}`, `Root location: ${this.root}`, ...this.about()]
    if (this.transform !== undefined || this.targetTransform !== undefined) lines.push('StandardTransform')
    const body = lines.map(line => `    ${line}`)
    // Python indents the first line of a transform alone.
    if (this.transform !== undefined) body.push(behind('Transform: ', this.transform))
    if (this.targetTransform !== undefined) body.push(behind('Target transform: ', this.targetTransform))
    return [`Dataset ${this.constructor.name}`, ...body].join('\n')
  }

  [inspect.custom](): string {
    return this.toString()
  }
}

/** The text of a transform behind a word, its further lines below its first. */
function behind(head: string, transform: object): string {
  return head + inspect(transform).replaceAll('\n', `\n${' '.repeat(head.length)}`)
}

/** The bytes in memory that threads share. @internal */
export function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}
