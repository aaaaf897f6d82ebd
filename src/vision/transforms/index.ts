// Everything of torchvision.transforms that dtrain has: `import { transforms } from 'dtrain/vision'`.
export { Compose, type Composed, Lambda } from './compose.ts'
export { PILToTensor, ToTensor } from './convert.ts'
export { Normalize, type NormalizeOptions } from './normalize.ts'
export type { AnyTransform, Picture } from './transform.ts'
