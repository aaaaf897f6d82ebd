// MNIST and the datasets that come in its format: 60,000 images of 28 x 28 grey pixels to train with and 10,000 to test
// with, in ten classes. The files lie where torchvision puts them, packed or not.
import { ArgumentError } from '../../errors.ts'
import { atMost, flag, keep, Options, type Tensor, tensor } from '../../tensor/index.ts'
import { Image } from '../image/image.ts'
import { download, type Resource } from './download.ts'
import { findIdx, type Idx, readIdx } from './idx.ts'
import { type TransformOptions, VisionDataset } from './vision-dataset.ts'

/** Options of `MNIST`, `FashionMNIST` and `KMNIST`. */
export interface MNISTOptions<X, Y> extends TransformOptions<X, Y> {
  /** The 60,000 images to train with, default true; false: the 10,000 to test with. */
  train?: boolean
  /** Fetch the files that are missing, default false. */
  download?: boolean
}

const mnistOptions = new Options<MNISTOptions<never, never>>({
  train: true,
  transform: true,
  targetTransform: true,
  download: true,
})

/** Where the files of a dataset are from. */
interface Source {
  mirrors: readonly string[]
  resources: readonly Resource[]
  classes: readonly string[]
  /** Where a package of the system has the same files. */
  system?: string
}

const files = (train: string, trainLabels: string, test: string, testLabels: string): Resource[] => [
  { file: 'train-images-idx3-ubyte.gz', md5: train },
  { file: 'train-labels-idx1-ubyte.gz', md5: trainLabels },
  { file: 't10k-images-idx3-ubyte.gz', md5: test },
  { file: 't10k-labels-idx1-ubyte.gz', md5: testLabels },
]

/** A dataset of MNIST's format. @internal */
export abstract class IdxDataset<X, Y> extends VisionDataset<X, Y> {
  readonly train: boolean
  readonly classes: readonly string[]
  /** The files that were read. */
  readonly files: readonly string[]
  /** @internal */
  readonly images: Idx
  /** @internal */
  readonly labels: Uint8Array
  /** @internal */
  pixels: Tensor | undefined

  /** @internal */
  constructor(
    op: string,
    source: Source,
    root: string,
    train?: boolean | MNISTOptions<X, Y>,
    options?: MNISTOptions<X, Y>,
  ) {
    const given = mnistOptions.readFirst(op, train, options as never) as MNISTOptions<X, Y>
    super(root, given)
    this.train = flag(`${op}: train`, given.train ?? true)
    this.classes = source.classes
    const folder = `${this.root}/${op}/raw`
    const folders = source.system === undefined ? [folder] : [folder, source.system]
    if (flag(`${op}: download`, given.download ?? false)) {
      const missing = source.resources.filter(({ file }) => findIdx(folders, file) === undefined)
      download(op, source.mirrors, folder, missing)
    }
    const wanted = source.resources.slice(...(this.train ? [0, 2] : [2])).map(({ file }) => file)
    this.files = wanted.map(file => {
      const found = findIdx(folders, file)
      if (found !== undefined) return found
      throw new ArgumentError(
        `${op}: ${folders.map(name => `'${name}'`).join(' and ')} ${folders.length > 1 ? 'have' : 'has'} no ${file}: ` +
          `put ${wanted.join(' and ')} there, or ask for { download: true }`,
      )
    })
    const images = readIdx(op, this.files[0]!, 3)
    const labels = readIdx(op, this.files[1]!, 1)
    if (images.sizes[0] !== labels.sizes[0]) {
      throw new ArgumentError(
        `${op}: there are ${images.sizes[0]} images in '${this.files[0]}' and ${labels.sizes[0]} labels in '${this.files[1]}'`,
      )
    }
    const strange = labels.data.find(label => label >= source.classes.length)
    if (strange !== undefined)
      throw new ArgumentError(`${op}: '${this.files[1]}' is damaged: it has a label ${strange}`)
    this.images = images
    this.labels = labels.data
  }

  get length(): number {
    return this.labels.length
  }

  /** All pixels, copied when first asked for: uint8, (N, height, width). */
  get data(): Tensor {
    this.pixels ??= keep(tensor(this.images.data).view(this.images.sizes))
    return this.pixels
  }

  /** The class of each image: int64, (N). */
  get targets(): Tensor {
    return tensor(this.labels, { dtype: 'int64' })
  }

  /** @internal */
  sample(index: number): [Image, number] {
    const [, height, width] = this.images.sizes as [number, number, number]
    const size = height * width
    // A copy, so that nobody changes the dataset, and in memory that is not shared.
    const pixels = Uint8Array.from(this.images.data.subarray(index * size, (index + 1) * size))
    return [new Image('L', width, height, pixels), this.labels[index]!]
  }

  override about(): string[] {
    return [`Split: ${this.train ? 'Train' : 'Test'}`]
  }
}

const mnist: Source = {
  mirrors: ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'http://yann.lecun.com/exdb/mnist/'],
  resources: files(
    'f68b3c2dcbeaaa9fbdd348bbdeb94873',
    'd53e105ee54ea40749a09fcbcd1e9432',
    '9fb629c4189551a2d022fa330f9573f3',
    'ec29112dd5afa0611ce80d1b7f02629c',
  ),
  classes: [
    ...['0 - zero', '1 - one', '2 - two', '3 - three', '4 - four'],
    ...['5 - five', '6 - six', '7 - seven', '8 - eight', '9 - nine'],
  ],
}

// not run: it downloads
/**
 * Handwritten digits, in `root/MNIST/raw`. PyTorch: torchvision.datasets.MNIST. Where there is no network,
 * `MNISTSubset` has 10,000 of them.
 * @throws ArgumentError when files are missing or damaged, or cannot be downloaded
 * @example
 * const train = new MNIST('data', { download: true, transform: new ToTensor() })
 * const [image, digit] = train.get(0) // (1, 28, 28), 5
 */
export class MNIST<X = Image, Y = number> extends IdxDataset<X, Y> {
  constructor(root: string, train?: boolean | MNISTOptions<X, Y>, options?: MNISTOptions<X, Y>) {
    atMost('MNIST', 3, arguments.length)
    super('MNIST', mnist, root, train, options)
  }
}

const fashionMNIST: Source = {
  mirrors: ['http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'],
  resources: files(
    '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
    '25c81989df183df01b3e8a0aad5dffbe',
    'bef4ecab320f06d8554ea6380940ec79',
    'bb300cfdad3c16e7a12a480ee83cd310',
  ),
  classes: [
    ...['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat'],
    ...['Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  ],
  system: '/usr/share/datasets/fashion-mnist',
}

/**
 * Pictures of clothes, in `root/FashionMNIST/raw` or where the package dataset-fashion-mnist of Debian and Ubuntu has
 * put them. PyTorch: torchvision.datasets.FashionMNIST.
 * @throws ArgumentError when files are missing or damaged, or cannot be downloaded
 */
export class FashionMNIST<X = Image, Y = number> extends IdxDataset<X, Y> {
  constructor(root: string, train?: boolean | MNISTOptions<X, Y>, options?: MNISTOptions<X, Y>) {
    atMost('FashionMNIST', 3, arguments.length)
    super('FashionMNIST', fashionMNIST, root, train, options)
  }
}

const kmnist: Source = {
  mirrors: ['http://codh.rois.ac.jp/kmnist/dataset/kmnist/'],
  resources: files(
    'bdb82020997e1d708af4cf47b453dcf7',
    'e144d726b3acfaa3e44228e80efcd344',
    '5c965bf0a639b31b8f53240b1b52f4d7',
    '7320c461ea6c1c855c0b718fb2a4b134',
  ),
  classes: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
}

/**
 * Old Japanese characters, in `root/KMNIST/raw`. PyTorch: torchvision.datasets.KMNIST.
 * @throws ArgumentError when files are missing or damaged, or cannot be downloaded
 */
export class KMNIST<X = Image, Y = number> extends IdxDataset<X, Y> {
  constructor(root: string, train?: boolean | MNISTOptions<X, Y>, options?: MNISTOptions<X, Y>) {
    atMost('KMNIST', 3, arguments.length)
    super('KMNIST', kmnist, root, train, options)
  }
}
