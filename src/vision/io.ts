// Files of images as tensors. PyTorch: torchvision.io.
import { ArgumentError } from '../errors.ts'
import { atMost, Options, refuse, type Tensor } from '../tensor/index.ts'
import { Image } from './image/image.ts'
import { PILToTensor } from './transforms/convert.ts'

/** Options of `readImage`. */
export interface ReadImageOptions {
  /** The channels of the tensor; default 'UNCHANGED', those of the file. */
  mode?: 'UNCHANGED' | 'RGB' | 'RGBA'
}

const readOptions = new Options<ReadImageOptions>({ mode: true })

/**
 * A PNG or JPEG file as a uint8 tensor (C, H, W). PyTorch: torchvision.io.read_image.
 * @throws ArgumentError for another mode, and when it is no such file, or damaged
 * @example const x = readImage('cat.jpg', 'RGB').to('float32').div(255)
 */
export function readImage(path: string, mode?: ReadImageOptions['mode'] | ReadImageOptions): Tensor {
  atMost('readImage', 2, arguments.length)
  const { mode: channels = 'UNCHANGED' } = readOptions.readFirst('readImage', mode)
  if (typeof path !== 'string') refuse('readImage', 'the path of a file', path)
  if (!['UNCHANGED', 'RGB', 'RGBA'].includes(channels)) {
    throw new ArgumentError(`readImage: mode must be 'UNCHANGED', 'RGB' or 'RGBA', got '${channels}'`)
  }
  const image = Image.open(path)
  return new PILToTensor()(channels === 'UNCHANGED' ? image : image.convert(channels))
}
