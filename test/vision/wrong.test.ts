// What transforms say to arguments and pictures that they cannot take.
import { expect, test } from 'vitest'
import { ones, type Tensor } from '../../src/index.ts'
import { Image, transforms as T } from '../../src/vision/index.ts'

const image = new Image('RGB', 4, 3, new Uint8Array(36))
const x = ones(3, 3, 4)
const bytes = ones(3, 3, 4, { dtype: 'uint8' })
type Call = (...args: unknown[]) => unknown
const on = (transform: unknown, picture: unknown) => () => (transform as Call)(picture)

const cases: [call: () => unknown, text: string][] = [
  [() => new T.Compose(new T.ToTensor() as never), 'Compose: expected an array of transforms, got a ToTensor'],
  [() => new T.Compose([1 as never]), 'Compose: expected transforms, got a number'],
  [() => new T.Lambda(3 as never), 'Lambda: expected a function, got a number'],
  [() => new T.RandomApply([], 2), 'RandomApply: p must be a number from 0 to 1, got 2'],
  [on(new T.ToTensor(), x), 'ToTensor: expected an image, got a Tensor'],
  [on(new T.PILToTensor(), x), 'PILToTensor: expected an image, got a Tensor'],
  [() => new T.Normalize([0.5], [0]), 'Normalize: std must not be 0, got (0,)'],
  [() => new T.Normalize(0.5 as never, [1]), 'Normalize: expected mean as an array, got a number'],
  [on(new T.Normalize([0.5], [1]), image), 'Normalize: expected a tensor, got an Image'],
  [on(new T.Normalize([0.5], [1]), bytes), 'Normalize: expected a tensor of floats, got uint8; ToTensor makes one'],
  [on(new T.Normalize([0.5], [1]), ones(2, 2)), 'Normalize: expected a tensor of (…, C, H, W), got [2, 2]'],
  [() => new T.Resize([1, 2, 3]), 'Resize: size: expected a number or a pair of numbers, got an array'],
  [() => new T.Resize(0), 'Resize: size must be positive integers, got 0, 0'],
  [() => new T.Resize(2.5), 'Resize: size must be positive integers, got 2.5, 2.5'],
  [
    () => new T.Resize(2, 'linear' as never),
    "Resize: interpolation must be one of nearest, nearest-exact, bilinear, bicubic, box, hamming, lanczos, got 'linear'",
  ],
  [
    () => new T.Resize([2, 3], { maxSize: 9 }),
    'Resize: maxSize needs a size that is one number, the length of the shorter edge',
  ],
  [() => new T.Resize(5, { maxSize: 5 }), 'Resize: maxSize must be greater than the size of the shorter edge: 5 <= 5'],
  [
    on(new T.Resize(2, 'lanczos'), x),
    "Resize: of a tensor: interpolation must be one of nearest, nearest-exact, bilinear, bicubic, got 'lanczos'",
  ],
  [on(new T.Resize(2), ones(3)), 'Resize: expected a tensor of (…, H, W), got [3]'],
  [on(new T.Resize(2), ones(3, 3, { dtype: 'bool' })), 'Resize: expected a tensor of numbers, got bool'],
  [on(new T.CenterCrop(2), 'cat.png'), 'CenterCrop: expected an image or a tensor, got a string'],
  [() => new T.Pad([1, 2, 3] as never), 'Pad: expected padding as 1, 2 or 4 numbers, got an array'],
  [() => new T.Pad(1.5), 'Pad: padding must be integers, got 1.5'],
  [
    () => new T.Pad(1, { paddingMode: 'zeros' as never }),
    "Pad: paddingMode must be one of constant, edge, reflect, symmetric, got 'zeros'",
  ],
  [
    on(new T.Pad(3, { paddingMode: 'reflect' }), x),
    "Pad: padding of 3 by 'reflect' needs more than 3 pixels; the most is 2",
  ],
  [on(new T.Pad(-2), x), 'Pad: padding of -2 and -2 leaves nothing of 3 pixels'],
  [
    on(new T.Pad(1, [1, 2]), image),
    "Pad: the number of elements in 'fill' does not match the number of channels of the image (2 != 3)",
  ],
  [on(new T.Pad(1, [1, 2, 3]), x), 'Pad: expected a number to fill tensors with, got an array'],
  [on(new T.RandomCrop([5, 2]), image), 'RandomCrop: Required crop size (5, 2) is larger than input image size (3, 4)'],
  [
    () => new T.RandomResizedCrop(2, [1, 0.5]),
    'RandomResizedCrop: scale: expected the smaller number first, got 1, 0.5',
  ],
  [() => new T.RandomHorizontalFlip(-1), 'RandomHorizontalFlip: p must be a number from 0 to 1, got -1'],
  [() => new T.RandomRotation(-5), 'RandomRotation: degrees must be positive where it is one number, got -5'],
  [
    on(new T.RandomRotation(5, 'bicubic'), x),
    "RandomRotation: of a tensor: interpolation must be one of nearest, bilinear, got 'bicubic'",
  ],
  [() => new T.ColorJitter(-1), 'ColorJitter: brightness must not be negative where it is one number, got -1'],
  [() => new T.ColorJitter({ hue: 0.6 }), 'ColorJitter: hue must be from -0.5 to 0.5, got -0.6 to 0.6'],
  [() => new T.ColorJitter([1, 2, 3] as never), 'ColorJitter: expected brightness as one number or two, got an array'],
  [
    on(new T.ColorJitter(0.5), ones(2, 3, 3)),
    'ColorJitter: expected a tensor of (…, 1 or 3 channels, H, W), got [2, 3, 3]',
  ],
  [
    on(new T.Grayscale(), ones(3, 2, 2, { dtype: 'float16' })),
    'Grayscale: expected a tensor of uint8, float32 or float64, got float16',
  ],
  [() => new T.Grayscale(2 as never), 'Grayscale: numOutputChannels must be 1 or 3, got 2'],
  [() => new T.ConvertImageDtype('bool'), 'ConvertImageDtype: expected a dtype of numbers, got bool'],
  [
    on(new T.ConvertImageDtype('int64'), x),
    'ConvertImageDtype: the cast from float32 to int64 cannot be performed safely',
  ],
  [on(new T.ToPILImage(), ones(2, 3, 3)), 'ToPILImage: expected a tensor of (1, 3 or 4 channels, H, W), got [2, 3, 3]'],
  [on(new T.ToPILImage('L'), x), "ToPILImage: a tensor of 3 channels makes an image of mode 'RGB', not 'L'"],
  [on(new T.ToPILImage(), x.to('int64')), 'ToPILImage: expected uint8 or floats, got int64'],
]

test.each(cases.map(([call, text]) => [text, call] as const))('%s', (text, call) => {
  let said: unknown
  try {
    call()
  } catch (error) {
    said = (error as Error).message
  }
  expect(said).toBe(text)
})

test('the compiler knows what transforms return', () => {
  const both = new T.Compose([new T.Resize(2), new T.ToTensor(), new T.RandomVerticalFlip(), new T.Lambda(sum)])
  const total: number = both(image)
  const small: Image = new T.Compose([new T.CenterCrop(2), new T.RandomApply([new T.Pad(1)])])(image)
  const floats: Tensor = new T.Compose([new T.Pad(1), new T.Normalize([0.5], [0.5])])(x)
  expect([total, small.mode, floats.ndim]).toEqual([0, 'RGB', 3])
})

function sum(tensor: Tensor): number {
  return tensor.sum().item()
}
