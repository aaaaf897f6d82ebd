// CIFAR-10 and CIFAR-100: 60,000 pictures of 32 x 32 pixels. Their files are pickles that Python 2 wrote, of
// dictionaries with a NumPy array, and may name no more than such an array needs.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ArgumentError } from '../../errors.ts'
import { type Allowed, Unpickler } from '../../io/unpickle.ts'
import { atMost, flag, keep, Options, type Tensor, tensor } from '../../tensor/index.ts'
import { Image } from '../image/image.ts'
import { download, unpack } from './download.ts'
import { shared, type TransformOptions, VisionDataset } from './vision-dataset.ts'

/** Options of `CIFAR10` and `CIFAR100`. */
export interface CIFAROptions<X, Y> extends TransformOptions<X, Y> {
  /** The 50,000 pictures to train with, default true; false: the 10,000 to test with. */
  train?: boolean
  /** Fetch the files if they are missing, default false. */
  download?: boolean
}

const cifarOptions = new Options<CIFAROptions<never, never>>({
  train: true,
  transform: true,
  targetTransform: true,
  download: true,
})

const url = 'https://www.cs.toronto.edu/~kriz/'
const side = 32
const plane = side * side

interface Source {
  folder: string
  archive: { file: string; md5: string }
  train: readonly string[]
  test: string
  meta: string
  /** What the dictionaries call the class of each picture, and the names of the classes. */
  labels: string
  names: string
}

/** @internal */
export abstract class PickledDataset<X, Y> extends VisionDataset<X, Y> {
  readonly train: boolean
  readonly classes: readonly string[]
  /** The class of each picture. */
  readonly targets: readonly number[]
  /** All pixels, height and width before channels. @internal */
  readonly bytes: Uint8Array
  /** @internal */
  pixels: Tensor | undefined

  /** @internal */
  constructor(
    op: string,
    source: Source,
    root: string,
    train?: boolean | CIFAROptions<X, Y>,
    options?: CIFAROptions<X, Y>,
  ) {
    const given = cifarOptions.readFirst(op, train, options as never) as CIFAROptions<X, Y>
    super(root, given)
    this.train = flag(`${op}: train`, given.train ?? true)
    const folder = join(this.root, source.folder)
    const missing = () => [...source.train, source.test, source.meta].find(file => !existsSync(join(folder, file)))
    if (flag(`${op}: download`, given.download ?? false) && missing() !== undefined) {
      download(op, [url], this.root, [source.archive])
      unpack(op, this.root, source.archive.file, source.folder)
    }
    const lacking = missing()
    if (lacking !== undefined) {
      throw new ArgumentError(
        `${op}: '${folder}' has no ${lacking}: unpack ${source.archive.file} in '${this.root}', or ask for { download: true }`,
      )
    }
    const wanted = this.train ? source.train : [source.test]
    const batches = wanted.map(file => readBatch(op, join(folder, file), source.labels))
    this.targets = batches.flatMap(({ labels }) => labels)
    this.bytes = shared(Buffer.concat(batches.map(({ data }) => data)))
    const meta = unpickle(op, join(folder, source.meta))
    this.classes = asStrings(op, join(folder, source.meta), source.names, meta.get(source.names))
  }

  get length(): number {
    return this.targets.length
  }

  /** All pixels, copied when first asked for: uint8, (N, 32, 32, 3). */
  get data(): Tensor {
    this.pixels ??= keep(tensor(this.bytes).view(-1, side, side, 3))
    return this.pixels
  }

  /** @internal */
  sample(index: number): [Image, number] {
    const pixels = Uint8Array.from(this.bytes.subarray(index * plane * 3, (index + 1) * plane * 3))
    return [new Image('RGB', side, side, pixels), this.targets[index]!]
  }

  override about(): string[] {
    return [`Split: ${this.train ? 'Train' : 'Test'}`]
  }
}

/** The pictures of a file, pixel by pixel, and their classes. */
function readBatch(op: string, file: string, labelsName: string): { data: Uint8Array; labels: number[] } {
  const entry = unpickle(op, file)
  const data = entry.get('data')
  const planes = data instanceof PickledArray ? data.bytes : undefined
  const labels = entry.get(labelsName)
  if (planes === undefined || !Array.isArray(labels) || planes.length !== labels.length * plane * 3) {
    throw new ArgumentError(
      `${op}: '${file}' is damaged: expected 'data' with ${plane * 3} bytes for each of its '${labelsName}', ` +
        `got ${planes?.length ?? 'no'} bytes for ${Array.isArray(labels) ? labels.length : 'no'} labels`,
    )
  }
  const pixels = new Uint8Array(planes.length)
  for (let i = 0; i < labels.length; i++) {
    for (let c = 0; c < 3; c++) {
      for (let p = 0; p < plane; p++) pixels[(i * plane + p) * 3 + c] = planes[(i * 3 + c) * plane + p]!
    }
  }
  return { data: pixels, labels }
}

function asStrings(op: string, file: string, name: string, value: unknown): string[] {
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value
  throw new ArgumentError(`${op}: '${file}' is damaged: it has no list of names '${name}'`)
}

/** A NumPy array in a pickle, of which only the bytes are of interest. */
class PickledArray {
  bytes: Uint8Array | undefined

  /** Called by the reader with version, shape, dtype, order and elements. */
  setState([, , , , elements]: [number, number[], unknown, boolean, string]): void {
    this.bytes = Buffer.from(elements, 'latin1')
  }
}

/** The dtype of an array, which is always uint8. */
class PickledDtype {
  setState(): void {}
}

/** What the names in these pickles stand for. */
const names: Allowed = new Map<string, unknown>([
  ['numpy.core.multiarray._reconstruct', () => new PickledArray()],
  ['numpy.ndarray', PickledArray],
  ['numpy.dtype', () => new PickledDtype()],
])

/** The dictionary in a file. @throws ArgumentError when it is no pickle, damaged, or has other names in it */
function unpickle(op: string, file: string): Map<unknown, unknown> {
  try {
    const value = new Unpickler(readFileSync(file), names, id => id, 0, 'latin1').read()
    if (value instanceof Map) return value
  } catch (cause) {
    throw new ArgumentError(`${op}: '${file}': ${(cause as Error).message}`, { cause })
  }
  throw new ArgumentError(`${op}: '${file}' is damaged: it has no dictionary`)
}

const cifar10: Source = {
  folder: 'cifar-10-batches-py',
  archive: { file: 'cifar-10-python.tar.gz', md5: 'c58f30108f718f92721af3b95e74349a' },
  train: ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5'],
  test: 'test_batch',
  meta: 'batches.meta',
  labels: 'labels',
  names: 'label_names',
}

// not run: it downloads
/**
 * Small pictures in ten classes, in `root/cifar-10-batches-py`. PyTorch: torchvision.datasets.CIFAR10.
 * @throws ArgumentError when files are missing or damaged, or cannot be downloaded
 * @example const train = new CIFAR10('data', { download: true, transform: new ToTensor() })
 */
export class CIFAR10<X = Image, Y = number> extends PickledDataset<X, Y> {
  constructor(root: string, train?: boolean | CIFAROptions<X, Y>, options?: CIFAROptions<X, Y>) {
    atMost('CIFAR10', 3, arguments.length)
    super('CIFAR10', cifar10, root, train, options)
  }
}

const cifar100: Source = {
  folder: 'cifar-100-python',
  archive: { file: 'cifar-100-python.tar.gz', md5: 'eb9058c3a382ffc7106e4002c42a8d85' },
  train: ['train'],
  test: 'test',
  meta: 'meta',
  labels: 'fine_labels',
  names: 'fine_label_names',
}

/**
 * Small pictures in a hundred classes, in `root/cifar-100-python`. PyTorch: torchvision.datasets.CIFAR100.
 * @throws ArgumentError when files are missing or damaged, or cannot be downloaded
 */
export class CIFAR100<X = Image, Y = number> extends PickledDataset<X, Y> {
  constructor(root: string, train?: boolean | CIFAROptions<X, Y>, options?: CIFAROptions<X, Y>) {
    atMost('CIFAR100', 3, arguments.length)
    super('CIFAR100', cifar100, root, train, options)
  }
}
