// Everything of torchvision.transforms that dtrain has: `import { transforms } from 'dtrain/vision'`.
export {
  ColorJitter,
  type ColorJitterOptions,
  Grayscale,
  type GrayscaleOptions,
  type Jitter,
  RandomGrayscale,
} from './color.ts'
export { Compose, type Composed, Lambda, RandomApply } from './compose.ts'
export { ConvertImageDtype, PILToTensor, ToPILImage, type ToPILImageOptions, ToTensor } from './convert.ts'
export {
  CenterCrop,
  Pad,
  type PadOptions,
  type Part,
  RandomCrop,
  type RandomCropOptions,
  RandomResizedCrop,
  type RandomResizedCropOptions,
  type Range,
} from './crop.ts'
export { type ChanceOptions, RandomHorizontalFlip, RandomVerticalFlip } from './flip.ts'
export { Normalize, type NormalizeOptions } from './normalize.ts'
export type { Fill, Padding } from './picture.ts'
export { Resize, type ResizeOptions } from './resize.ts'
export { RandomRotation, type RandomRotationOptions } from './rotate.ts'
export type { AnyTransform, Picture } from './transform.ts'
