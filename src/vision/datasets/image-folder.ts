// Pictures in folders that are named after their classes: root/dog/1.png, root/dog/more/2.jpg, root/cat/3.jpeg.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ArgumentError } from '../../errors.ts'
import { atMost, flag, Options } from '../../tensor/index.ts'
import { Image } from '../image/image.ts'
import { type TransformOptions, VisionDataset } from './vision-dataset.ts'

/** Options of `ImageFolder`. */
export interface ImageFolderOptions<X, Y> extends TransformOptions<X, Y> {
  /** Reads a file, default `Image.open(path).convert('RGB')`. */
  loader?: (path: string) => Image
  /** Whether a file belongs to the dataset; default: those whose names end in .jpg, .jpeg or .png. */
  isValidFile?: (path: string) => boolean
  /** Whether classes may be without files, default false. */
  allowEmpty?: boolean
}

const folderOptions = new Options<ImageFolderOptions<never, never>>({
  transform: true,
  targetTransform: true,
  loader: true,
  isValidFile: true,
  allowEmpty: true,
})

const extensions = ['.jpg', '.jpeg', '.png']

export function isImageFile(path: string): boolean {
  return extensions.some(extension => path.toLowerCase().endsWith(extension))
}

export function loadRGB(path: string): Image {
  return Image.open(path).convert('RGB')
}

/**
 * Pictures in a folder for each class; files are read when they are asked for. PyTorch:
 * torchvision.datasets.ImageFolder.
 * @throws ArgumentError when there are no classes, or classes without files
 * @example new ImageFolder('pets', { transform: new Compose([new Resize([64, 64]), new ToTensor()]) })
 */
export class ImageFolder<X = Image, Y = number> extends VisionDataset<X, Y> {
  readonly classes: readonly string[]
  /** The files, and the class of each. */
  readonly samples: readonly (readonly [path: string, target: number])[]
  readonly loader: (path: string) => Image

  constructor(
    root: string,
    transform?: ((image: Image) => X) | ImageFolderOptions<X, Y>,
    options?: ImageFolderOptions<X, Y>,
  ) {
    atMost('ImageFolder', 3, arguments.length)
    const given = folderOptions.readFirst('ImageFolder', transform, options as never) as ImageFolderOptions<X, Y>
    super(root, given)
    const isFolder = existsSync(this.root) && statSync(this.root).isDirectory()
    this.classes = isFolder ? children(this.root).filter(name => statSync(join(this.root, name)).isDirectory()) : []
    if (this.classes.length === 0) {
      throw new ArgumentError(`ImageFolder: '${this.root}' has no folders; each class is a folder of pictures in it`)
    }
    this.loader = given.loader ?? loadRGB
    const valid = given.isValidFile ?? isImageFile
    const files = this.classes.map(name => filesIn(join(this.root, name)).filter(valid))
    const empty = this.classes.filter((_, i) => files[i]!.length === 0)
    if (empty.length > 0 && !flag('ImageFolder: allowEmpty', given.allowEmpty ?? false)) {
      const known = given.isValidFile === undefined ? ` Supported extensions are: ${extensions.join(', ')}` : ''
      throw new ArgumentError(`ImageFolder: Found no valid file for the classes ${empty.join(', ')}.${known}`)
    }
    this.samples = files.flatMap((paths, target) => paths.map(path => [path, target] as const))
  }

  /** The class of each sample. */
  get targets(): number[] {
    return this.samples.map(([, target]) => target)
  }

  /** The same as `samples`. */
  get imgs(): readonly (readonly [path: string, target: number])[] {
    return this.samples
  }

  get length(): number {
    return this.samples.length
  }

  /** @internal */
  sample(index: number): [Image, number] {
    const [path, target] = this.samples[index]!
    return [this.loader(path), target]
  }
}

/** What is in a folder, by name as Python sorts. */
function children(folder: string): string[] {
  return readdirSync(folder).sort()
}

/** All files in a folder and in those below it: folder by folder, sorted by their paths. */
function filesIn(root: string): string[] {
  const folders = [root]
  for (const folder of folders) {
    for (const path of children(folder).map(name => join(folder, name)))
      if (statSync(path).isDirectory()) folders.push(path)
  }
  return folders.sort().flatMap(folder =>
    children(folder)
      .map(name => join(folder, name))
      .filter(path => statSync(path).isFile()),
  )
}
