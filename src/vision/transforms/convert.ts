// Between images and tensors, and from one type of elements to another.
import { atMost, refuse, type Tensor, tensor } from '../../tensor/index.ts'
import { Image } from '../image/image.ts'
import { Conversion } from './transform.ts'

/** i / 255, rounded to float32 as PyTorch's division rounds. */
const shares = Float32Array.from({ length: 256 }, (_, i) => i / 255)

/** The channels of an image one after the other, as tensors have them, through a table where there is one. */
function planes<A extends Uint8Array | Float32Array>(image: Image, into: A, table?: Float32Array): A {
  const { data, channels } = image
  const plane = image.width * image.height
  for (let c = 0; c < channels; c++) {
    for (let i = 0, from = c, to = c * plane; i < plane; i++, from += channels, to++) {
      into[to] = table === undefined ? data[from]! : table[data[from]!]!
    }
  }
  return into
}

const shapeOf = (image: Image) => [image.channels, image.height, image.width]

/**
 * Makes a float32 tensor of shape (C, H, W) of an image; 0 … 255 becomes 0 … 1. PyTorch:
 * torchvision.transforms.ToTensor.
 * @throws ArgumentError for anything but an image
 */
export class ToTensor extends Conversion<Image, Tensor> {
  constructor() {
    atMost('ToTensor', 0, arguments.length)
    super()
  }

  /** @internal */
  invoke(image: Image): Tensor {
    if (!(image instanceof Image)) refuse('ToTensor', 'an image', image)
    return tensor(planes(image, new Float32Array(image.data.length), shares)).view(shapeOf(image))
  }
}

/**
 * Makes a uint8 tensor of shape (C, H, W) of an image. PyTorch: torchvision.transforms.PILToTensor.
 * @throws ArgumentError for anything but an image
 */
export class PILToTensor extends Conversion<Image, Tensor> {
  constructor() {
    atMost('PILToTensor', 0, arguments.length)
    super()
  }

  /** @internal */
  invoke(image: Image): Tensor {
    if (!(image instanceof Image)) refuse('PILToTensor', 'an image', image)
    return tensor(planes(image, new Uint8Array(image.data.length))).view(shapeOf(image))
  }
}
